//! The metrics about the metrics in `docs/metrics.md`: what a component counts about itself.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Component, OwnMetric};

use crate::text::markdown::{Align, anchor, code, table, text};
use crate::text::number::thousands;

/// What a component counts about its own recording, if it counts anything.
pub(super) fn metrics(catalog: &Catalog, component: &Component) -> Option<String> {
    let columns = [
        ("Metrics about the metrics", Align::Left),
        ("Labels", Align::Left),
        ("Series", Align::Right),
        ("Help", Align::Left),
    ];
    let rows: Vec<_> = component.own_metrics(catalog).iter().map(row).collect();
    (!rows.is_empty()).then(|| table(&columns, rows))
}

/// A counter as a row, with an anchor as every metric has.
fn row(metric: &OwnMetric) -> Vec<String> {
    let name = metric.exposed();
    let values: Vec<_> = metric.values.iter().map(|value| code(value)).collect();
    vec![
        format!("{}{}", anchor(&name), code(&name)),
        format!("{}: {}", code(metric.label), values.join(", ")),
        thousands(metric.series()),
        text(metric.help),
    ]
}
