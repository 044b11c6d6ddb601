//! Selectors and their matchers.

use super::{Parser, Result};
use crate::promql::SyntaxError;
use crate::promql::syntax::{Expr, Match, Matcher, Modifiers, Node, Selector, Word};
use crate::promql::token::{Kind, Token, unquoted};

impl Parser<'_> {
    pub(super) fn selector(&mut self, mut name: Option<Word>) -> Result<Expr> {
        let start = name.as_ref().map_or(self.peek().span.start, |name| name.span.start);
        let (mut matchers, mut braces) = (Vec::new(), None);
        if self.is_symbol("{") {
            let open = self.advance().span.start;
            while !self.takes("}") {
                self.matcher(open, &mut name, &mut matchers)?;
                if !self.takes(",") && !self.is_symbol("}") {
                    let error = self.unexpected("`,` or `}`");
                    return Err(match self.is_keyword("or") {
                        true => error.help("write the values of one label as `label=~\"a|b\"`"),
                        false => error,
                    });
                }
            }
            braces = Some(open..self.end());
        }
        let span = start..self.end();
        let is_empty = |matcher: &Matcher| {
            !matcher.label.is_templated && matcher.test().passes("") == Some(true)
        };
        if !self.takes_all && name.is_none() && matchers.iter().all(is_empty) {
            let message = "a selector has a name, or a matcher that an empty value does not pass";
            return Err(SyntaxError::new(span, message)
                .help("name a metric, or match a label by `!=\"\"` or `=~\".+\"`"));
        }
        let selector = Selector { name, braces, matchers, modifiers: Modifiers::default() };
        Ok(Expr { span, node: Node::Selector(Box::new(selector)) })
    }

    fn matcher(
        &mut self,
        start: usize,
        name: &mut Option<Word>,
        matchers: &mut Vec<Matcher>,
    ) -> Result<()> {
        let is_text = self.peek().kind == Kind::Text;
        let label = self.label("a label")?;
        let is_last = self.is_symbol(",") || self.is_symbol("}");
        if is_last && is_text {
            return match name {
                Some(_) => Err(SyntaxError::new(label.span, "the metric is named twice")),
                None => {
                    *name = Some(label);
                    Ok(())
                }
            };
        }
        if is_last && label.is_templated {
            // A variable that holds whole matchers.
            let (span, operator) = (label.span.clone(), Match::Regex);
            matchers.push(Matcher { value: label.clone(), label, operator, span });
            return Ok(());
        }
        let operator = match self.peek().kind {
            Kind::Symbol("=") => Match::Equal,
            Kind::Symbol("!=") => Match::NotEqual,
            Kind::Symbol("=~") => Match::Regex,
            Kind::Symbol("!~") => Match::NotRegex,
            _ => return Err(self.unexpected("`=`, `!=`, `=~` or `!~`")),
        };
        self.advance();
        let Token { kind, span } = self.peek().clone();
        let written = self.written(&span).to_owned();
        let value = match kind {
            Kind::Text => {
                let is_templated = has_variable(&written);
                Word { text: unquoted(&written, span.start)?, span, is_templated }
            }
            Kind::Templated => Word { text: written, span, is_templated: true },
            _ => {
                let error = self.unexpected("a value in quotes");
                return Err(match kind {
                    Kind::Word => error.help(format!("write `\"{written}\"`")),
                    _ => error,
                });
            }
        };
        self.advance();
        let span = label.span.start..value.span.end;
        let is_name = label.text == "__name__" && !label.is_templated;
        match name {
            // What stands before the braces is all of the name; within, several may be demanded.
            Some(name) if is_name && name.span.start < start => {
                return Err(SyntaxError::new(span, "the metric is named twice"));
            }
            None if is_name && operator == Match::Equal => *name = Some(value),
            _ => matchers.push(Matcher { label, operator, value, span }),
        }
        Ok(())
    }
}

/// Whether a dashboard would put something into a text.
fn has_variable(text: &str) -> bool {
    let names = |(at, _): (usize, &str)| {
        let next = text[at + 1..].chars().next();
        next.is_some_and(|next| next.is_ascii_alphabetic() || next == '_' || next == '{')
    };
    text.match_indices('$').any(names) || text.contains("[[")
}
