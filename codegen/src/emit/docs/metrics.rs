//! `docs/metrics.md`: every component's metrics, and how many series they may take.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Component, Kind, Metric, MetricId};

use super::{labels, own, paragraph, recording, tables};
use crate::emit::meaning::meaning;
use crate::emit::readers::Readers;
use crate::text::markdown::{Align, anchor, code, table, text};
use crate::text::number::{counted, thousands};

/// The sections of the page.
pub(super) fn page(catalog: &Catalog) -> Vec<String> {
    let readers = Readers::new(catalog);
    let shared = shared_labels(catalog);
    let mut sections = vec![totals(catalog)];
    if !shared.is_empty() {
        let labels = tables::const_labels(shared.iter().copied());
        sections.push(format!("Every series carries {labels}."));
    }
    for component in 0..catalog.components.len() {
        sections.extend(section(catalog, &readers, &shared, component));
    }
    sections.extend(labels::section(catalog));
    sections
}

/// Which metrics something reads, if any, with links to their rows on this page.
pub(super) fn reads(catalog: &Catalog, reads: &[MetricId]) -> Option<String> {
    let links: Vec<_> = reads.iter().map(|&id| link(catalog, id)).collect();
    (!links.is_empty()).then(|| format!("Reads {}.", links.join(", ")))
}

/// The exposed name of a metric, linked to its row on this page.
pub(super) fn link(catalog: &Catalog, id: MetricId) -> String {
    let name = catalog.metric(id).exposed();
    format!("[{}](metrics.md#{name})", code(&name))
}

/// The title of a component, linked to its section on this page.
pub(super) fn component_link(catalog: &Catalog, at: usize) -> String {
    let component = &catalog.components[at];
    format!("[{}](metrics.md#component-{})", text(&component.title), component.key)
}

/// The constant labels that all metrics have, which are said once.
fn shared_labels(catalog: &Catalog) -> Vec<&(String, String)> {
    let mut metrics = catalog.metrics().map(|(_, metric)| &metric.const_labels);
    let mut shared: Vec<_> = metrics.next().into_iter().flatten().collect();
    metrics.for_each(|labels| shared.retain(|label| labels.contains(label)));
    shared
}

/// How many metrics and series there are, against the budget.
fn totals(catalog: &Catalog) -> String {
    let mut metrics = 0;
    let mut rows = Vec::new();
    for (at, component) in catalog.components.iter().enumerate() {
        rows.push(vec![
            component_link(catalog, at),
            thousands(component.metrics.len() as u64),
            thousands(catalog.worst_series_of_component(component)),
        ]);
        metrics += component.metrics.len();
    }
    let series = thousands(catalog.worst_series_of_service());
    rows.push(vec!["All".to_owned(), thousands(metrics as u64), series.clone()]);
    let budget = match catalog.series_budget {
        Some(budget) => format!(", of a budget of {}", thousands(budget)),
        None => String::new(),
    };
    let columns =
        [("Component", Align::Left), ("Metrics", Align::Right), ("Series at worst", Align::Right)];
    format!(
        "{} in {}, for each process at worst {series} series{budget}.\n\n{}",
        counted(metrics, "metric", "metrics"),
        counted(catalog.components.len(), "component", "components"),
        table(&columns, rows)
    )
}

/// A component: its table, then what does not fit into a table.
fn section(
    catalog: &Catalog,
    readers: &Readers<'_>,
    shared: &[&(String, String)],
    at: usize,
) -> Vec<String> {
    let component = &catalog.components[at];
    let anchor = anchor(&format!("component-{}", component.key));
    let mut sections = vec![format!("## {anchor}{}", text(&component.title))];
    if !component.help.is_empty() {
        sections.push(text(&component.help));
    }
    let facts = [
        component.job.as_ref().map(|job| format!("Scraped as job {}.", code(job))),
        watched(readers.of_component(at)).map(|watched| format!("Alerts: {watched}.")),
        recording::idle(component),
    ];
    sections.extend(paragraph(facts));
    let columns = [
        ("Name", Align::Left),
        ("Type", Align::Left),
        ("Unit", Align::Left),
        ("Labels", Align::Left),
        ("Series at worst", Align::Right),
        ("Help", Align::Left),
    ];
    sections.push(table(&columns, component.metrics.iter().map(|metric| row(catalog, metric))));
    let details: String = catalog
        .metric_ids(at)
        .filter_map(|id| details(catalog, id, shared, readers.of(id)))
        .collect();
    sections.extend((!details.is_empty()).then_some(details));
    sections.extend(buckets(component));
    sections.extend(own::metrics(catalog, component));
    sections
}

/// A metric as a row, with the anchor that other pages link to.
fn row(catalog: &Catalog, metric: &Metric) -> Vec<String> {
    let name = metric.exposed();
    vec![
        format!("{}{}", anchor(&name), code(&name)),
        metric.kind.as_str().to_owned(),
        if metric.unit.is_none() { "none".to_owned() } else { text(metric.unit.as_str()) },
        tables::labels(catalog, metric),
        thousands(catalog.worst_series(metric)),
        meaning(metric, text),
    ]
}

/// What else there is to know about a metric, as an item of a list.
fn details(
    catalog: &Catalog,
    id: MetricId,
    shared: &[&(String, String)],
    alerts: &[&Alert],
) -> Option<String> {
    let metric = catalog.metric(id);
    let own: Vec<_> = metric.const_labels.iter().filter(|label| !shared.contains(label)).collect();
    let facts = [
        (!own.is_empty()).then(|| format!("always {}", tables::const_labels(own))),
        metric.owner.as_ref().map(|owner| format!("owned by {}", text(owner))),
        watched(alerts).map(|watched| format!("watched by {watched}")),
    ];
    let recorded = recording::facts(catalog, metric);
    let facts: Vec<_> = recorded.into_iter().chain(facts).flatten().collect();
    (!facts.is_empty()).then(|| format!("- {}: {}.\n", code(&metric.exposed()), facts.join("; ")))
}

/// Links to alerts, if there are any.
fn watched(alerts: &[&Alert]) -> Option<String> {
    let link =
        |alert: &&Alert| format!("[{}](alerts.md#{})", alert.name, alert.name.to_lowercase());
    (!alerts.is_empty()).then(|| alerts.iter().map(link).collect::<Vec<_>>().join(", "))
}

/// The bounds of a component's histograms, those with equal bounds together.
fn buckets(component: &Component) -> Option<String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for metric in component.metrics.iter().filter(|metric| metric.kind == Kind::Histogram) {
        let bounds = metric.buckets.iter().map(|bound| bound.le()).collect::<Vec<_>>().join(", ");
        let name = code(&metric.exposed());
        match known.get(&bounds) {
            Some(&row) => rows[row][0] += &format!("<br>{name}"),
            None => {
                known.insert(bounds.clone(), rows.len());
                rows.push(vec![name, bounds]);
            }
        }
    }
    let columns = [("Histogram", Align::Left), ("Upper bounds of its buckets", Align::Left)];
    (!rows.is_empty()).then(|| table(&columns, rows))
}
