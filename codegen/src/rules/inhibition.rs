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
    // Whatever their bounds and waits are, what can wait never mutes what cannot.
    tiers.sort_by(|one, other| {
        let by_severity = one.severity.cmp(&other.severity);
        by_severity.then(distance(one).total_cmp(&distance(other)))
    });
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

/// What sorts tiers of one severity, those first that are harder to reach.
fn distance(alert: &Alert) -> f64 {
    match &alert.condition {
        Condition::Threshold(threshold) if threshold.is_above => -threshold.bound,
        Condition::Threshold(threshold) => threshold.bound,
        Condition::Burn { tier, .. } => -tier.factor(Window::Days30).value(),
        Condition::Expression(_) | Condition::Absent(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handwritten::Handwritten;

    #[test]
    fn a_warning_never_mutes_what_is_critical() {
        let tier = |severity, bound| {
            format!("{{ above = {bound}, severity = '{severity}', summary = 'a' }}")
        };
        let text = format!(
            "namespace = 'shop'\n[cart.items]\ntype = 'gauge'\nunit = 'items'\nhelp = 'a'\n\
             [alerts.Full]\nmetric = 'cart.items'\nabove = 10\nfor = '5m'\nseverity = 'warning'\n\
             summary = 'a'\n[alerts.Full.tiers]\nForLong = {}\nFuller = {}\nFullest = {}\n",
            tier("critical", 10),
            tier("critical", 20),
            tier("info", 30),
        );
        let checked = streamhouse_metrics_spec::check_text(&text).expect("is valid");
        let handwritten = Handwritten::default();
        let inhibitions = inhibitions(&Results::new(&checked.catalog, &handwritten));
        let muting =
            inhibitions.iter().map(|of| format!("{}: {}", of.source, of.targets.join(" ")));
        let muting: Vec<_> = muting.collect();
        assert_eq!(
            muting,
            ["Fuller: ForLong Full Fullest", "ForLong: Full Fullest", "Full: Fullest"]
        );
    }
}
