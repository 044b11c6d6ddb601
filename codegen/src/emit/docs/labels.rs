//! The labels of `docs/metrics.md`: which values each takes, and what carries it.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Domain, Label, MetricId};

use super::metrics::{component_link, link};
use crate::text::markdown::{Align, code, table, text};
use crate::text::number::{counted, thousands};

/// What becomes of values beyond a limit.
const BEYOND: &str = "Values beyond a label's limit are recorded as `__overflow__`; gauges, which cannot be merged, leave them out.";

/// Most metrics that are listed one by one.
const LISTED: usize = 3;

/// The label reference; a service without labels has none.
pub(super) fn section(catalog: &Catalog) -> Option<String> {
    let columns = [
        ("Label", Align::Left),
        ("Values", Align::Left),
        ("Carried by", Align::Left),
        ("Help", Align::Left),
    ];
    let carriers = carriers(catalog);
    let rows = catalog.labels.iter().zip(&carriers).map(|(label, carriers)| {
        vec![name(label), values(label), carried_by(catalog, carriers), text(&label.help)]
    });
    let is_open = |label: &Label| !label.is_closed();
    let beyond = catalog.labels.iter().any(is_open).then(|| format!("\n{BEYOND}\n"));
    let beyond = beyond.unwrap_or_default();
    (!catalog.labels.is_empty()).then(|| format!("## Labels\n\n{}{beyond}", table(&columns, rows)))
}

/// The metrics that carry each label, in file order.
fn carriers(catalog: &Catalog) -> Vec<Vec<MetricId>> {
    let mut carriers = vec![Vec::new(); catalog.labels.len()];
    for id in (0..catalog.components.len()).flat_map(|component| catalog.metric_ids(component)) {
        for &label in &catalog.metric(id).labels {
            carriers[label].push(id);
        }
    }
    carriers
}

/// A label's name, with its key where that is another, for two labels may share one name.
fn name(label: &Label) -> String {
    let Label { key, name, .. } = label;
    if key == name { code(name) } else { format!("{} ({})", code(name), code(key)) }
}

/// A few metrics by name, many by their components.
fn carried_by(catalog: &Catalog, carriers: &[MetricId]) -> String {
    if carriers.len() <= LISTED {
        return carriers.iter().map(|&id| link(catalog, id)).collect::<Vec<_>>().join(", ");
    }
    let of_components = carriers.chunk_by(|one, other| one.component == other.component);
    let component = |ids: &[MetricId]| {
        let link = component_link(catalog, ids[0].component);
        format!("{link} ({})", counted(ids.len(), "metric", "metrics"))
    };
    of_components.map(component).collect::<Vec<_>>().join(", ")
}

/// Which values a label takes.
fn values(label: &Label) -> String {
    match &label.domain {
        Domain::Open { limit, .. } => format!("any, at most {}", thousands(*limit)),
        Domain::Closed { values } => {
            values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ")
        }
    }
}
