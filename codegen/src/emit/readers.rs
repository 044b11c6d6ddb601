//! Which alerts watch and which queries show what, and what metrics are called: found once instead of
//! for each metric.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, MetricId, Query};

use super::belonging;
use super::dashboards::Titles;

/// The alerts of each metric and of each component, in file order.
pub(super) struct Readers<'a> {
    of_metrics: HashMap<MetricId, Vec<&'a Alert>>,
    of_components: HashMap<usize, Vec<&'a Alert>>,
    queries: HashMap<usize, Vec<&'a Query>>,
    titles: Vec<Titles<'a>>,
}

impl<'a> Readers<'a> {
    /// Turns what alerts read and belong to around.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut of_components: HashMap<_, Vec<_>> = HashMap::new();
        for alert in &catalog.alerts {
            if let Some(component) = belonging::component(catalog, alert) {
                of_components.entry(component).or_default().push(alert);
            }
        }
        let mut queries: HashMap<_, Vec<_>> = HashMap::new();
        for query in &catalog.queries {
            if let Some(first) = query.reads.first() {
                queries.entry(first.component).or_default().push(query);
            }
        }
        let titles = catalog.components.iter().map(Titles::new).collect();
        Self { of_metrics: catalog.alerts_by_metric(), of_components, queries, titles }
    }

    /// The alerts that read a metric.
    pub(super) fn of(&self, id: MetricId) -> &[&'a Alert] {
        self.of_metrics.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The alerts that belong to a component.
    pub(super) fn of_component(&self, component: usize) -> &[&'a Alert] {
        self.of_components.get(&component).map_or(&[], Vec::as_slice)
    }

    /// What the panels of a component's metrics are called.
    pub(super) fn titles(&self, component: usize) -> &Titles<'a> {
        &self.titles[component]
    }

    /// The named queries whose first metric is the component's.
    pub(super) fn queries_of(&self, component: usize) -> &[&'a Query] {
        self.queries.get(&component).map_or(&[], Vec::as_slice)
    }
}
