//! The expressions of a specification where they stand, for who checks what they mean.

use std::collections::HashMap;

use crate::rule::{Level, Rule};
use crate::source::Span;

/// Every expression, and how findings in them are to be taken.
#[derive(Clone, Debug, Default)]
pub struct Expressions {
    /// Those of recording rules, of alerts and of named queries, in the catalogue's order.
    pub list: Vec<Expression>,
    /// The levels that `[lints]` sets.
    pub(crate) levels: HashMap<String, Level>,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Where the name of its reader stands.
    pub name: Span,
    /// The text as it is read from the file, with all white space; none where the expression is
    /// not written but follows from the condition of an alert.
    pub text: Option<String>,
    /// Where it stands between its quotes, so that [`Sources::piece`](crate::Sources::piece) finds
    /// the pieces; or where that stands which it follows from.
    pub span: Span,
    /// What it is for.
    pub reader: Reader,
    /// Texts that speak of its result, each with where it stands between its quotes: an alert's
    /// description, a query's legend.
    pub texts: Vec<(String, Span)>,
    /// Where the unit of its result stands, if the specification says one.
    pub unit: Option<Span>,
    /// The lints that are right to be silent about it, each with its place.
    pub allows: Vec<(String, Span)>,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The recording rule at this position of
    /// [`Catalog::recording_rules`](crate::Catalog::recording_rules).
    RecordingRule(usize),
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
