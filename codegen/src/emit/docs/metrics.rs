//! `docs/metrics.md`: every component's metrics, their labels, and how many series they may take.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{
    Alert, Component, Deprecation, Domain, Kind, Label, Metric, MetricId, Stability,
};

use super::tables;
use crate::emit::readers::{Readers, places};
use crate::text::markdown::{Align, anchor, code, table, text};
use crate::text::number::{counted, thousands};

/// The sections of the page.
pub(super) fn page(catalog: &Catalog) -> Vec<String> {
    let readers = Readers::new(catalog);
    let mut sections = vec![totals(catalog)];
    for component in 0..catalog.components.len() {
        sections.extend(section(catalog, &readers, component));
    }
    sections.extend(labels(catalog));
    sections
}

/// The exposed name of a metric, linked to its row on this page.
pub(super) fn link(catalog: &Catalog, id: MetricId) -> String {
    let name = catalog.metric(id).exposed();
    format!("[{}](metrics.md#{name})", code(&name))
}

/// How many metrics and series there are, against the budget.
fn totals(catalog: &Catalog) -> String {
    let mut metrics = 0;
    let mut series = 0_u64;
    let mut rows = Vec::new();
    for (at, component) in catalog.components.iter().enumerate() {
        let title = format!("[{}](#component-{})", text(&component.title), component.key);
        let worst = worst(catalog, at);
        rows.push(vec![title, thousands(component.metrics.len() as u64), thousands(worst)]);
        metrics += component.metrics.len();
        series = series.saturating_add(worst);
    }
    rows.push(vec!["All".to_owned(), thousands(metrics as u64), thousands(series)]);
    let budget = match catalog.series_budget {
        Some(budget) => format!(", of a budget of {}", thousands(budget)),
        None => String::new(),
    };
    let columns =
        [("Component", Align::Left), ("Metrics", Align::Right), ("Series at worst", Align::Right)];
    format!(
        "{} in {}, for each process at worst {} series{budget}.\n\n{}",
        counted(metrics, "metric"),
        counted(catalog.components.len(), "component"),
        thousands(series),
        table(&columns, rows)
    )
}

/// Most series that a component can expose.
fn worst(catalog: &Catalog, component: usize) -> u64 {
    let metrics = &catalog.components[component].metrics;
    metrics.iter().map(|metric| catalog.worst_series(metric)).fold(0, u64::saturating_add)
}

/// A component: its table, then what does not fit into a table.
fn section(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Vec<String> {
    let component = &catalog.components[at];
    let anchor = anchor(&format!("component-{}", component.key));
    let mut sections = vec![format!("## {anchor}{}", text(&component.title))];
    if !component.help.is_empty() {
        sections.push(text(&component.help));
    }
    if let Some(job) = &component.job {
        sections.push(format!("Scraped as job {}.", code(job)));
    }
    let columns = [
        ("Name", Align::Left),
        ("Type", Align::Left),
        ("Unit", Align::Left),
        ("Labels", Align::Left),
        ("Series at worst", Align::Right),
        ("Help", Align::Left),
    ];
    sections.push(table(&columns, component.metrics.iter().map(|metric| row(catalog, metric))));
    let details: String =
        places(catalog, at).filter_map(|id| details(catalog.metric(id), readers.of(id))).collect();
    sections.extend((!details.is_empty()).then_some(details));
    sections.extend(buckets(component));
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
        text(&metric.help),
    ]
}

/// What else there is to know about a metric, as an item of a list.
fn details(metric: &Metric, alerts: &[&Alert]) -> Option<String> {
    let mut facts = Vec::new();
    if let Some(Deprecation { replacement, note }) = &metric.deprecated {
        let replacement = replacement
            .as_ref()
            .map(|name| format!(", read {} instead", code(name)))
            .unwrap_or_default();
        let note = note.as_ref().map(|note| format!(" ({})", text(note))).unwrap_or_default();
        facts.push(format!("**deprecated**{replacement}{note}"));
    }
    if metric.stability == Stability::Experimental {
        facts.push("experimental: anything about it may change".to_owned());
    }
    if !metric.const_labels.is_empty() {
        let pair = |(name, value): &(String, String)| format!("{} = {}", code(name), code(value));
        let pairs: Vec<_> = metric.const_labels.iter().map(pair).collect();
        facts.push(format!("always {}", pairs.join(", ")));
    }
    facts.extend(metric.owner.as_ref().map(|owner| format!("owned by {}", text(owner))));
    if !alerts.is_empty() {
        let link =
            |alert: &&Alert| format!("[{}](alerts.md#{})", alert.name, alert.name.to_lowercase());
        facts
            .push(format!("watched by {}", alerts.iter().map(link).collect::<Vec<_>>().join(", ")));
    }
    (!facts.is_empty()).then(|| format!("- {}: {}.\n", code(&metric.exposed()), facts.join("; ")))
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

/// The label reference; a service without labels has none.
fn labels(catalog: &Catalog) -> Option<String> {
    let columns = [("Label", Align::Left), ("Values", Align::Left), ("Help", Align::Left)];
    let rows = catalog
        .labels
        .iter()
        .map(|label| vec![code(&label.name), values(label), text(&label.help)]);
    (!catalog.labels.is_empty()).then(|| format!("## Labels\n\n{}", table(&columns, rows)))
}

/// Which values a label takes.
fn values(label: &Label) -> String {
    match &label.domain {
        Domain::Open { limit, .. } => {
            format!("any, at most {}; the rest share one series", thousands(*limit))
        }
        Domain::Closed { values } => {
            values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ")
        }
    }
}
