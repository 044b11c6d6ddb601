//! The overview: is it broken, and where?

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Component, Kind, Metric, Severity};

use super::layout::Layout;
use super::model::Dashboard;
use super::panel::{Face, Panel};
use super::query::Scope;
use super::{page, variable};
use crate::text::grafana;

/// The dashboard of the whole service.
pub(super) fn dashboard(catalog: &Catalog) -> Dashboard {
    let mut layout = Layout::default();
    let severities = [Severity::Critical, Severity::Warning, Severity::Info];
    let firing = severities.into_iter().filter_map(|severity| firing(catalog, severity));
    for panel in firing.chain(catalog.components.iter().filter_map(down)) {
        layout.place(4, 4, panel);
    }
    for component in &catalog.components {
        layout.row(&grafana::title(&component.title));
        for panel in key_panels(catalog, component) {
            layout.place(8, 8, panel);
        }
    }
    Dashboard::new(
        &catalog.namespace,
        &format!("{}-overview", catalog.namespace),
        grafana::title(&format!("{} overview", catalog.title)),
        "Is it broken, and where?".to_owned(),
        variable::of_targets(&format!("{{__name__=~\"{}_.+\"}}", catalog.namespace)),
        layout.finish(),
    )
}

/// How many alerts of a severity fire now; nothing where there are none to fire.
fn firing(catalog: &Catalog, severity: Severity) -> Option<Panel> {
    let alerts = catalog.alerts.iter().filter(|alert| alert.severity == severity);
    let names: Vec<_> = alerts.map(|alert| &*alert.name).collect();
    if names.is_empty() {
        return None;
    }
    let face = Face {
        title: format!("Firing, {}", severity.as_str()),
        description: format!("Alerts of severity {} that fire now.", severity.as_str()),
        unit: "short",
    };
    let selector = format!("ALERTS{{alertstate=\"firing\", alertname=~\"{}\"}}", names.join("|"));
    Some(Panel::trouble(face, format!("count({selector}) or vector(0)")))
}

/// How many targets of a component's job are down, where the job is known.
fn down(component: &Component) -> Option<Panel> {
    let job = component.job.as_ref()?;
    let face = Face {
        title: format!("{}, targets down", grafana::title(&component.title)),
        description: format!(
            "Targets of job {} that cannot be scraped.",
            grafana::description(job)
        ),
        unit: "short",
    };
    Some(Panel::trouble(
        face,
        format!("count(up{{job={}}} == 0) or vector(0)", grafana::promql_string(job)),
    ))
}

/// Rate, errors and duration of a component; its first gauge where it has none of them.
fn key_panels(catalog: &Catalog, component: &Component) -> Vec<Panel> {
    let counters = || component.metrics.iter().filter(|metric| metric.kind == Kind::Counter);
    let rate = counters().find(|metric| !counts_errors(metric));
    let errors = counters().find(|metric| counts_errors(metric));
    let duration = component
        .metrics
        .iter()
        .find(|metric| metric.kind == Kind::Histogram && metric.unit.as_str() == "seconds");
    let description = |metric: &Metric| page::description(metric, &[]);
    let mut panels: Vec<_> = [rate, errors]
        .into_iter()
        .flatten()
        .map(|metric| page::counter(catalog, metric, description(metric), Scope::Service))
        .collect();
    panels.extend(duration.map(|metric| {
        page::quantiles(catalog, metric, description(metric), &[0.99], Scope::Service)
    }));
    if panels.is_empty() {
        let gauge = component.metrics.iter().find(|metric| metric.kind == Kind::Gauge);
        panels.extend(
            gauge.map(|metric| page::gauge(catalog, metric, description(metric), Scope::Service)),
        );
    }
    panels
}

/// Whether a counter counts what went wrong.
fn counts_errors(metric: &Metric) -> bool {
    let mut words = metric.key.split('_');
    words.any(|word| {
        matches!(
            word,
            "error" | "errors" | "failure" | "failures" | "failed" | "timeouts" | "rejected"
        )
    })
}
