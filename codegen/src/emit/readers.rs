//! Which alerts read which metric, turned around once instead of searched for each metric.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, MetricId};

/// The alerts that read each metric, in file order.
pub(super) struct Readers<'a> {
    alerts: HashMap<MetricId, Vec<&'a Alert>>,
}

impl<'a> Readers<'a> {
    /// Turns `reads` of all alerts around.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut alerts: HashMap<_, Vec<_>> = HashMap::new();
        for alert in &catalog.alerts {
            for &id in &alert.reads {
                alerts.entry(id).or_default().push(alert);
            }
        }
        Self { alerts }
    }

    /// The alerts that read a metric.
    pub(super) fn of(&self, id: MetricId) -> &[&'a Alert] {
        self.alerts.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// A component's metrics with their places.
pub(super) fn places(catalog: &Catalog, component: usize) -> impl Iterator<Item = MetricId> {
    (0..catalog.components[component].metrics.len())
        .map(move |metric| MetricId { component, metric })
}
