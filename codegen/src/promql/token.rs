//! Words, numbers, texts and symbols of an expression, each with its place.
//!
//! Grafana puts variables into expressions, `$job` or `${job:regex}`, before Prometheus sees them.
//! A word that holds one is *templated*: nobody knows what it will be.

use std::ops::Range;

use streamhouse_metrics_spec::duration;

use super::SyntaxError;
use crate::text::quoted;

/// A piece of an expression that has no parts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    /// A word, a number or a duration with a dashboard's variable in it.
    Templated,
    Number(f64),
    /// Such as `1h30m`, in milliseconds.
    Duration(u64),
    /// Between quotes.
    Text,
    Symbol(&'static str),
    /// Behind the last one.
    End,
}

/// Where a variable's end is looked for.
const LONGEST_VARIABLE: usize = 200;

/// Longer ones before their beginnings.
const SYMBOLS: &[&str] = &[
    "</", ">/", "==", "!=", "<=", ">=", "=~", "!~", "+", "-", "*", "/", "%", "^", "<", ">", "=",
    "(", ")", "{", "}", "[", "]", ",", ":", "@",
];

/// The tokens of an expression, the last one being its end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0, brackets: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let is_end = token.kind == Kind::End;
        tokens.push(token);
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// How many brackets are open: a colon in them separates, and is no part of a name.
    brackets: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, SyntaxError> {
        self.skip_gap();
        let start = self.at;
        let kind = match self.rest().chars().next() {
            None => Kind::End,
            Some(quote @ ('"' | '\'' | '`')) => self.quoted(quote)?,
            Some(first) if first.is_ascii_digit() || self.is_fraction() => self.number()?,
            Some(first) if self.is_word(first) || self.variable().is_some() => self.word(),
            Some(_) => self.symbol()?,
        };
        Ok(Token { kind, span: start..self.at })
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_gap(&mut self) {
        while let Some(first) = self.rest().chars().next() {
            self.at += match first {
                ' ' | '\t' | '\n' | '\r' => 1,
                '#' => self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => return,
            };
        }
    }

    fn is_fraction(&self) -> bool {
        let mut rest = self.rest().bytes();
        rest.next() == Some(b'.') && rest.next().is_some_and(|next| next.is_ascii_digit())
    }

    fn symbol(&mut self) -> Result<Kind, SyntaxError> {
        let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) else {
            let character = self.rest().chars().next().unwrap_or_default();
            let span = self.at..self.at + character.len_utf8();
            return Err(SyntaxError::new(span, format!("unexpected character {character:?}")));
        };
        self.at += symbol.len();
        match *symbol {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => (),
        }
        Ok(Kind::Symbol(symbol))
    }

    /// Whether a word can begin or go on like this here.
    fn is_word(&self, character: char) -> bool {
        is_word(character) && (character != ':' || self.brackets == 0)
    }

    /// The length of the variable that begins here.
    fn variable(&self) -> Option<usize> {
        let rest = self.rest();
        let near = |inside: &str, end: &str| {
            let near = inside.as_bytes().get(..inside.len().min(LONGEST_VARIABLE))?;
            near.windows(end.len()).position(|window| window == end.as_bytes())
        };
        if let Some(inside) = rest.strip_prefix("${") {
            return Some(near(inside, "}")? + 3);
        }
        if let Some(inside) = rest.strip_prefix("[[") {
            let end = near(inside, "]]")?;
            let is_name = |character: char| is_word(character) || character == '.';
            return (end > 0 && inside[..end].chars().all(is_name)).then_some(end + 4);
        }
        let name = rest.strip_prefix('$')?;
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let length = end.unwrap_or(name.len());
        (length > 0).then_some(length + 1)
    }

    /// Goes past what belongs to a word, and says whether there is a variable in it.
    fn pass_word(&mut self) -> bool {
        let mut is_templated = false;
        loop {
            let Some(first) = self.rest().chars().next() else { return is_templated };
            if let Some(length) = self.variable() {
                is_templated = true;
                self.at += length;
            } else if self.is_word(first) {
                self.at += 1;
            } else {
                return is_templated;
            }
        }
    }

    fn word(&mut self) -> Kind {
        if self.pass_word() { Kind::Templated } else { Kind::Word }
    }

    fn number(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        let length = number_length(rest);
        self.at += length;
        let followed = self.rest().chars().next().is_some_and(|next| is_word(next) && next != ':');
        if !followed && self.variable().is_none() {
            let value = value(&self.text[start..self.at]);
            return value.map(Kind::Number).ok_or_else(|| self.bad_number(start));
        }
        // What is followed by letters is a duration, or nothing.
        if self.pass_word() {
            return Ok(Kind::Templated);
        }
        let duration = duration::parse(&self.text[start..self.at]);
        let milliseconds = duration.and_then(|duration| u64::try_from(duration.as_millis()).ok());
        milliseconds.map(Kind::Duration).ok_or_else(|| self.bad_number(start))
    }

    fn bad_number(&self, start: usize) -> SyntaxError {
        let written = &self.text[start..self.at];
        let message = format!("`{written}` is neither a number nor a duration");
        SyntaxError::new(start..self.at, message)
            .help("write a number such as `1e3`, or a duration such as `1h30m`")
    }

    fn quoted(&mut self, quote: char) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let mut is_escaped = false;
        for (at, character) in self.rest().char_indices().skip(1) {
            if character == quote && !is_escaped {
                self.at += at + 1;
                return Ok(Kind::Text);
            }
            if character == '\n' && quote != '`' {
                break;
            }
            is_escaped = character == '\\' && !is_escaped && quote != '`';
        }
        Err(SyntaxError::new(start..start + 1, "this text is never closed"))
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | ':')
}

/// How much of a text is a number.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize, is_digit: fn(u8) -> bool| {
        let digits = bytes.get(from..).unwrap_or_default();
        from + digits.iter().take_while(|byte| is_digit(**byte) || **byte == b'_').count()
    };
    if text.starts_with("0x") || text.starts_with("0X") {
        return run(2, |byte| byte.is_ascii_hexdigit());
    }
    let mut end = run(0, |byte| byte.is_ascii_digit());
    if bytes.get(end) == Some(&b'.') {
        end = run(end + 1, |byte| byte.is_ascii_digit());
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = run(end + 1 + sign, |byte| byte.is_ascii_digit());
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// What a number is worth: decimal, hexadecimal, or octal as Go's integers are.
fn value(written: &str) -> Option<f64> {
    let digits = written.replace('_', "");
    let lower = digits.to_ascii_lowercase();
    if let Some(hexadecimal) = lower.strip_prefix("0x") {
        return u64::from_str_radix(hexadecimal, 16).ok().map(|number| number as f64);
    }
    let is_octal = digits.len() > 1 && digits.starts_with('0');
    if is_octal && let Ok(number) = u64::from_str_radix(&digits, 8) {
        return Some(number as f64);
    }
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

/// What a quoted text says, by Go's rules; the mistake is where an escape is none.
pub(super) fn unquoted(written: &str, start: usize) -> Result<String, SyntaxError> {
    quoted::unquoted(written).map_err(|wrong| {
        let span = start + wrong.start..start + wrong.end;
        SyntaxError::new(span, "no escape sequence begins like this")
            .help("write `\\\\` for a backslash")
    })
}
