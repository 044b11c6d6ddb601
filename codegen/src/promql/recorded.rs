//! Recording rules as metrics: what is recorded is of the type of its expression.

use streamhouse_metrics_spec::Catalog;

use super::infer::is_aggregated;
use super::labels::{Label, NAME};
use super::schema::{Schema, Series};
use super::types::{Filled, Kind, Type};
use super::unit::Unit;
use super::{Question, Shape, target};

/// Adds what a specification's recording rules make of its metrics and of one another.
pub(super) fn add(catalog: &Catalog, schema: &mut Schema) {
    for rule in &catalog.recording_rules {
        // What is wrong with the expression is found where it stands.
        let question = Question { schema, target: target(catalog), assumes_unknown: true };
        let (of, is_aggregated) = match question.ask(&rule.expr) {
            Ok(answer) => (answer.of, is_aggregated(&answer.expr)),
            Err(_) => (Type::unknown(Some(Shape::Instant)), false),
        };
        let said = rule.unit.as_ref().and_then(|unit| Unit::written(unit.as_str()));
        let mut of = Type {
            shape: Some(Shape::Instant),
            kind: if of.kind == Kind::Constant { Kind::Gauge } else { of.kind },
            unit: of.unit.clone().or(said),
            // Whatever it is of: nothing is there before the first evaluation.
            filled: Filled::Maybe,
            idle: None,
            ..of
        };
        of.labels.set(NAME, Label::of([&*rule.name]));
        let own_labels = of.labels.always().map(str::to_owned).collect();
        let is_aggregated = is_aggregated && of.kind.is_counted();
        schema.record(rule.name.clone(), Series { of, own_labels, is_aggregated });
    }
}
