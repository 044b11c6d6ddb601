//! The overview: is it broken, and where?

use std::collections::HashSet;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{MetricId, Severity};

use super::alert::watched;
use super::id::{address, panel_address};
use super::importance::{MOST_TARGETS, fitted, sorted};
use super::metric::Drawing;
use super::model::{Dashboard, Link, Panel, Section};
use super::objective::Objective;
use super::query::Scope;
use super::traffic::Role;
use super::{annotation, page_name, stat, variable};
use crate::emit::belonging;
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::text::grafana;

/// Most metrics of a component that the overview shows, which is a line of panels.
const MOST: usize = 3;

/// Most quantities of others that the overview shows.
const MOST_OTHERS: usize = 3;

/// Most numbers on a line.
const MOST_NUMBERS: usize = 6;

/// The overview's name: its file, and before shortening its uid.
pub(super) fn name(catalog: &Catalog) -> String {
    format!("{}-overview", catalog.namespace)
}

/// The dashboard of the whole service.
pub(super) fn dashboard(results: &Results<'_>, readers: &Readers<'_>) -> Dashboard {
    let catalog = results.catalog();
    let severities = [Severity::Critical, Severity::Warning, Severity::Info];
    let firing = severities.into_iter().filter_map(|severity| stat::of_severity(catalog, severity));
    let components = 0..catalog.components.len();
    let up = components.clone().filter_map(|at| {
        let panel = stat::up(catalog, readers, at)?;
        Some(leading_to(catalog, at, None, panel))
    });
    let budgets = catalog.slos.iter().enumerate().map(|(at, slo)| {
        let panel = Objective::new(results, at, &[]).worst_budget();
        match slo.indicator.metrics().first() {
            Some(id) => leading_to(catalog, id.component, None, panel),
            None => panel,
        }
    });
    let by_component = components.clone().filter_map(|at| {
        let title = format!("Firing, {}", grafana::title(&catalog.components[at].title));
        let panel = stat::firing_of(readers, at, &title)?;
        Some(leading_to(catalog, at, None, panel))
    });
    let numbers = firing.chain(by_component).collect();
    let mut sections = vec![
        (Section { title: None, ..Section::new("", numbers) }, MOST_NUMBERS),
        (Section::new("Targets up", up.collect()), MOST_NUMBERS),
        (Section::new("Error budgets left", budgets.collect()), MOST_NUMBERS),
        (Section::new("Alerts about others", of_others(results, readers)), MOST_OTHERS),
    ];
    for at in components {
        let drawing = Drawing::new(catalog, readers, at, Scope::Service);
        let panels = key_metrics(catalog, readers, at).into_iter().map(|id| {
            let panel = drawing.key_panel(id);
            let key = Some(panel.key.clone());
            Panel { size: (8, 9), ..leading_to(catalog, at, key.as_deref(), panel) }
        });
        let title = grafana::title(&catalog.components[at].title);
        sections.push((Section::new(title, panels.collect()), MOST_TARGETS));
    }
    let alerts: Vec<_> = catalog.alerts.iter().collect();
    let metrics: Vec<_> = catalog.metrics().map(|(_, metric)| metric).collect();
    Dashboard {
        name: name(catalog),
        title: grafana::title(&format!("{} overview", catalog.title)),
        description: "Is it broken, and where?".to_owned(),
        variables: variable::of_targets(&catalog.namespace),
        annotations: annotation::of(catalog, &alerts, &metrics),
        sections: fitted(sections),
        ..Dashboard::of(catalog)
    }
}

/// What alerts watch that belong to no component.
fn of_others(results: &Results<'_>, readers: &Readers<'_>) -> Vec<Panel> {
    let catalog = results.catalog();
    let alerts = catalog.alerts.iter();
    let alerts: Vec<_> =
        alerts.filter(|alert| belonging::component(catalog, alert).is_none()).collect();
    if alerts.is_empty() || catalog.components.is_empty() {
        return Vec::new();
    }
    let drawing = Drawing::new(catalog, readers, 0, Scope::Service);
    let watched = watched(results, &alerts).into_iter();
    watched.filter_map(|watched| watched.panel(&drawing, results, &[])).collect()
}

/// A panel that leads to its component's page, too, and there to the panel with a key.
fn leading_to(catalog: &Catalog, at: usize, key: Option<&str>, mut panel: Panel) -> Panel {
    let component = &catalog.components[at];
    let title = grafana::title(&component.title);
    let name = page_name(catalog, &component.key);
    let url = key.map_or_else(|| address(&name), |key| panel_address(&name, key));
    panel.links.insert(0, Link { title, url });
    panel
}

/// What people look at first: traffic, errors and duration, each by what alerts watch of it, then
/// what else alerts watch.
fn key_metrics(catalog: &Catalog, readers: &Readers<'_>, at: usize) -> Vec<MetricId> {
    let shown = catalog.metric_ids(at).filter(|&id| {
        let metric = catalog.metric(id);
        metric.deprecated.is_none() && !metric.panel.is_hidden
    });
    let all = sorted(catalog, readers, shown.collect());
    let watched = all.iter().copied().filter(|&id| !readers.of(id).is_empty());
    let usual = [Role::Errors, Role::Duration, Role::Traffic]
        .into_iter()
        .filter_map(|role| all.iter().copied().find(|&id| Role::of(catalog.metric(id)) == role));
    let mut seen = HashSet::new();
    let mut keys: Vec<_> = usual.chain(watched).filter(|id| seen.insert(*id)).collect();
    if keys.is_empty() {
        keys.extend(catalog.metric_ids(at).next());
    }
    keys.truncate(MOST);
    keys
}
