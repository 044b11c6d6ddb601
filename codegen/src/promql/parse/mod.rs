//! From tokens to an expression: operators by their precedence, everything else by its first word.
//!
//! The grammar is that of the newest Prometheus. What an older one does not know is noted with its
//! place, so that it can be said which version would.

mod operator;
mod primary;
mod selector;
mod time;

use super::syntax::{Expr, Span, Word};
use super::token::{Kind, Token, tokens, unquoted};
use super::{SyntaxError, Version};

/// How deeply expressions may stand in each other.
const DEEPEST: usize = 200;

/// An expression, and what of it is not in every version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) expr: Expr,
    pub(crate) novelties: Vec<Novelty>,
}

/// Something that some versions do not know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Novelty {
    pub(crate) span: Span,
    pub(crate) what: String,
    pub(crate) since: Version,
    /// The version that has dropped it.
    pub(crate) until: Option<Version>,
}

/// Reads an expression.
pub(crate) fn parse(text: &str) -> Result<Parsed> {
    let tokens = tokens(text)?;
    let mut parser =
        Parser { text, tokens, at: 0, depth: 0, takes_all: false, novelties: Vec::new() };
    if parser.peek().kind == Kind::End {
        return Err(SyntaxError::new(0..text.len(), "there is no expression"));
    }
    let expr = parser.binary(0)?;
    match parser.peek().kind {
        Kind::End => Ok(Parsed { expr, novelties: parser.novelties }),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Whether a selector may pass every series: that of `info` only chooses labels.
    takes_all: bool,
    novelties: Vec<Novelty>,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// The token behind the next one.
    fn second(&self) -> &Token {
        self.tokens.get(self.at + 1).unwrap_or(&self.tokens[self.tokens.len() - 1])
    }

    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        // The end stays.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn written(&self, span: &Span) -> &str {
        &self.text[span.clone()]
    }

    fn is_symbol(&self, symbol: &'static str) -> bool {
        self.peek().kind == Kind::Symbol(symbol)
    }

    fn takes(&mut self, symbol: &'static str) -> bool {
        let is_there = self.is_symbol(symbol);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect(&mut self, symbol: &'static str) -> Result<Token> {
        match self.is_symbol(symbol) {
            true => Ok(self.advance()),
            false => Err(self.unexpected(&format!("`{symbol}`"))),
        }
    }

    fn unexpected(&self, wanted: &str) -> SyntaxError {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end of the expression".to_owned(),
            _ => format!("`{}`", self.written(&token.span)),
        };
        SyntaxError::new(token.span.clone(), format!("expected {wanted}, found {found}"))
    }

    /// Whether the next token is this keyword, in any case.
    fn is_keyword(&self, keyword: &str) -> bool {
        let Token { kind, span } = self.peek();
        *kind == Kind::Word && self.written(span).eq_ignore_ascii_case(keyword)
    }

    fn takes_keyword(&mut self, keyword: &str) -> Option<Span> {
        self.is_keyword(keyword).then(|| self.advance().span)
    }

    fn note(
        &mut self,
        span: Span,
        what: impl Into<String>,
        since: Version,
        until: Option<Version>,
    ) {
        self.novelties.push(Novelty { span, what: what.into(), since, until });
    }

    /// Where the token before ends.
    fn end(&self) -> usize {
        self.tokens[self.at - 1].span.end
    }

    /// A list of labels in parentheses.
    fn labels(&mut self) -> Result<Vec<Word>> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            labels.push(self.label("a label")?);
            if !self.takes(",") && !self.is_symbol(")") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(labels)
    }

    fn label(&mut self, wanted: &str) -> Result<Word> {
        let Token { kind, span } = self.peek().clone();
        let text = self.written(&span).to_owned();
        let is_templated = kind == Kind::Templated;
        match kind {
            Kind::Word if text.contains(':') => Err(SyntaxError::new(
                span,
                format!("`{text}` is no name for a label: it has a colon"),
            )),
            Kind::Word | Kind::Templated => {
                self.advance();
                Ok(Word { text, span, is_templated })
            }
            Kind::Text => {
                self.advance();
                self.note(span.clone(), "a label's name in quotes", Version(3, 0), None);
                Ok(Word { text: unquoted(&text, span.start)?, span, is_templated: false })
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            let message = format!("expressions stand in each other more than {DEEPEST} deep");
            return Err(SyntaxError::new(self.peek().span.clone(), message));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }
}
