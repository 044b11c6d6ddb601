//! What stands behind an expression: ranges, subqueries, `offset` and `@`.

use super::{Parser, Result};
use crate::promql::syntax::{
    Expr, MatrixSelector, Modifiers, Node, Operator, Span, Subquery, Time,
};
use crate::promql::token::{Kind, Token};
use crate::promql::{SyntaxError, Version};

impl Parser<'_> {
    /// An expression with what may stand behind it.
    pub(super) fn postfixed(&mut self) -> Result<Expr> {
        let mut expr = self.deeper(Self::primary)?;
        loop {
            if self.is_symbol("[") {
                expr = self.bracketed(expr)?;
            } else if self.is_keyword("offset") || self.is_symbol("@") {
                self.modifiers(&mut expr)?;
            } else if let Some(what) =
                ["smoothed", "anchored"].into_iter().find(|what| self.is_keyword(what))
            {
                let span = self.advance().span;
                self.note(span, format!("`{what}`"), Version(3, 7), None);
            } else {
                return Ok(expr);
            }
        }
    }

    fn bracketed(&mut self, of: Expr) -> Result<Expr> {
        let open = self.advance().span;
        if matches!(of.node, Node::MatrixSelector(_) | Node::Subquery(_)) {
            let message = "this is a range vector already";
            return Err(
                SyntaxError::new(open, message).help("apply a function such as `rate` to it")
            );
        }
        let range = self.time()?;
        let (start, modifiers) = (of.span.start, Modifiers::default());
        let node = if self.takes(":") {
            let step = if self.is_symbol("]") { None } else { Some(self.time()?) };
            Node::Subquery(Box::new(Subquery { of, range, step, modifiers }))
        } else {
            match &of.node {
                Node::Selector(selector) if selector.modifiers == Modifiers::default() => (),
                Node::Variable => (),
                Node::Selector(_) => {
                    let message = "a range stands before `offset` and `@`, not behind them";
                    return Err(SyntaxError::new(open, message));
                }
                _ => {
                    let message = "only a selector makes a range vector";
                    let help =
                        "write a step behind a colon, as in `[5m:]`, to evaluate it at many times";
                    return Err(SyntaxError::new(open, message).help(help));
                }
            }
            Node::MatrixSelector(Box::new(MatrixSelector { of, range, modifiers }))
        };
        let end = self.expect("]")?.span.end;
        Ok(Expr { span: start..end, node })
    }

    /// A length of time: a duration, a variable, or, lately, a calculation.
    fn time(&mut self) -> Result<Time> {
        let Token { kind, span } = self.peek().clone();
        let next = self.second().kind;
        let is_alone = !matches!(next, Kind::Symbol("+" | "-" | "*" | "/" | "%" | "^"));
        match kind {
            Kind::Duration(milliseconds) if is_alone => {
                self.advance();
                if milliseconds == 0 {
                    return Err(SyntaxError::new(span, "a duration is longer than nothing"));
                }
                Ok(Time { span, milliseconds: Some(milliseconds) })
            }
            Kind::Templated if is_alone => {
                self.advance();
                Ok(Time { span, milliseconds: None })
            }
            Kind::Number(seconds) if is_alone => {
                self.advance();
                self.note(span.clone(), "seconds as a duration", Version(2, 54), None);
                Ok(Time { span, milliseconds: Some((seconds * 1000.0) as u64) })
            }
            _ => {
                let notes = self.novelties.len();
                let expr = self.deeper(|parser| parser.binary(Operator::Add.precedence()))?;
                self.novelties.truncate(notes);
                self.note(expr.span.clone(), "a calculated duration", Version(3, 4), None);
                Ok(Time { span: expr.span, milliseconds: None })
            }
        }
    }

    /// `offset` or `@`, once each, behind what is read from storage or evaluated at many times.
    fn modifiers(&mut self, expr: &mut Expr) -> Result<()> {
        let start = self.advance();
        let is_offset = start.kind != Kind::Symbol("@");
        let (offset, at) = if is_offset {
            if self.is_symbol("-") || self.is_symbol("+") {
                self.advance();
            }
            let is_zero = matches!(self.peek().kind, Kind::Duration(0) | Kind::Number(0.0));
            let time = match is_zero {
                true => Time { span: self.advance().span, milliseconds: Some(0) },
                false => self.time_of_offset()?,
            };
            (Some(time), None)
        } else {
            (None, Some(self.instant()?))
        };
        let word = if is_offset { "offset" } else { "@" };
        let modifiers = match &mut expr.node {
            Node::Selector(selector) => &mut selector.modifiers,
            Node::MatrixSelector(samples) => &mut samples.modifiers,
            Node::Subquery(subquery) => &mut subquery.modifiers,
            // Whatever the variable is.
            Node::Variable => return Ok(()),
            _ => {
                let message = format!("`{word}` only goes with a selector, a range or a subquery");
                return Err(SyntaxError::new(start.span, message)
                    .help("write it behind each selector within"));
            }
        };
        if is_offset && modifiers.offset.is_some() || !is_offset && modifiers.at.is_some() {
            return Err(SyntaxError::new(start.span, format!("`{word}` is given twice")));
        }
        modifiers.offset = modifiers.offset.take().or(offset);
        modifiers.at = modifiers.at.take().or(at);
        expr.span.end = self.end();
        Ok(())
    }

    /// Behind `offset` an operator belongs to what is around.
    fn time_of_offset(&mut self) -> Result<Time> {
        let Token { kind, span } = self.peek().clone();
        let milliseconds = match kind {
            Kind::Duration(milliseconds) => Some(milliseconds),
            Kind::Templated => None,
            _ => return self.time(),
        };
        self.advance();
        Ok(Time { span, milliseconds })
    }

    /// What stands behind `@`.
    fn instant(&mut self) -> Result<Span> {
        let start = self.peek().span.start;
        let is_end = self.is_keyword("start") || self.is_keyword("end");
        if is_end && self.second().kind == Kind::Symbol("(") {
            self.advance();
            self.advance();
            self.expect(")")?;
            return Ok(start..self.end());
        }
        if self.is_symbol("-") || self.is_symbol("+") {
            self.advance();
        }
        let kind = self.peek().kind;
        match kind {
            Kind::Number(seconds) if seconds.abs() >= i64::MAX as f64 / 1000.0 => {
                Err(SyntaxError::new(self.peek().span.clone(), "there is no such time"))
            }
            Kind::Number(_) | Kind::Duration(_) | Kind::Templated => {
                let span = self.advance().span;
                if matches!(kind, Kind::Duration(_)) {
                    self.note(span, "a duration as a number", Version(2, 54), None);
                }
                Ok(start..self.end())
            }
            _ => Err(self.unexpected("a time stamp, `start()` or `end()`")),
        }
    }
}
