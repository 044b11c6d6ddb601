//! What can be varied in a condition: the series that its selectors select.

use crate::promql::NAME;
use crate::promql::syntax::{Aggregation, Expr, Grouping, Node, Selector};

use super::condition::Leaf;
use super::series::Labels;

/// Series that have a level together, and how that shows in their samples.
#[derive(Clone, Debug)]
pub(super) struct Variable<'e> {
    pub(super) selector: &'e Selector,
    pub(super) shows: Shows,
    /// The innermost aggregation above, which brings its members together, if there is one.
    pub(super) aggregation: Option<&'e Aggregation>,
}

/// How a level shows in samples.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shows {
    /// It is their value.
    Value,
    /// It is how much they grow a second.
    Slope,
    /// It is the given quantile of what their buckets count.
    Quantile(f64),
}

impl Variable<'_> {
    /// The name of the metric.
    pub(super) fn name(&self) -> &str {
        self.selector.name.as_ref().map_or("", |name| &name.text)
    }

    /// Whether its aggregation drops a label.
    pub(super) fn drops(&self, label: &str) -> bool {
        let Some(aggregation) = self.aggregation else { return false };
        match &aggregation.grouping {
            None => true,
            Some(Grouping { is_without, labels, .. }) => {
                labels.iter().any(|named| named.text == label) == *is_without
            }
        }
    }

    /// Whether it selects the same as another.
    pub(super) fn is(&self, other: &Variable<'_>) -> bool {
        let matchers = |variable: &Variable<'_>| {
            let matchers = variable.selector.matchers.iter();
            let mut texts: Vec<_> = matchers
                .map(|of| format!("{} {:?} {:?}", of.label.text, of.operator, of.value.text))
                .collect();
            texts.sort();
            texts
        };
        self.name() == other.name() && matchers(self) == matchers(other)
    }
}

/// The variables of a leaf, in the order in which they stand.
pub(super) fn variables<'e>(leaf: &Leaf<'e>) -> Vec<Variable<'e>> {
    let mut found = Vec::new();
    match leaf {
        Leaf::Compare { measured, .. } | Leaf::Present(measured) => {
            walk(measured, &Shows::Value, None, &mut found);
        }
        Leaf::Absent(selector) => {
            found.push(Variable { selector, shows: Shows::Value, aggregation: None });
        }
    }
    found
}

fn walk<'e>(
    expr: &'e Expr,
    shows: &Shows,
    aggregation: Option<&'e Aggregation>,
    found: &mut Vec<Variable<'e>>,
) {
    let inner = match &expr.node {
        Node::Selector(selector) => {
            let variable = Variable { selector, shows: shows.clone(), aggregation };
            if !found.iter().any(|known| known.is(&variable)) {
                found.push(variable);
            }
            return;
        }
        Node::Aggregation(aggregation) => {
            return walk(&aggregation.of, shows, Some(aggregation), found);
        }
        Node::Call(call) => match (&*call.name.text, &*call.arguments) {
            ("rate" | "increase", _) if *shows == Shows::Value => Shows::Slope,
            ("histogram_quantile", [quantile, _]) => match super::engine::constant(quantile) {
                Some(quantile) => Shows::Quantile(quantile),
                None => shows.clone(),
            },
            _ => shows.clone(),
        },
        _ => shows.clone(),
    };
    for child in expr.children() {
        walk(child, &inner, aggregation, found);
    }
}

/// Whether a leaf looks back in time, and how far at most, in milliseconds.
pub(super) fn looks_back(expr: &Expr) -> u64 {
    expr.children().into_iter().map(looks_back).fold(own_range(expr), u64::max)
}

/// How far an expression itself looks back, in milliseconds.
pub(super) fn own_range(expr: &Expr) -> u64 {
    match &expr.node {
        Node::MatrixSelector(samples) => samples.range.milliseconds.unwrap_or(0),
        Node::Subquery(subquery) => subquery.range.milliseconds.unwrap_or(0),
        _ => 0,
    }
}

/// Labels without the name of the metric.
pub(super) fn unnamed(mut labels: Labels) -> Labels {
    labels.remove(NAME);
    labels
}
