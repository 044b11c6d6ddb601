//! What is marked on every panel: alerts that fire, and processes that begin anew.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Kind, Metric};

use super::model::Annotation;
use super::query::{Scope, aggregate, selector};

/// What a process exposes of its own start, where somebody does.
const STARTED: &str = "process_start_time_seconds";

/// Marks for some alerts and for the processes that expose some metrics.
pub(super) fn of(catalog: &Catalog, alerts: &[&Alert], metrics: &[&Metric]) -> Vec<Annotation> {
    let firing = (!alerts.is_empty()).then(|| Annotation {
        name: "Firing alerts",
        expr: firing(alerts),
        title: "{{alertname}}".to_owned(),
        colour: "red",
    });
    let restarts = restarts(catalog, metrics).map(|expr| Annotation {
        name: "Restarts",
        expr,
        title: "Restart of {{instance}}".to_owned(),
        colour: "purple",
    });
    firing.into_iter().chain(restarts).collect()
}

/// The instances of some alerts that fire.
pub(super) fn firing(alerts: &[&Alert]) -> String {
    let names: Vec<_> = alerts.iter().map(|alert| &*alert.name).collect();
    let operator = if names.len() == 1 { "=" } else { "=~" };
    let names = names.join("|");
    format!("ALERTS{{alertstate=\"firing\", alertname{operator}\"{names}\"}}")
}

/// Processes that began anew: by when they say that they began, or by counters that fell.
fn restarts(catalog: &Catalog, metrics: &[&Metric]) -> Option<String> {
    let externals = &catalog.surroundings.externals;
    if externals.iter().any(|external| external.name == STARTED) {
        let started = format!("{STARTED}{{job=~\"$job\", instance=~\"$instance\"}}");
        return Some(format!("changes({started}[$__rate_interval]) > 0"));
    }
    // One counter of each component, with the fewest series.
    let resets = catalog.components.iter().filter_map(|component| {
        let counters = component.metrics.iter().filter(|metric| metric.kind == Kind::Counter);
        let shown = counters.filter(|counter| metrics.iter().any(|of| std::ptr::eq(*of, *counter)));
        let counter = shown.min_by_key(|counter| counter.labels.len())?;
        let series = selector(catalog, counter, &counter.exposed(), Scope::Service, None);
        let fell = format!("resets({series}[$__rate_interval])");
        Some(format!("{} > 0", aggregate("max", &["instance"], &fell)))
    });
    let resets: Vec<_> = resets.collect();
    (!resets.is_empty()).then(|| resets.join(" or "))
}
