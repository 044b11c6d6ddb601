//! How far one count is ahead of another.

use streamhouse_metrics_spec::unit;

use crate::promql::schema::{Schema, Series};
use crate::promql::syntax::{Expr, Node, Operator, Span};
use crate::promql::types::Kind;

/// The operator between two of the service's own gauges that count, where their difference is
/// the result.
pub(super) fn difference<'e>(expr: &'e Expr, schema: &Schema) -> Option<&'e Span> {
    match &expr.bare().node {
        Node::Aggregation(aggregation) => difference(&aggregation.of, schema),
        Node::Chain(chain) => match &*chain.rest {
            [link] if link.operator == Operator::Subtract => {
                let sides = [&chain.first, &link.right].map(|side| counts(side, schema));
                // A metric and itself at another time, or its highest and its lowest value, are
                // meant as they are.
                let [Some(one), Some(two)] = sides else { return None };
                (one != two).then_some(&link.operator_span)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The gauge of the service's own that is read, if it counts something.
fn counts<'e>(expr: &'e Expr, schema: &Schema) -> Option<&'e str> {
    match &expr.bare().node {
        Node::Aggregation(aggregation) => counts(&aggregation.of, schema),
        Node::Selector(selector) => {
            let name = &*selector.name.as_ref()?.text;
            let Series { of, .. } = schema.series(name).filter(|_| schema.owns(name))?;
            let unit = of.unit.as_ref().filter(|unit| !unit.is_one())?.name()?;
            (of.kind == Kind::Gauge && !unit::Unit::new(unit).is_base()).then_some(name)
        }
        _ => None,
    }
}
