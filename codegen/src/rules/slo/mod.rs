//! The rules of SLOs: what is recorded of each, and its alerts.
//!
//! ```text
//! metrics ──indicator──▶ bad and all events ──recording──▶ what part is bad ──burn──▶ alerts
//! ```
//!
//! Counters are read over five minutes only, and long windows are sums of what was recorded of
//! that: three days of thousands of counters are more samples than Prometheus lets a query load.
//! All SLOs record under the same names and are told apart by the label `slo`.

mod burn;
mod indicator;
mod proof;
mod recording;

use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Alert, Catalog, Condition, Slo};
use streamhouse_metrics_spec::{duration, slo};

use super::{Action, Group, Rule, RuleFile, rule};
use crate::promql::Results;

pub(crate) use burn::{description, expr as burn, measured};
pub(crate) use indicator::{Exposed, base, exposed};
pub(crate) use proof::text as proof;
pub(crate) use recording::recordings;

/// Two files for each SLO: what is recorded, and the alerts.
pub(super) fn files(results: &Results<'_>) -> Vec<RuleFile> {
    let slos = &results.catalog().slos;
    let files = slos.iter().enumerate();
    files.flat_map(|(at, slo)| [recorded(results.catalog(), slo), alerts(results, at)]).collect()
}

/// The name of the file of what is recorded of an SLO, without `.yml`.
pub(crate) fn recording_file(catalog: &Catalog, slo: &Slo) -> String {
    format!("{}.slo.{}.recording", catalog.namespace, slo.key)
}

/// The names of the labels for whose values an SLO holds each, as exposed.
pub(crate) fn labels<'c>(catalog: &'c Catalog, slo: &Slo) -> Vec<&'c str> {
    slo.by.iter().map(|&label| &*catalog.labels[label].name).collect()
}

fn recorded(catalog: &Catalog, slo: &Slo) -> RuleFile {
    let rules = recordings(catalog, slo).into_iter().map(|(name, expr)| Rule {
        action: Action::Record { name },
        expr,
        labels: vec![(slo::LABEL.to_owned(), slo.id.clone())],
    });
    let group = Group {
        name: format!("{}_slo_{}_recording_rules", catalog.namespace, slo.key),
        // Events are counted by it, whatever interval the others have.
        interval: Some(duration::written(Duration::from_secs(slo::INTERVAL))),
        rules: rules.collect(),
    };
    RuleFile { name: recording_file(catalog, slo), groups: vec![group] }
}

/// The alerts of the SLO at a position.
fn alerts(results: &Results<'_>, at: usize) -> RuleFile {
    let catalog = results.catalog();
    let slo = &catalog.slos[at];
    let is_its =
        |alert: &&Alert| matches!(alert.condition, Condition::Burn { slo, .. } if slo == at);
    let alerts = catalog.alerts.iter().filter(is_its);
    let group = Group {
        name: format!("{}_slo_{}", catalog.namespace, slo.key),
        interval: None,
        rules: alerts.map(|alert| rule(results, alert)).collect(),
    };
    let name = format!("{}.slo.{}.alerts", catalog.namespace, slo.key);
    RuleFile { name, groups: vec![group] }
}

/// A series of an SLO.
fn series(name: &str, slo: &Slo) -> String {
    format!("{name}{{{}=\"{}\"}}", slo::LABEL, slo.id)
}
