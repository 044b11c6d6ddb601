//! The tables that the reference and hand-written Markdown share.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Component, Metric, Query};

use crate::emit::meaning::meaning;
use crate::text::markdown::{Align, block, code, table, text};

/// A component's metrics: what a reader of a README wants to know.
pub(crate) fn metrics(catalog: &Catalog, component: &Component) -> String {
    let columns = [
        ("Metric", Align::Left),
        ("Type", Align::Left),
        ("Labels", Align::Left),
        ("Meaning", Align::Left),
    ];
    let row = |metric: &Metric| {
        vec![
            code(&metric.exposed()),
            metric.kind.as_str().to_owned(),
            labels(catalog, metric),
            meaning(metric, text),
        ]
    };
    table(&columns, component.metrics.iter().map(row))
}

/// Alerts with their urgency.
pub(crate) fn alerts(alerts: &[Alert]) -> String {
    let columns = [
        ("Alert", Align::Left),
        ("Severity", Align::Left),
        ("After", Align::Left),
        ("Meaning", Align::Left),
    ];
    let row = |alert: &Alert| {
        let after = alert.wait.as_deref().unwrap_or("at once");
        vec![
            code(&alert.name),
            alert.severity.as_str().to_owned(),
            text(after),
            text(&alert.summary),
        ]
    };
    table(&columns, alerts.iter().map(row))
}

/// What a query answers, and the query.
pub(crate) fn query(query: &Query) -> String {
    format!("{}\n\n{}", text(&query.help), block("promql", &query.expr))
}

/// What a result is in, as a sentence.
pub(super) fn unit(unit: &str) -> String {
    match unit {
        "ratio" => "A ratio.".to_owned(),
        "percent" => "In per cent.".to_owned(),
        unit => format!("In {}.", text(unit)),
    }
}

/// Labels with one fixed value each.
pub(crate) fn const_labels<'a>(labels: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let pair = |(name, value): &(String, String)| format!("{} = {}", code(name), code(value));
    labels.into_iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// The labels of a metric, in exposition order.
pub(crate) fn labels(catalog: &Catalog, metric: &Metric) -> String {
    let names: Vec<_> = catalog.labels_of(metric).map(|label| code(&label.name)).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
