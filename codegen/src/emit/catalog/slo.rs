//! Service level objectives in `catalog.json`.

use serde::Serialize;
use streamhouse_metrics_spec::catalog::{self, Catalog, Condition};
use streamhouse_metrics_spec::fraction::Fraction;

use crate::rules;

#[derive(Serialize)]
pub(super) struct Slo<'a> {
    key: &'a str,
    /// The value of the label `slo` of its series.
    id: &'a str,
    title: &'a str,
    help: &'a str,
    /// As decimal digits, of one: `0.999`.
    objective: String,
    error_budget: String,
    window: &'static str,
    /// Exposed names of the labels for whose values it is to hold each.
    by: Vec<&'a str>,
    min_bad_events: u64,
    owner: Option<&'a str>,
    /// Exposed names of the metrics that it is of.
    reads: Vec<String>,
    recording_rules: Vec<Recording>,
    alerts: Vec<Burn<'a>>,
}

#[derive(Serialize)]
struct Recording {
    name: String,
    expr: String,
}

/// An alert of its own list, with what it follows from.
#[derive(Serialize)]
struct Burn<'a> {
    name: &'a str,
    long_window: &'static str,
    short_window: &'static str,
    /// How many per cent of the budget are spent in the long window.
    budget_percent: u64,
    /// Rounded where their digits do not come to an end.
    factor: String,
    threshold: String,
}

impl<'a> Slo<'a> {
    /// The SLO at a position.
    pub(super) fn new(catalog: &'a Catalog, at: usize) -> Self {
        let slo = &catalog.slos[at];
        let catalog::Slo {
            key,
            id,
            title,
            help,
            indicator,
            objective,
            window,
            by: _,
            min_bad_events,
            runbook: _,
            owner,
        } = slo;
        let recordings = rules::slo::recordings(catalog, slo).into_iter();
        let alerts = catalog.alerts.iter().filter_map(|alert| match alert.condition {
            Condition::Burn { slo: of, tier } if of == at => Some(Burn {
                name: &alert.name,
                long_window: tier.long,
                short_window: tier.short,
                budget_percent: tier.percent,
                factor: digits(slo.factor(tier)),
                threshold: digits(slo.threshold(tier)),
            }),
            _ => None,
        });
        Self {
            key,
            id,
            title,
            help,
            objective: digits(*objective),
            error_budget: digits(slo.budget()),
            window: window.as_str(),
            by: rules::slo::labels(catalog, slo),
            min_bad_events: *min_bad_events,
            owner: owner.as_deref(),
            reads: super::exposed(catalog, &indicator.metrics()),
            recording_rules: recordings.map(|(name, expr)| Recording { name, expr }).collect(),
            alerts: alerts.collect(),
        }
    }
}

/// All digits of a fraction, or enough of them.
fn digits(fraction: Fraction) -> String {
    fraction.decimal().unwrap_or_else(|| fraction.rounded(12))
}
