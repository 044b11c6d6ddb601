//! The expressions of a specification where they stand, for who checks what they mean.

use std::collections::HashMap;

use crate::rule::{Level, Rule};
use crate::source::Span;

/// Every expression, and how findings in them are to be taken.
#[derive(Clone, Debug, Default)]
pub struct Expressions {
    /// Those of alerts, then those of named queries, in file order.
    pub list: Vec<Expression>,
    /// The levels that `[lints]` sets.
    pub(crate) levels: HashMap<String, Level>,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The text as it is read from the file, with all white space.
    pub text: String,
    /// Where it stands between its quotes; [`Sources::piece`](crate::Sources::piece) finds the
    /// pieces.
    pub span: Span,
    /// What it is for.
    pub reader: Reader,
    /// The lints that are right to be silent about it, each with its place.
    pub allows: Vec<(String, Span)>,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The alert at this position of [`Catalog::alerts`](crate::Catalog::alerts).
    Alert(usize),
    /// The query at this position of [`Catalog::queries`](crate::Catalog::queries).
    Query(usize),
}

impl Expressions {
    /// How bad findings of a rule are here.
    pub fn level(&self, rule: &Rule) -> Level {
        let level = self.levels.get(rule.id).filter(|_| rule.adjustable);
        level.copied().unwrap_or(rule.level)
    }
}
