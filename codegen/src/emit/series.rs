//! Most series that a process can expose.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Component;

/// Those of all components.
pub(super) fn of_service(catalog: &Catalog) -> u64 {
    sum(catalog.components.iter().map(|component| of_component(catalog, component)))
}

/// Those of a component's metrics.
pub(super) fn of_component(catalog: &Catalog, component: &Component) -> u64 {
    sum(component.metrics.iter().map(|metric| catalog.worst_series(metric)))
}

/// A sum that stops at the largest number instead of starting anew.
fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}
