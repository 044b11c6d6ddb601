//! A component's page: every metric on a panel that fits its kind.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Component, Kind};

use super::drawing::Drawing;
use super::layout::Layout;
use super::model::Dashboard;
use super::query::Scope;
use super::{page_name, variable};
use crate::emit::readers::Readers;
use crate::text::grafana;

/// Headings, each with the kind of metric below it, from what happens to what is.
const ROWS: [(&str, Kind); 4] = [
    ("Rates", Kind::Counter),
    ("Distributions", Kind::Histogram),
    ("Values", Kind::Gauge),
    ("Information", Kind::Info),
];

/// The dashboard of a component.
pub(super) fn dashboard(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Dashboard {
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
    Dashboard::new(
        &catalog.namespace,
        &page_name(catalog, &component.key),
        grafana::title(&format!("{} / {}", catalog.title, component.title)),
        description(component, readers, at),
        variable::of_component(catalog, component),
        layout.finish(),
    )
}

/// What the component is, and which alerts belong to it; plain text.
fn description(component: &Component, readers: &Readers<'_>, at: usize) -> String {
    let alerts: Vec<_> = readers.of_component(at).iter().map(|alert| &*alert.name).collect();
    let alerts = (!alerts.is_empty()).then(|| format!("Alerts: {}", alerts.join(", ")));
    let help = Some(component.help.clone()).filter(|help| !help.is_empty());
    help.into_iter().chain(alerts).collect::<Vec<_>>().join("\n\n")
}
