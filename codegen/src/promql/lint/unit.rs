//! A unit that is written down, held against that of the expression.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Query, RecordingRule};
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::{rule, unit};

use super::Found;
use crate::promql::infer::Finding;
use crate::promql::shown::may_be_share;
use crate::promql::types::{Kind, Type};
use crate::promql::unit::Unit;

/// Finds a unit that is not the expression's.
pub(super) fn in_unit(expression: &Expression, of: &Type, catalog: &Catalog) -> Option<Found> {
    let place = expression.unit?;
    let said = match expression.reader {
        Reader::Query(at) => catalog.queries.get(at).and_then(|Query { unit, .. }| unit.as_ref()),
        Reader::RecordingRule(at) => {
            let rule = catalog.recording_rules.get(at);
            rule.and_then(|RecordingRule { unit, .. }| unit.as_ref())
        }
        Reader::Alert(_) => None,
    }?;
    let (said, follows) = (Unit::written(said.as_str())?, of.unit.as_ref()?);
    // A literal fits every unit.
    if !of.is_measured || said == *follows {
        return None;
    }
    let (said, follows) = (said.name()?, follows.name()?);
    let is_share = said == "ratio" && may_be_share(&follows);
    if is_share || is_how_many(of, &said, &follows) {
        return None;
    }
    let message = format!("this is in {follows}, and not in {said}");
    let help = match is_word(&follows) {
        true => format!("write `\"{follows}\"`, or leave it out"),
        false => "leave it out".to_owned(),
    };
    let (rule, span) = (&rule::DECLARED_UNIT, 0..place.range().len());
    Some((place, Finding { rule, span, message, help: Some(help) }))
}

/// Whether a unit says of what there are so many, or so many a second.
fn is_how_many(of: &Type, said: &str, follows: &str) -> bool {
    let counted = match follows {
        "1/s" => said.strip_suffix("/s"),
        "ratio" => Some(said),
        _ => None,
    };
    let is_share = matches!(of.kind, Kind::Ratio | Kind::Quantile | Kind::Average);
    counted.is_some_and(|counted| !is_share && !unit::Unit::new(counted).is_base())
}

/// Whether a specification can write a unit: a word, or a word a second.
fn is_word(unit: &str) -> bool {
    let counted = unit.strip_suffix("/s").unwrap_or(unit);
    counted != "percent" && counted.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}
