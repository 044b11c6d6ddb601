//! A component's page: every metric on a panel that fits its kind.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Kind, Metric, MetricId};
use streamhouse_metrics_spec::name;
use streamhouse_metrics_spec::unit::Unit;

use super::layout::Layout;
use super::model::Dashboard;
use super::panel::{Face, Panel};
use super::query::{Scope, aggregate, kept, legend, rate, selector};
use super::{page_name, unit, variable};
use crate::emit::readers::{Readers, places};
use crate::text::{grafana, markdown};

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
    let mut layout = Layout::default();
    for (heading, kind) in ROWS {
        let mut metrics =
            places(catalog, at).filter(|&id| catalog.metric(id).kind == kind).peekable();
        if metrics.peek().is_some() {
            layout.row(heading);
        }
        for id in metrics {
            place(catalog, readers, id, &mut layout);
        }
    }
    Dashboard::new(
        &catalog.namespace,
        &page_name(catalog, &component.key),
        grafana::title(&format!("{} / {}", catalog.title, component.title)),
        component.help.clone(),
        variable::of_component(catalog, component),
        layout.finish(),
    )
}

/// Sets the panels of a metric.
fn place(catalog: &Catalog, readers: &Readers<'_>, id: MetricId, layout: &mut Layout) {
    let metric = catalog.metric(id);
    let description = description(metric, readers.of(id));
    match metric.kind {
        Kind::Counter => {
            layout.place(12, 8, counter(catalog, metric, description, Scope::Component))
        }
        Kind::Gauge => layout.place(12, 8, gauge(catalog, metric, description, Scope::Component)),
        Kind::Info => layout.place(24, 6, info(catalog, metric, description)),
        Kind::Histogram => {
            layout.place(
                12,
                8,
                quantiles(
                    catalog,
                    metric,
                    description.clone(),
                    &[0.5, 0.95, 0.99],
                    Scope::Component,
                ),
            );
            layout.place(12, 8, distribution(catalog, metric, description));
        }
    }
}

/// What a metric's panel says about itself.
pub(super) fn description(metric: &Metric, alerts: &[&Alert]) -> String {
    let mut text =
        format!("{}\n\n{}", grafana::description(&metric.help), markdown::code(&metric.exposed()));
    for alert in alerts {
        text.push_str(&format!("\n\nWatched by {}", alert.name));
        if let Some(runbook) = &alert.runbook {
            text.push_str(&format!(", {}", grafana::link("runbook", runbook)));
        }
    }
    text
}

/// A counter as its rate.
pub(super) fn counter(
    catalog: &Catalog,
    metric: &Metric,
    description: String,
    scope: Scope,
) -> Panel {
    let kept = kept(catalog, metric);
    let expr = aggregate("sum", &kept, &rate(&selector(catalog, metric, &metric.exposed(), scope)));
    let legend = legend(&kept, &title(metric));
    Panel::time_series(
        face(metric, description, &metric.unit.per_second()),
        true,
        vec![(expr, legend)],
    )
}

/// A gauge as its value.
///
/// Where indices are summed away, the worst of them matters, such as the partition that is
/// furthest behind; what is counted adds up over instances; of a measurement, the largest matters.
pub(super) fn gauge(
    catalog: &Catalog,
    metric: &Metric,
    description: String,
    scope: Scope,
) -> Panel {
    let kept = kept(catalog, metric);
    let adds_up =
        !metric.unit.is_none() && !metric.unit.is_fractional() && kept.len() == metric.labels.len();
    let operator = if adds_up { "sum" } else { "max" };
    let expr = aggregate(operator, &kept, &selector(catalog, metric, &metric.exposed(), scope));
    let legend = legend(&kept, &title(metric));
    Panel::time_series(face(metric, description, &metric.unit), false, vec![(expr, legend)])
}

/// A histogram as quantiles over all its series.
pub(super) fn quantiles(
    catalog: &Catalog,
    metric: &Metric,
    description: String,
    quantiles: &[f64],
    scope: Scope,
) -> Panel {
    let buckets = buckets(catalog, metric, scope);
    let query = |quantile: &f64| {
        (format!("histogram_quantile({quantile}, {buckets})"), format!("p{}", quantile * 100.0))
    };
    Panel::time_series(
        face(metric, description, &metric.unit),
        true,
        quantiles.iter().map(query).collect(),
    )
}

/// A histogram as a heatmap.
fn distribution(catalog: &Catalog, metric: &Metric, description: String) -> Panel {
    let mut face = face(metric, description, &metric.unit);
    face.title.push_str(", distribution");
    Panel::heatmap(face, buckets(catalog, metric, Scope::Component))
}

/// An info metric as a table of its labels.
fn info(catalog: &Catalog, metric: &Metric, description: String) -> Panel {
    let labels = catalog.labels_of(metric).map(|label| &*label.name);
    let constant = metric.const_labels.iter().map(|(name, _)| &**name);
    let mut kept: Vec<_> = labels.chain(constant).collect();
    kept.push("instance");
    let expr =
        aggregate("max", &kept, &selector(catalog, metric, &metric.exposed(), Scope::Component));
    Panel::table(face(metric, description, &Unit::none()), expr)
}

fn buckets(catalog: &Catalog, metric: &Metric, scope: Scope) -> String {
    let sample = format!("{}_bucket", metric.family);
    aggregate("sum", &["le"], &rate(&selector(catalog, metric, &sample, scope)))
}

fn face(metric: &Metric, description: String, unit: &Unit) -> Face {
    Face { title: title(metric), description, unit: unit::id(unit) }
}

fn title(metric: &Metric) -> String {
    name::to_title(&metric.key)
}
