//! The overview: is it broken, and where?

use std::collections::HashSet;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Kind, Metric, MetricId, Severity};

use super::drawing::{Drawing, watchers};
use super::layout::Layout;
use super::model::Dashboard;
use super::panel::{Face, Panel};
use super::query::Scope;
use super::variable;
use crate::emit::readers::Readers;
use crate::text::grafana;

/// Most metrics of a component that the overview shows.
const MOST: usize = 6;

/// The dashboard of the whole service.
pub(super) fn dashboard(catalog: &Catalog, readers: &Readers<'_>) -> Dashboard {
    let mut layout = Layout::default();
    let severities = [Severity::Critical, Severity::Warning, Severity::Info];
    let firing = severities.into_iter().filter_map(|severity| firing(catalog, severity));
    let components = 0..catalog.components.len();
    let up = components.clone().filter_map(|at| up(catalog, readers, at));
    for panel in firing.chain(up) {
        layout.place(4, 4, panel);
    }
    for at in components {
        layout.row(&grafana::title(&catalog.components[at].title));
        let drawing = Drawing::new(catalog, readers, at, Scope::Service);
        for id in key_metrics(catalog, readers, at) {
            layout.place(8, 8, drawing.panel(id, &[0.99]));
        }
    }
    Dashboard::new(
        &catalog.namespace,
        &format!("{}-overview", catalog.namespace),
        grafana::title(&format!("{} overview", catalog.title)),
        "Is it broken, and where?".to_owned(),
        variable::of_targets(&catalog.namespace),
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
    let operator = if names.len() == 1 { "=" } else { "=~" };
    let names = names.join("|");
    let selector = format!("ALERTS{{alertstate=\"firing\", alertname{operator}\"{names}\"}}");
    let colour = match severity {
        Severity::Critical => "red",
        Severity::Warning => "orange",
        Severity::Info => "blue",
    };
    Some(Panel::count(face, format!("count({selector}) or vector(0)"), ["green", colour]))
}

/// How many targets of a component's job are up, where the job is known.
///
/// Counted are those that are there: of a job that is gone altogether, none is down.
fn up(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Option<Panel> {
    let component = &catalog.components[at];
    let job = component.job.as_ref()?;
    let about_targets = readers.of_component(at).iter().filter(|alert| alert.reads.is_empty());
    let face = Face {
        title: format!("{}, targets up", grafana::title(&component.title)),
        description: format!(
            "Targets of job {} that answer their scrapes.{}",
            grafana::description(job),
            watchers(catalog, about_targets)
        ),
        unit: "short",
    };
    let query = format!("count(up{{job={}}} == 1) or vector(0)", grafana::promql_string(job));
    Some(Panel::count(face, query, ["red", "green"]))
}

/// What people look at first: what alerts watch, then rate, errors and duration.
fn key_metrics(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Vec<MetricId> {
    let watched = catalog.metric_ids(at).filter(|&id| !readers.of(id).is_empty());
    let usual = [counts_work, counts_errors, is_duration].into_iter().filter_map(|is_wanted| {
        catalog.metric_ids(at).find(|&id| {
            let metric = catalog.metric(id);
            metric.deprecated.is_none() && is_wanted(metric)
        })
    });
    let mut seen = HashSet::new();
    let mut keys: Vec<_> = watched.chain(usual).filter(|id| seen.insert(*id)).collect();
    if keys.is_empty() {
        keys.extend(catalog.metric_ids(at).next());
    }
    keys.truncate(MOST);
    keys
}

fn counts_work(metric: &Metric) -> bool {
    metric.kind == Kind::Counter && !speaks_of_errors(metric)
}

fn counts_errors(metric: &Metric) -> bool {
    metric.kind == Kind::Counter && speaks_of_errors(metric)
}

fn is_duration(metric: &Metric) -> bool {
    metric.kind == Kind::Histogram && metric.unit.as_str() == "seconds"
}

/// Whether a metric's name says that something went wrong.
fn speaks_of_errors(metric: &Metric) -> bool {
    let mut words = metric.key.split('_');
    words.any(|word| {
        matches!(
            word,
            "error" | "errors" | "failure" | "failures" | "failed" | "timeouts" | "rejected"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the metrics that the overview shows of a component.
    #[track_caller]
    fn check(metrics: &[(&str, &str)], watched: &[&str], expected: &[&str]) {
        let mut text = "namespace = \"shop\"\n".to_owned();
        for (key, more) in metrics {
            text += &format!("[cart.{key}]\nunit = \"items\"\nhelp = \"a\"\n{more}\n");
        }
        for (at, name) in watched.iter().enumerate() {
            text += &format!("[alerts.A{at}]\nexpr = \"{name} > 1 and {name} < 9\"\n");
            text += "severity = \"info\"\nsummary = \"a\"\ndescription = \"a\"\n";
        }
        let checked = streamhouse_metrics_spec::check_text(&text).expect("is valid");
        let catalog = &checked.catalog;
        let shown = key_metrics(catalog, &Readers::new(catalog), 0);
        let keys: Vec<_> = shown.into_iter().map(|id| &*catalog.metric(id).key).collect();
        assert_eq!(keys, expected);
    }

    const COUNTER: &str = "type = \"counter\"";
    const GAUGE: &str = "type = \"gauge\"";
    const OLD: &str = "type = \"counter\"\ndeprecated = {}";

    #[test]
    fn what_alerts_watch_comes_first_and_once() {
        let metrics = [("old", OLD), ("sold", COUNTER), ("failed", COUNTER), ("open", GAUGE)];
        check(&metrics, &[], &["sold", "failed"]);
        let watched = ["shop_cart_open", "shop_cart_failed_total", "shop_cart_open"];
        check(&metrics, &watched, &["failed", "open", "sold"]);
    }

    #[test]
    fn something_is_always_shown_but_not_everything() {
        check(&[("open", GAUGE), ("full", GAUGE)], &[], &["open"]);
        let keys = ["one", "two", "three", "four", "five", "six", "seven"];
        let watched = keys.map(|key| format!("shop_cart_{key}"));
        check(
            &keys.map(|key| (key, GAUGE)),
            &watched.each_ref().map(|name| &**name),
            &keys[..MOST],
        );
    }
}
