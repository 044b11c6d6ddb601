//! Rules about rates: over which time they are, and what has to be one.

use super::Known;
use super::expression::parts;
use crate::promql::syntax::{Expr, Node, Time};

/// Functions that tell how much a counter grows.
const RATES: &[&str] = &["rate", "irate", "increase"];

/// Functions and aggregations that ask whether there are samples, or how often they changed, whatever
/// they say.
const INDIFFERENT: &[&str] = &[
    "absent",
    "absent_over_time",
    "changes",
    "count",
    "count_over_time",
    "group",
    "present_over_time",
    "resets",
    "timestamp",
];

/// Finds rates over another time than the one in which Grafana finds enough samples for each point.
pub(super) fn rate_interval(expr: &Expr, text: &str, _: &Known) -> Vec<String> {
    let rates = parts(expr).into_iter().filter_map(rate);
    let found = rates.filter_map(|Rate { function, over, .. }| {
        let written = text[over.span.clone()].trim();
        let is_right = matches!(written, "$__rate_interval" | "${__rate_interval}");
        (!is_right).then(|| format!("`{function}` is over `{written}`, not `$__rate_interval`"))
    });
    found.collect()
}

/// Finds counters whose total is shown, which depends on when each process started.
pub(super) fn rated(expr: &Expr, _: &str, known: &Known) -> Vec<String> {
    let parts = parts(expr);
    let rated = parts.iter().filter_map(|part| rate(part)).map(|rate| rate.of);
    let unread = parts.iter().filter_map(|part| unread(part));
    let fine: Vec<_> = rated.chain(unread).map(|of| of.bare().span.clone()).collect();
    let bare = parts.into_iter().filter(|part| !fine.contains(&part.span));
    let found = bare.filter_map(|part| {
        let Node::Selector(selector) = &part.node else { return None };
        let name = &selector.name.as_ref()?.text;
        let is_total = known.is_counter(name);
        is_total.then(|| format!("`{name}` is a counter, and in none of `{}`", RATES.join("`, `")))
    });
    found.collect()
}

/// How much something grows.
struct Rate<'e> {
    function: &'e str,
    over: &'e Time,
    of: &'e Expr,
}

/// An expression as a rate, if it is one.
fn rate(expr: &Expr) -> Option<Rate<'_>> {
    let Node::Call(call) = &expr.node else { return None };
    let function = RATES.iter().find(|name| **name == call.name.text)?;
    let (over, of) = ranged(call.arguments.first()?)?;
    Some(Rate { function, over, of })
}

/// What something asks of, without reading what its samples say.
fn unread(expr: &Expr) -> Option<&Expr> {
    let (name, of) = match &expr.node {
        Node::Call(call) => (&call.name.text, call.arguments.first()?),
        Node::Aggregation(aggregation) => (&aggregation.operator.text, &aggregation.of),
        _ => return None,
    };
    let is_indifferent = INDIFFERENT.contains(&&**name);
    is_indifferent.then(|| ranged(of).map_or(of, |(_, of)| of))
}

/// The time that a range vector is over, and what it is of.
fn ranged(expr: &Expr) -> Option<(&Time, &Expr)> {
    match &expr.bare().node {
        Node::MatrixSelector(samples) => Some((&samples.range, &samples.of)),
        Node::Subquery(subquery) => Some((&subquery.range, &subquery.of)),
        _ => None,
    }
}
