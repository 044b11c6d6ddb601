//! Operators, by their precedence.

use std::collections::HashSet;

use super::{Parser, Result};
use crate::promql::syntax::{Chain, Expr, Group, Link, Matching, Node, Operator};
use crate::promql::token::{Kind, Token};
use crate::promql::{SyntaxError, Version};

impl Parser<'_> {
    /// The operator that comes next.
    fn operator(&self) -> Option<Operator> {
        let Token { kind, span } = self.peek();
        match kind {
            Kind::Word | Kind::Symbol(_) => Operator::from_str(self.written(span)),
            _ => None,
        }
    }

    /// An expression of operators that are at least so strong, or that a dashboard's variables are.
    pub(super) fn binary(&mut self, least: u8) -> Result<Expr> {
        let left = self.operators(least)?;
        match self.peek().kind {
            Kind::Templated => self.templated(left),
            _ => Ok(left),
        }
    }

    /// Operations whose operators are variables, which may be anything.
    fn templated(&mut self, mut left: Expr) -> Result<Expr> {
        while self.peek().kind == Kind::Templated {
            self.advance();
            self.takes_keyword("bool");
            self.matching(Operator::Add)?;
            let right = self.operators(0)?;
            left = Expr { span: left.span.start..right.span.end, node: Node::Variable };
        }
        Ok(left)
    }

    fn operators(&mut self, least: u8) -> Result<Expr> {
        let mut left = self.signed()?;
        while let Some(precedence) = self.operator().map(Operator::precedence)
            && precedence >= least
        {
            let mut rest = Vec::new();
            while let Some(operator) = self.operator()
                && operator.precedence() == precedence
            {
                rest.push(self.link(operator)?);
                if operator == Operator::Power {
                    break;
                }
            }
            let end = rest.last().map_or(left.span.end, |link| link.right.span.end);
            let span = left.span.start..end;
            let chain = Chain { first: left, rest };
            left = Expr { span, node: Node::Chain(Box::new(chain)) };
        }
        Ok(left)
    }

    fn link(&mut self, operator: Operator) -> Result<Link> {
        let operator_span = self.advance().span;
        if matches!(operator, Operator::TrimUpper | Operator::TrimLower) {
            self.note(operator_span.clone(), "trimming of histograms", Version(3, 11), None);
        }
        let is_bool = self.bool(operator)?;
        let matching = self.matching(operator)?;
        let fills = self.fill()?;
        // Powers come together from the right, all others from the left.
        let right = match operator {
            Operator::Power => self.deeper(|parser| parser.operators(operator.precedence()))?,
            _ => self.operators(operator.precedence() + 1)?,
        };
        Ok(Link { operator, operator_span, is_bool, matching, fills, right })
    }

    fn bool(&mut self, operator: Operator) -> Result<bool> {
        match self.takes_keyword("bool") {
            Some(span) if !operator.is_comparison() => {
                let operator = operator.as_str();
                let message = format!("`bool` only goes with a comparison, not with `{operator}`");
                Err(SyntaxError::new(span, message))
            }
            span => Ok(span.is_some()),
        }
    }

    fn matching(&mut self, operator: Operator) -> Result<Option<Matching>> {
        let is_on = self.is_keyword("on");
        if !is_on && !self.is_keyword("ignoring") {
            return Ok(None);
        }
        let start = self.advance().span.start;
        let labels = self.labels()?;
        let span = start..self.end();
        let is_left = self.is_keyword("group_left");
        let group = if is_left || self.is_keyword("group_right") {
            let start = self.advance().span;
            if operator.is_set() {
                let message =
                    format!("`{}` keeps whole series and has no groups", operator.as_str());
                return Err(SyntaxError::new(start, message).help("leave the group out"));
            }
            let included = if self.is_symbol("(") { self.labels()? } else { Vec::new() };
            let on: HashSet<&str> = labels.iter().map(|label| &*label.text).collect();
            let both = included.iter().find(|label| is_on && on.contains(&*label.text));
            if let Some(both) = both {
                let message =
                    format!("`{}` is matched on already, so both sides have the same", both.text);
                return Err(
                    SyntaxError::new(both.span.clone(), message).help("leave it out of the group")
                );
            }
            let labels = included;
            Some(Group { is_left, labels, span: start.start..self.end() })
        } else {
            None
        };
        Ok(Some(Matching { is_on, labels, span, group }))
    }

    /// What stands in for series that are missing on a side; says whether anything does.
    fn fill(&mut self) -> Result<bool> {
        let mut fills = false;
        for side in ["fill", "fill_left", "fill_right"] {
            if self.is_keyword(side) && self.second().kind == Kind::Symbol("(") {
                let span = self.advance().span;
                self.note(span, "filling in for missing series", Version(3, 10), None);
                self.advance();
                if self.is_symbol("-") || self.is_symbol("+") {
                    self.advance();
                }
                let is_number = match self.peek().kind {
                    Kind::Number(_) | Kind::Templated => true,
                    _ => self.is_keyword("inf") || self.is_keyword("nan"),
                };
                if !is_number {
                    return Err(self.unexpected("a number"));
                }
                self.advance();
                self.expect(")")?;
                fills = true;
            }
        }
        Ok(fills)
    }

    fn signed(&mut self) -> Result<Expr> {
        let is_negative = self.is_symbol("-");
        if !is_negative && !self.is_symbol("+") {
            return self.postfixed();
        }
        let start = self.advance().span.start;
        // A power is stronger than a sign.
        let of = self.deeper(|parser| parser.operators(Operator::Power.precedence()))?;
        let span = start..of.span.end;
        Ok(Expr { span, node: Node::Unary { is_negative, of: Box::new(of) } })
    }
}
