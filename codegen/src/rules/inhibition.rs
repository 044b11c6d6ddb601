//! Which alerts mute which: the more urgent tiers of one alert the less urgent ones.

use std::collections::BTreeMap;

use streamhouse_metrics_spec::catalog::{Alert, Condition, Window};
use streamhouse_metrics_spec::slo;

use crate::promql::Results;

/// While one alert fires, others are not notified of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inhibition {
    /// The name of the alert that mutes.
    pub(crate) source: String,
    /// The names of those that are muted.
    pub(crate) targets: Vec<String>,
    /// The labels whose values are the same in both: all that tell the alerts of one name apart.
    pub(crate) equal: Vec<String>,
}

/// Every inhibition of a service, the most urgent first.
pub(crate) fn inhibitions(results: &Results<'_>) -> Vec<Inhibition> {
    let alerts = &results.catalog().alerts;
    let mut tiers: BTreeMap<usize, Vec<&Alert>> = BTreeMap::new();
    for (at, alert) in alerts.iter().enumerate() {
        tiers.entry(alert.tier_of.unwrap_or(at)).or_default().push(alert);
    }
    tiers.into_values().flat_map(|tiers| of_tiers(results, tiers)).collect()
}

/// The inhibitions between the tiers of one alert.
fn of_tiers(results: &Results<'_>, mut tiers: Vec<&Alert>) -> Vec<Inhibition> {
    tiers.sort_by(|one, other| urgency(one).total_cmp(&urgency(other)));
    let Some(first) = tiers.first() else { return Vec::new() };
    let mut equal = results.output_labels(first);
    if let Condition::Burn { .. } = first.condition {
        equal.push(slo::LABEL.to_owned());
    }
    let muting = (1..tiers.len()).map(|at| Inhibition {
        source: tiers[at - 1].name.clone(),
        targets: tiers[at..].iter().map(|alert| alert.name.clone()).collect(),
        equal: equal.clone(),
    });
    muting.collect()
}

/// What sorts the tiers of an alert, those first that are harder to reach.
fn urgency(alert: &Alert) -> f64 {
    match &alert.condition {
        Condition::Threshold(threshold) if threshold.is_above => -threshold.bound,
        Condition::Threshold(threshold) => threshold.bound,
        Condition::Burn { tier, .. } => -tier.factor(Window::Days30).value(),
        Condition::Expression(_) | Condition::Absent(_) => 0.0,
    }
}
