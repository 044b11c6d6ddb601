//! Numbers that say whether something is broken.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Severity};

use super::annotation;
use super::metric::{links, watched_by};
use super::model::{Kind, Link, NUMBER_WIDTH, Panel, Query, Step};
use super::steps::{GOOD, colour};
use crate::emit::readers::Readers;
use crate::text::grafana;

/// What there is to say of a component at a glance: targets that are up, alerts that fire.
pub(super) fn of_component(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Vec<Panel> {
    let firing = firing_of(readers, at, "Alerts firing");
    up(catalog, readers, at).into_iter().chain(firing).collect()
}

/// How many alerts of a component fire now; nothing where it has none.
pub(super) fn firing_of(readers: &Readers<'_>, at: usize, title: &str) -> Option<Panel> {
    // What nobody has to act on colours nothing, unless there is nothing else.
    let all = readers.of_component(at);
    let is_urgent = |alert: &&Alert| alert.severity != Severity::Info;
    let urgent: Vec<_> = all.iter().copied().filter(is_urgent).collect();
    let alerts = if urgent.is_empty() { all } else { &urgent };
    let severities = [Severity::Critical, Severity::Warning, Severity::Info].into_iter();
    let worst =
        severities.into_iter().find(|worst| alerts.iter().any(|alert| alert.severity == *worst))?;
    let description = "Instances of this component's alerts that fire now.".to_owned();
    Some(firing(alerts, title, description, colour(worst)))
}

/// How many alerts of a severity fire now; nothing where there are none to fire.
pub(super) fn of_severity(catalog: &Catalog, severity: Severity) -> Option<Panel> {
    let alerts = catalog.alerts.iter().filter(|alert| alert.severity == severity);
    let alerts: Vec<_> = alerts.collect();
    let title = format!("Firing, {}", severity.as_str());
    let description = format!("Alerts of severity {} that fire now.", severity.as_str());
    (!alerts.is_empty()).then(|| firing(&alerts, &title, description, colour(severity)))
}

fn firing(alerts: &[&Alert], title: &str, description: String, colour: &'static str) -> Panel {
    let expr = format!("count({}) or vector(0)", annotation::firing(alerts));
    let list = Link { title: "Alerts".to_owned(), url: "/alerting/list".to_owned() };
    let kind = Kind::Stat { has_trend: false };
    let steps = [(None, GOOD), (Some(1.0), colour)];
    Panel {
        description,
        size: (NUMBER_WIDTH, 4),
        steps: steps.map(|(from, colour)| Step { from, colour }).into(),
        links: vec![list],
        ..Panel::new(format!("stat {title}"), kind, title, vec![Query::new(expr, title)])
    }
}

/// What share of the targets of a component's job is up, where the job is known.
///
/// Of a job that is gone altogether, none is.
pub(super) fn up(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Option<Panel> {
    let component = &catalog.components[at];
    let job = component.job.as_ref()?;
    let about_targets = readers.of_component(at).iter().filter(|alert| alert.reads.is_empty());
    let about_targets: Vec<_> = about_targets.copied().collect();
    let description = format!(
        "Targets of job {} that answer their scrapes.{}",
        grafana::description(job),
        watched_by(&about_targets)
    );
    let title = format!("{}, targets up", grafana::title(&component.title));
    let up = format!("up{{job={}}}", grafana::promql_string(job));
    let expr = format!("sum({up}) / count({up}) or vector(0)");
    let kind = Kind::Stat { has_trend: false };
    let steps = [(None, "red"), (Some(0.001), "orange"), (Some(1.0), GOOD)];
    Some(Panel {
        description,
        unit: "percentunit",
        size: (NUMBER_WIDTH, 4),
        steps: steps.map(|(from, colour)| Step { from, colour }).into(),
        links: links(catalog, &about_targets),
        ..Panel::new(format!("stat {title}"), kind, title.clone(), vec![Query::new(expr, title)])
    })
}
