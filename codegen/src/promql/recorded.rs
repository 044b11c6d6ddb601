//! Recording rules as metrics: what is recorded is of the type of its expression.

use std::collections::BTreeMap;

use streamhouse_metrics_spec::catalog::Slo;
use streamhouse_metrics_spec::unit;
use streamhouse_metrics_spec::{Catalog, slo};

use super::infer::is_aggregated;
use super::labels::{Label, NAME};
use super::schema::{Schema, Series};
use super::types::{Filled, Kind, Type};
use super::unit::Unit;
use super::{Question, Shape, target};
use crate::rules;

/// Adds what a specification's SLOs and its recording rules make of its metrics and of one another.
pub(super) fn add(catalog: &Catalog, schema: &mut Schema) {
    let mut shared: BTreeMap<String, Vec<Series>> = BTreeMap::new();
    for slo in &catalog.slos {
        for (name, series) in of_slo(catalog, slo, schema) {
            shared.entry(name).or_default().push(series);
        }
    }
    shared.into_iter().for_each(|(name, of_slos)| schema.share(name, of_slos));
    for rule in &catalog.recording_rules {
        let series = series(catalog, schema, &rule.name, &rule.expr, rule.unit.as_ref());
        schema.record(rule.name.clone(), series);
    }
}

/// What is recorded of an SLO; the schema knows only these series by their names then.
fn of_slo(catalog: &Catalog, slo: &Slo, schema: &mut Schema) -> Vec<(String, Series)> {
    let rules = rules::slo::recordings(catalog, slo).into_iter().map(|(name, expr)| {
        let mut series = series(catalog, schema, &name, &expr, None);
        series.of.labels.set(slo::LABEL, Label::of([&*slo.id]));
        series.own_labels = series.of.labels.always().map(str::to_owned).collect();
        schema.record(name.clone(), series.clone());
        (name, series)
    });
    rules.collect()
}

/// What is true of the series that rules of two SLOs record under one name.
pub(super) fn either(one: Series, other: Series) -> Series {
    let of = Type {
        labels: one.of.labels.either(&other.of.labels),
        kind: if one.of.kind == other.of.kind { one.of.kind } else { Kind::Unknown },
        unit: one.of.unit.clone().filter(|unit| Some(unit) == other.of.unit.as_ref()),
        between: one.of.between.either(other.of.between),
        is_measured: one.of.is_measured || other.of.is_measured,
        ..one.of
    };
    let mut own_labels = one.own_labels;
    own_labels.extend(other.own_labels);
    own_labels.sort();
    own_labels.dedup();
    Series { of, own_labels, is_aggregated: one.is_aggregated && other.is_aggregated }
}

/// What is recorded of an expression under a name.
fn series(
    catalog: &Catalog,
    schema: &Schema,
    name: &str,
    expr: &str,
    unit: Option<&unit::Unit>,
) -> Series {
    // What is wrong with the expression is found where it stands.
    let question = Question { schema, target: target(catalog), assumes_unknown: true };
    let (of, is_aggregated) = match question.ask(expr) {
        Ok(answer) => (answer.of, is_aggregated(&answer.expr)),
        Err(_) => (Type::unknown(Some(Shape::Instant)), false),
    };
    let said = unit.and_then(|unit| Unit::written(unit.as_str()));
    let mut of = Type {
        shape: Some(Shape::Instant),
        kind: if of.kind == Kind::Constant { Kind::Gauge } else { of.kind },
        unit: of.unit.clone().or(said),
        // Whatever it is of: nothing is there before the first evaluation.
        filled: Filled::Maybe,
        idle: None,
        ..of
    };
    of.labels.set(NAME, Label::of([name]));
    let own_labels = of.labels.always().map(str::to_owned).collect();
    let is_aggregated = is_aggregated && of.kind.is_counted();
    Series { of, own_labels, is_aggregated }
}
