//! A component's page: every metric on a panel that fits its kind.

use streamhouse_metrics_spec::catalog::{Component, Kind, Query};
use streamhouse_metrics_spec::name;

use super::drawing::Drawing;
use super::layout::Layout;
use super::model::Dashboard;
use super::panel::{Face, Panel};
use super::query::{Scope, matchers};
use super::{page_name, unit, variable};
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::text::grafana;

/// Headings, each with the kind of metric below it, from what happens to what is.
const ROWS: [(&str, Kind); 4] = [
    ("Rates", Kind::Counter),
    ("Distributions", Kind::Histogram),
    ("Values", Kind::Gauge),
    ("Information", Kind::Info),
];

/// The dashboard of a component.
pub(super) fn dashboard(results: &Results<'_>, readers: &Readers<'_>, at: usize) -> Dashboard {
    let catalog = results.catalog();
    let component = &catalog.components[at];
    let drawing = Drawing::new(catalog, readers, at, Scope::Component);
    let mut layout = Layout::default();
    for (heading, kind) in ROWS {
        let mut metrics: Vec<_> =
            catalog.metric_ids(at).filter(|&id| catalog.metric(id).kind == kind).collect();
        // What is on its way out comes last.
        metrics.sort_by_key(|&id| catalog.metric(id).deprecated.is_some());
        if !metrics.is_empty() {
            layout.row(heading);
        }
        let (width, height) = if kind == Kind::Info { (24, 6) } else { (12, 8) };
        for id in metrics {
            layout.place(width, height, drawing.panel(id, &[0.5, 0.95, 0.99]));
            if kind == Kind::Histogram {
                layout.place(width, height, drawing.distribution(id));
            }
        }
    }
    let queries = readers.queries_of(at);
    if !queries.is_empty() {
        layout.row("Queries");
    }
    for query in queries {
        layout.place(12, 8, named(results, at, query));
    }
    Dashboard::new(
        &catalog.namespace,
        &page_name(catalog, &component.key),
        grafana::title(&format!("{} / {}", catalog.title, component.title)),
        description(component, readers, at),
        variable::of_component(catalog, component),
        layout.finish(),
    )
}

/// A named query, of what the reader chose: of targets only where it is about this component alone,
/// since no target is one of two components.
fn named(results: &Results<'_>, at: usize, query: &Query) -> Panel {
    let catalog = results.catalog();
    let labels = catalog.labels.iter().enumerate();
    let labels = labels.filter(|(label, _)| has_label(&catalog.components[at], *label));
    let mut matchers = matchers(labels.map(|(_, label)| label));
    if query.reads.iter().any(|id| id.component != at) {
        matchers.retain(|(label, _)| !matches!(*label, "job" | "instance"));
    }
    let unit = results.unit(query);
    let face = Face {
        title: grafana::title(&name::to_title(&query.key)),
        description: grafana::description(&query.help),
        unit: unit.as_deref().map_or("short", unit::id),
    };
    let expr = results.narrowed(query, &matchers);
    Panel::time_series(face, results.is_positive(query), vec![(expr, results.legend(query))])
}

fn has_label(component: &Component, label: usize) -> bool {
    component.metrics.iter().any(|metric| metric.labels.contains(&label))
}

/// What the component is, and which alerts belong to it; plain text.
fn description(component: &Component, readers: &Readers<'_>, at: usize) -> String {
    let alerts: Vec<_> = readers.of_component(at).iter().map(|alert| &*alert.name).collect();
    let alerts = (!alerts.is_empty()).then(|| format!("Alerts: {}", alerts.join(", ")));
    let help = Some(component.help.clone()).filter(|help| !help.is_empty());
    help.into_iter().chain(alerts).collect::<Vec<_>>().join("\n\n")
}
