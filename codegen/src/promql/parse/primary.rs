//! What begins with a word, a literal or a parenthesis.

use super::{Parser, Result};
use crate::promql::function::{AGGREGATORS, function};
use crate::promql::syntax::{Aggregation, Call, Expr, Grouping, Node, Word};
use crate::promql::token::{Kind, Token, unquoted};
use crate::promql::{SyntaxError, Version};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Result<Expr> {
        match self.peek().kind {
            Kind::Number(_) | Kind::Duration(_) => Ok(self.number()),
            Kind::Text => self.text(),
            Kind::Symbol("(") => self.parenthesised(),
            Kind::Symbol("{") => self.selector(None),
            Kind::Word => self.named(false),
            Kind::Templated => self.named(true),
            _ => Err(self.unexpected("an expression")),
        }
    }

    fn number(&mut self) -> Expr {
        let Token { kind, span } = self.advance();
        let number = match kind {
            Kind::Duration(milliseconds) => {
                self.note(span.clone(), "a duration as a number", Version(2, 54), None);
                milliseconds as f64 / 1000.0
            }
            Kind::Number(number) => {
                if self.written(&span).contains('_') {
                    self.note(span.clone(), "`_` within a number", Version(2, 54), None);
                }
                number
            }
            _ => f64::NAN,
        };
        Expr { span, node: Node::Number(number) }
    }

    pub(super) fn text(&mut self) -> Result<Expr> {
        let span = self.advance().span;
        let text = unquoted(self.written(&span), span.start)?;
        Ok(Expr { span, node: Node::Text(text) })
    }

    fn parenthesised(&mut self) -> Result<Expr> {
        let start = self.advance().span.start;
        let inner = Box::new(self.binary(0)?);
        let end = self.expect(")")?.span.end;
        Ok(Expr { span: start..end, node: Node::Parentheses(inner) })
    }

    /// What begins with a word.
    fn named(&mut self, is_templated: bool) -> Result<Expr> {
        let span = self.peek().span.clone();
        let word = Word { text: self.written(&span).to_owned(), span, is_templated };
        let lower = word.text.to_ascii_lowercase();
        let Token { kind: next, span: next_span } = self.second().clone();
        let before_group = next == Kind::Word
            && ["by", "without"].iter().any(|by| self.written(&next_span).eq_ignore_ascii_case(by));
        let is_called = next == Kind::Symbol("(");
        let aggregator = AGGREGATORS.iter().find(|(name, ..)| *name == lower);
        if (aggregator.is_some() || is_templated)
            && (is_called && aggregator.is_some() || before_group)
        {
            return self.aggregation(Word { text: lower, ..word });
        }
        if !is_templated && (lower == "inf" || lower == "nan") {
            self.advance();
            let number = if lower == "inf" { f64::INFINITY } else { f64::NAN };
            return Ok(Expr { span: word.span, node: Node::Number(number) });
        }
        if is_called {
            return self.call(word);
        }
        if is_templated && next != Kind::Symbol("{") && next != Kind::Symbol("[") {
            self.advance();
            return Ok(Expr { span: word.span, node: Node::Variable });
        }
        const NO_NAMES: &[&str] = &["bool", "on", "ignoring", "group_left", "group_right", "atan2"];
        if NO_NAMES.contains(&&*lower) {
            return Err(self.unexpected("an expression"));
        }
        self.advance();
        self.selector(Some(word))
    }

    fn call(&mut self, name: Word) -> Result<Expr> {
        // Those that calculate durations are known in any case.
        let lower = name.text.to_ascii_lowercase();
        let is_of_time = matches!(&*lower, "step" | "range" | "min_of" | "max_of");
        let known = function(if is_of_time { &lower } else { &name.text });
        if known.is_none() && !name.is_templated {
            let message = format!("`{}` is no function", name.text);
            return Err(SyntaxError::new(name.span, message));
        }
        if let Some(known) = known
            && (known.since > Version(2, 0) || known.until.is_some())
        {
            let what = format!("the function `{}`", known.name);
            self.note(name.span.clone(), what, known.since, known.until);
        }
        self.advance();
        let before = std::mem::replace(&mut self.takes_all, name.text == "info");
        let arguments = self.arguments()?;
        self.takes_all = before;
        let span = name.span.start..self.end();
        let call = Call { name, function: known, arguments };
        Ok(Expr { span, node: Node::Call(Box::new(call)) })
    }

    /// What stands in parentheses, with commas between.
    fn arguments(&mut self) -> Result<Vec<Expr>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.binary(0)?);
            if self.takes(")") {
                return Ok(arguments);
            }
            if !self.takes(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn aggregation(&mut self, operator: Word) -> Result<Expr> {
        self.advance();
        let before = self.grouping()?;
        let open = self.peek().span.start;
        let arguments = self.arguments()?;
        self.aggregated(operator, before, arguments, open)
    }

    /// An aggregation from its arguments on: these may be deep, and this is not on their way.
    fn aggregated(
        &mut self,
        operator: Word,
        before: Option<Grouping>,
        mut arguments: Vec<Expr>,
        open: usize,
    ) -> Result<Expr> {
        let all = open..self.end();
        let behind = self.grouping()?;
        if let (Some(_), Some(second)) = (&before, &behind) {
            return Err(SyntaxError::new(second.span.clone(), "the grouping is given twice"));
        }
        let known = AGGREGATORS.iter().find(|(name, ..)| *name == operator.text);
        let takes_parameter = known.is_some_and(|(_, parameter, _)| parameter.is_some())
            || operator.is_templated && arguments.len() == 2;
        let wanted = 1 + usize::from(takes_parameter);
        if arguments.len() != wanted {
            let plural = if wanted == 1 { "argument" } else { "arguments" };
            let message =
                format!("`{}` takes {wanted} {plural}, not {}", operator.text, arguments.len());
            return Err(SyntaxError::new(all, message));
        }
        if let Some((name, _, since)) = known
            && *since > Version(2, 0)
        {
            self.note(operator.span.clone(), format!("the operator `{name}`"), *since, None);
        }
        let span = operator.span.start..self.end();
        let of = arguments.pop().ok_or_else(|| self.unexpected("an argument"))?;
        let parameter = arguments.pop();
        let aggregation = Aggregation { operator, grouping: before.or(behind), parameter, of };
        Ok(Expr { span, node: Node::Aggregation(Box::new(aggregation)) })
    }

    fn grouping(&mut self) -> Result<Option<Grouping>> {
        let is_without = self.is_keyword("without");
        if !is_without && !self.is_keyword("by") {
            return Ok(None);
        }
        let start = self.advance().span.start;
        let labels = self.labels()?;
        Ok(Some(Grouping { is_without, labels, span: start..self.end() }))
    }
}
