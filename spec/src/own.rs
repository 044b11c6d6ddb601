//! Metrics about the metrics: what a component counts about its own recording.
//!
//! Nobody writes them into the specification. The runtime counts in them; what they are called, and
//! which series each component has of them, is decided here and nowhere else.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Component, Kind, Metric, ValueType, exposed};

/// A counter that a component has without anybody asking.
///
/// Beside its one label it carries [`Catalog::const_labels`], as every series does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMetric {
    /// The family's name: namespace, component and key; no `_total`.
    pub family: String,
    /// One sentence about what it counts, exposed as `# HELP`.
    pub help: &'static str,
    /// The name of its one label.
    pub label: &'static str,
    /// The label's values in the order of exposition, each a series from the start; never empty.
    pub values: Vec<String>,
}

/// The key of the counter of records past a limit.
const OVERFLOW: &str = "metrics_overflow";

/// The key of the counter of bad values.
const ERRORS: &str = "metrics_errors";

/// The label that says which limit was reached.
pub const LIMIT_LABEL: &str = "label";

/// The label that says what was wrong.
pub const REASON_LABEL: &str = "reason";

/// Stands for a metric's `series_limit` among the labels whose limit was reached.
pub const SERIES: &str = "__series__";

/// A value that is not a number, infinite, or below zero where that means nothing.
pub const INVALID_VALUE: &str = "invalid_value";

/// An exemplar that the format has no place for.
pub const INVALID_EXEMPLAR: &str = "invalid_exemplar";

impl Component {
    /// The metrics about its metrics, in the order of exposition.
    pub fn own_metrics(&self, catalog: &Catalog) -> Vec<OwnMetric> {
        let [overflow_family, errors_family] = self.own_families(&catalog.namespace);
        let overflow = OwnMetric {
            family: overflow_family,
            help: "Records that went to an overflow series, or were dropped if they set a gauge, \
                   by the label whose limit was reached",
            label: LIMIT_LABEL,
            values: self.limits(catalog),
        };
        let errors = OwnMetric {
            family: errors_family,
            help: "Recorded values that were dropped, by what was wrong with them",
            label: REASON_LABEL,
            values: self.reasons(),
        };
        [overflow, errors].into_iter().filter(|metric| !metric.values.is_empty()).collect()
    }

    /// The families that are left to metrics about its metrics, whether it has them now or not: a
    /// name must not be lost because a label was opened.
    pub(crate) fn own_families(&self, namespace: &str) -> [String; 2] {
        [OVERFLOW, ERRORS].map(|key| format!("{namespace}_{}_{key}", self.key))
    }

    /// What can be reached: limits of open labels by their exposed names, which two labels may
    /// share, in the order of `[labels]`; then limits of series.
    fn limits(&self, catalog: &Catalog) -> Vec<String> {
        let carried: BTreeSet<_> = self.metrics.iter().flat_map(|metric| &metric.labels).collect();
        let mut values: Vec<String> = Vec::new();
        for &at in carried {
            let label = &catalog.labels[at];
            if label.is_open() && !values.contains(&label.name) {
                values.push(label.name.clone());
            }
        }
        if self.metrics.iter().any(|metric| metric.series_limit.is_some()) {
            values.push(SERIES.to_owned());
        }
        values
    }

    /// What can be wrong with what is recorded; nothing where all values are whole.
    fn reasons(&self) -> Vec<String> {
        let exemplars = self.metrics.iter().any(|metric| metric.exemplars);
        let mut reasons = Vec::new();
        if exemplars || self.metrics.iter().any(refuses_values) {
            reasons.push(INVALID_VALUE.to_owned());
        }
        if exemplars {
            reasons.push(INVALID_EXEMPLAR.to_owned());
        }
        reasons
    }
}

/// Whether a metric is recorded by numbers of which some mean nothing to it; gauges take all.
fn refuses_values(metric: &Metric) -> bool {
    let accumulates = matches!(metric.kind, Kind::Counter | Kind::Histogram);
    accumulates && metric.value != ValueType::Integer
}

impl OwnMetric {
    /// The name under which Prometheus knows its samples.
    pub fn exposed(&self) -> String {
        exposed(&self.family, Kind::Counter)
    }

    /// How many series it has, all of them from the start.
    pub fn series(&self) -> u64 {
        self.values.len() as u64
    }
}
