//! Texts, braces and what stands between them, each with its place.

use std::ops::Range;

use super::Failure;

/// A piece of a template that has no parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Outside of braces, without the white space that a neighbour has trimmed.
    Text,
    /// `{{`, or `{{- `.
    Open,
    /// `}}`, or ` -}}`.
    Close,
    /// A function or a keyword.
    Word,
    /// `$labels`
    Variable,
    /// `.topic`, with its point.
    Field,
    /// A point that no name follows.
    Dot,
    /// What looks like a number.
    Number,
    /// Between double quotes or grave accents.
    Quoted,
    /// Between single quotes.
    Character,
    /// One or two characters that mean something.
    Symbol,
    /// Behind the last one.
    End,
}

/// The tokens of a template, the last one being its end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new() };
    let mut trims = false;
    while lexer.at < text.len() {
        trims = lexer.text(trims)?;
    }
    lexer.push(Kind::End, text.len());
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
}

/// The white space that may be trimmed.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Adds what reaches from where we are to a place, and goes on there.
    fn push(&mut self, kind: Kind, end: usize) {
        self.tokens.push(Token { kind, place: self.at..end });
        self.at = end;
    }

    /// Takes text, and the braces that end it; says whether they trim the text behind them.
    fn text(&mut self, is_trimmed: bool) -> Result<bool, Failure> {
        let end = self.rest().find("{{").map(|length| self.at + length);
        let is_marked = end.is_some_and(|end| opens_with_trim(&self.text[end + 2..]));
        let mut place = self.at..end.unwrap_or(self.text.len());
        if is_trimmed {
            place.start = place.end - self.text[place.clone()].trim_start_matches(SPACE).len();
        }
        if is_marked {
            place.end = place.start + self.text[place.clone()].trim_end_matches(SPACE).len();
        }
        if !place.is_empty() {
            self.tokens.push(Token { kind: Kind::Text, place });
        }
        let Some(end) = end else {
            self.at = self.text.len();
            return Ok(false);
        };
        self.at = end;
        let inside = end + if is_marked { 4 } else { 2 };
        if self.text[inside..].starts_with("/*") {
            return self.comment(inside);
        }
        self.push(Kind::Open, inside);
        self.action()
    }

    /// Goes past a comment.
    fn comment(&mut self, inside: usize) -> Result<bool, Failure> {
        let open = self.at..inside + 2;
        let Some(length) = self.text[inside + 2..].find("*/") else {
            return Err(
                Failure::refused(open, "this comment is never closed").help("end it with `*/}}`")
            );
        };
        self.at = inside + 2 + length + 2;
        let Some(closing) = closing(self.rest()) else {
            let end = self.at - 2..self.at;
            return Err(Failure::refused(end, "a comment ends right before its braces")
                .help("write `*/}}`, or `*/ -}}`"));
        };
        self.at += closing;
        Ok(closing > 2)
    }

    /// Takes what stands between braces, and the closing ones.
    fn action(&mut self) -> Result<bool, Failure> {
        let open = self.tokens.last().map_or(self.at..self.at, |token| token.place.clone());
        loop {
            if let Some(length) = closing(self.rest()) {
                self.push(Kind::Close, self.at + length);
                return Ok(length > 2);
            }
            let Some(first) = self.rest().chars().next() else {
                let open = open.start..open.start + 2;
                return Err(Failure::refused(open, "this placeholder is never closed")
                    .help("close it with `}}`; for braces as text write `{{ \"{{\" }}`"));
            };
            match first {
                _ if SPACE.contains(&first) => self.at += 1,
                '"' | '`' | '\'' => self.quoted(first)?,
                '$' => self.name(Kind::Variable, 1)?,
                '.' if !self.is_fraction() => self.field()?,
                '.' | '+' | '-' | '0'..='9' => self.number(),
                _ if is_name(first) => self.name(Kind::Word, 0)?,
                _ => self.symbol(first)?,
            }
        }
    }

    fn is_fraction(&self) -> bool {
        self.rest().chars().nth(1).is_some_and(|next| next.is_ascii_digit())
    }

    fn symbol(&mut self, first: char) -> Result<(), Failure> {
        let length = match first {
            ':' if self.rest().starts_with(":=") => 2,
            ':' => {
                let place = self.at..self.at + 1;
                return Err(Failure::refused(place, "a colon only stands in `:=`"));
            }
            _ => first.len_utf8(),
        };
        self.push(Kind::Symbol, self.at + length);
        Ok(())
    }

    fn field(&mut self) -> Result<(), Failure> {
        match self.rest().chars().nth(1).is_some_and(is_name) {
            true => self.name(Kind::Field, 1),
            false => {
                self.push(Kind::Dot, self.at + 1);
                self.ends_well("a point")
            }
        }
    }

    /// Takes a name, and what stands before it.
    fn name(&mut self, kind: Kind, before: usize) -> Result<(), Failure> {
        let name = &self.rest()[before..];
        let length = name.find(|character| !is_name(character)).unwrap_or(name.len());
        self.push(kind, self.at + before + length);
        self.ends_well("a name")
    }

    /// Finds what cannot stand behind a name.
    fn ends_well(&self, what: &str) -> Result<(), Failure> {
        let Some(next) = self.rest().chars().next() else { return Ok(()) };
        if SPACE.contains(&next) || matches!(next, '.' | ',' | '|' | ':' | ')' | '(' | '}') {
            return Ok(());
        }
        let place = self.at..self.at + next.len_utf8();
        let help = match next {
            '[' => "write `index $labels \"name\"`, or `$labels.name`",
            '-' => "names are made of letters, digits and underscores; put a space before `-}}`",
            _ => "put a space in between",
        };
        Err(Failure::refused(place, format!("unexpected `{next}` behind {what}")).help(help))
    }

    fn number(&mut self) {
        let mut before = None;
        let belongs = |character: char| {
            let is_exponent = matches!(before, Some('e' | 'E' | 'p' | 'P'));
            let is_sign = matches!(character, '+' | '-') && (before.is_none() || is_exponent);
            before = Some(character);
            is_sign || is_name(character) || character == '.'
        };
        let length: usize = self
            .rest()
            .chars()
            .scan(belongs, |belongs, next| belongs(next).then(|| next.len_utf8()))
            .sum();
        self.push(Kind::Number, self.at + length);
    }

    fn quoted(&mut self, quote: char) -> Result<(), Failure> {
        let mut is_escaped = false;
        for (at, character) in self.rest().char_indices().skip(1) {
            if character == quote && !is_escaped {
                let kind = if quote == '\'' { Kind::Character } else { Kind::Quoted };
                self.push(kind, self.at + at + 1);
                return Ok(());
            }
            if character == '\n' && quote != '`' {
                break;
            }
            is_escaped = character == '\\' && !is_escaped && quote != '`';
        }
        Err(Failure::refused(self.at..self.at + 1, "this text is never closed")
            .help(format!("close it with `{quote}`")))
    }
}

/// Whether braces that open trim the text before them.
fn opens_with_trim(inside: &str) -> bool {
    inside.strip_prefix('-').is_some_and(|inside| inside.starts_with(SPACE))
}

/// The length of closing braces here, with the sign that trims the text behind them.
fn closing(rest: &str) -> Option<usize> {
    let is_marked = rest.strip_prefix(SPACE).is_some_and(|rest| rest.starts_with("-}}"));
    match is_marked {
        true => Some(4),
        false => rest.starts_with("}}").then_some(2),
    }
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
