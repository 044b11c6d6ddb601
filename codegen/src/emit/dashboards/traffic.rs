//! What a metric is to the people who run a service: its traffic, its errors, its duration, or what
//! it has in hand.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Domain, Indicator, Kind, Metric, MetricId};

/// Words in a counter's name, or in a closed label's values, that say that something went wrong.
const WRONG: &[&str] = &[
    "abort", "aborted", "denied", "dropped", "error", "errors", "failed", "failure", "failures",
    "lost", "rejected", "timeout", "timeouts",
];

/// What a metric is to the people who run a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Work that is done.
    Traffic,
    /// Work that failed.
    Errors,
    /// How long it takes.
    Duration,
    /// What is there now.
    Resource,
    /// How large things are.
    Size,
    /// What does not change.
    Information,
}

impl Role {
    pub(super) fn of(metric: &Metric) -> Self {
        match metric.kind {
            Kind::Counter if speaks_of_errors(metric) => Self::Errors,
            Kind::Counter => Self::Traffic,
            Kind::Histogram if metric.unit.as_str() == "seconds" => Self::Duration,
            Kind::Histogram => Self::Size,
            Kind::Gauge => Self::Resource,
            Kind::Info => Self::Information,
        }
    }
}

/// What is counted of something that can fail.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failures {
    /// A counter of failures beside one of successes: all is their sum.
    Beside { failed: MetricId, succeeded: MetricId },
    /// A counter of failures beside one of everything that was tried, as far as names tell.
    Of { failed: MetricId, tried: MetricId },
    /// One counter whose label tells failures.
    Told { metric: MetricId, label: usize, values: Vec<String> },
}

impl Failures {
    /// What can fail in a component, by the counter that its failures are in.
    ///
    /// An objective says it for certain; otherwise names do.
    pub(super) fn of_component(catalog: &Catalog, component: usize) -> HashMap<MetricId, Self> {
        let mut found = HashMap::new();
        for id in catalog.metric_ids(component) {
            let metric = catalog.metric(id);
            let known = match Role::of(metric) {
                Role::Errors => beside(catalog, component, id),
                Role::Traffic => told(catalog, id),
                _ => None,
            };
            found.extend(known.map(|known| (id, known)));
        }
        for slo in &catalog.slos {
            match &slo.indicator {
                &Indicator::Counters { good: succeeded, bad: failed } => {
                    found.insert(failed, Self::Beside { failed, succeeded });
                }
                Indicator::Values { metric, label, good } => {
                    if let Domain::Closed { values } = &catalog.labels[*label].domain {
                        let bad = values.iter().filter(|value| !good.contains(value)).cloned();
                        let (metric, label, values) = (*metric, *label, bad.collect());
                        found.insert(metric, Self::Told { metric, label, values });
                    }
                }
                Indicator::Faster { .. } | Indicator::Below { .. } => {}
            }
        }
        found.retain(|id, _| id.component == component);
        found
    }
}

/// The counter of what was tried: the one of its name, as `request_errors` are of `requests`, or one of
/// the same things; with the most labels in common.
fn beside(catalog: &Catalog, component: usize, failed: MetricId) -> Option<Failures> {
    let errors = catalog.metric(failed);
    let words: Vec<_> = errors.key.split('_').filter(|word| !WRONG.contains(word)).collect();
    let stem = words.join("_");
    let candidates = catalog.metric_ids(component).filter_map(|id| {
        let metric = catalog.metric(id);
        let is_named = !stem.is_empty() && metric.key.starts_with(&stem);
        let shared = errors.labels.iter().filter(|label| metric.labels.contains(label)).count();
        let is_traffic = Role::of(metric) == Role::Traffic
            && metric.deprecated.is_none()
            && metric.unit.as_str() != "bytes";
        let is_same = metric.unit == errors.unit && (shared > 0 || errors.labels.is_empty());
        (is_traffic && (is_named || is_same)).then_some(((is_named, shared), id))
    });
    // The first of the best.
    let best = candidates.reduce(|best, other| if other.0 > best.0 { other } else { best })?;
    Some(Failures::Of { failed, tried: best.1 })
}

/// The first closed label with values that say that something went wrong, and others.
fn told(catalog: &Catalog, id: MetricId) -> Option<Failures> {
    let labels = catalog.metric(id).labels.iter();
    labels.copied().find_map(|label| {
        let Domain::Closed { values } = &catalog.labels[label].domain else { return None };
        let is_wrong = |value: &&String| WRONG.contains(&&***value);
        let wrong: Vec<_> = values.iter().filter(is_wrong).cloned().collect();
        let is_told = !wrong.is_empty() && wrong.len() < values.len();
        is_told.then_some(Failures::Told { metric: id, label, values: wrong })
    })
}

/// Whether a metric's name says that something went wrong.
fn speaks_of_errors(metric: &Metric) -> bool {
    metric.key.split('_').any(|word| WRONG.contains(&word))
}

#[cfg(test)]
mod tests {
    use streamhouse_metrics_spec::check_text;

    use super::*;

    const SHOP: &str = r#"
namespace = "shop"

[labels]
outcome = { help = "How it went", values = ["done", "failed", "timeout"] }
kind    = { help = "What it is", values = ["a", "failed"] }
only    = { help = "What went wrong", values = ["failed", "lost"] }

[cart.orders]
type = "counter"
unit = "items"
help = "a"

[cart.order_errors]
type = "counter"
unit = "errors"
help = "a"

[cart.visits]
type = "counter"
unit = "requests"
labels = ["outcome"]
help = "a"

[cart.losses]
type = "counter"
unit = "items"
labels = ["only"]
help = "a"
"#;

    /// What fails, by the keys of metrics, in words.
    fn found(text: &str) -> Vec<String> {
        let catalog = check_text(text).expect("is valid").catalog;
        let key = |id: MetricId| &*catalog.metric(id).key;
        let failures = Failures::of_component(&catalog, 0);
        let mut found: Vec<_> = failures
            .values()
            .map(|failures| match failures {
                Failures::Beside { failed, succeeded } => {
                    format!("{} beside {}", key(*failed), key(*succeeded))
                }
                Failures::Of { failed, tried } => format!("{} of {}", key(*failed), key(*tried)),
                Failures::Told { metric, label, values } => {
                    format!("{} {}={values:?}", key(*metric), catalog.labels[*label].name)
                }
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn names_tell_what_fails() {
        let expected = ["order_errors of orders", r#"visits outcome=["failed", "timeout"]"#];
        assert_eq!(found(SHOP), expected);
    }

    #[test]
    fn an_objective_tells_for_certain() {
        let slos = r#"
[slos.orders]
help = "a"
good = "cart.orders"
bad = "cart.losses"
objective = 99

[slos.visits]
help = "a"
metric = "cart.visits"
good_values = { outcome = ["done", "timeout"] }
objective = 99
"#;
        let expected =
            ["losses beside orders", "order_errors of orders", r#"visits outcome=["failed"]"#];
        assert_eq!(found(&format!("{SHOP}{slos}")), expected);
    }

    #[test]
    fn roles_follow_from_kind_and_name() {
        let catalog = check_text(SHOP).expect("is valid").catalog;
        let roles: Vec<_> = catalog.metrics().map(|(_, metric)| Role::of(metric)).collect();
        assert_eq!(roles, [Role::Traffic, Role::Errors, Role::Traffic, Role::Traffic]);
    }
}
