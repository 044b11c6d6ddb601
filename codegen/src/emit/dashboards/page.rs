//! A component's page: every metric on a panel that fits its kind.

use std::collections::BTreeMap;

use streamhouse_metrics_spec::catalog::{Component, Label, MetricId, Query as Named};
use streamhouse_metrics_spec::name;

use super::alert::watched;
use super::importance::{MOST_TARGETS, fitted, sorted};
use super::metric::Drawing;
use super::model::{Dashboard, Kind, Panel, Query, Section, WIDTH};
use super::objective::{self, Objective};
use super::query::{Scope, matchers};
use super::traffic::Role;
use super::{annotation, overview, page_name, stat, unit, variable};
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::text::grafana;

/// Most queries of the numbers on top, of what alerts watch, and of objectives.
const SHARES: [usize; 3] = [6, 6, 4];

/// Headings, each with the metrics below it, in the order in which people look for a cause.
///
/// None of them takes all that may be asked, so that a large component opens with some of each.
const ROWS: [(&str, Role, usize); 6] = [
    ("Traffic", Role::Traffic, 4),
    ("Errors", Role::Errors, 4),
    ("Duration", Role::Duration, 6),
    ("Resources", Role::Resource, 6),
    ("Sizes", Role::Size, 4),
    ("Information", Role::Information, 0),
];

/// The dashboard of a component.
pub(super) fn dashboard(results: &Results<'_>, readers: &Readers<'_>, at: usize) -> Dashboard {
    let catalog = results.catalog();
    let component = &catalog.components[at];
    let metrics: Vec<_> = component.metrics.iter().collect();
    let prefix = format!("{}_{}", catalog.namespace, component.key);
    let alerts = readers.of_component(at);
    Dashboard {
        name: page_name(catalog, &component.key),
        title: grafana::title(&format!("{} / {}", catalog.title, component.title)),
        description: description(component, readers, at),
        links: vec![("Overview".to_owned(), overview::name(catalog))],
        variables: variable::of_metrics(catalog, &prefix, &metrics),
        annotations: annotation::of(catalog, alerts, &metrics),
        sections: sections(results, readers, at),
        ..Dashboard::of(catalog)
    }
}

fn sections(results: &Results<'_>, readers: &Readers<'_>, at: usize) -> Vec<Section> {
    let catalog = results.catalog();
    let component = &catalog.components[at];
    let labels = catalog.labels.iter().enumerate();
    let labels = labels.filter(|(label, _)| has_label(component, *label)).map(|(_, label)| label);
    let labels: Vec<&Label> = labels.collect();
    let matchers = matchers(labels);
    let drawing = Drawing::new(catalog, readers, at, Scope::Component);
    let watched = watched(results, readers.of_component(at));
    let objectives = objective::of_component(catalog, at);
    let objectives = objectives.into_iter().map(|slo| Objective::new(results, slo, &matchers));
    let objectives: Vec<_> = objectives.collect();

    let stats = stat::of_component(catalog, readers, at).into_iter();
    let stats = stats
        .chain(watched.iter().filter_map(|watched| watched.stat(&drawing, results, &matchers)));
    let alerts = watched.iter().filter_map(|watched| watched.panel(&drawing, results, &matchers));
    let mut alerts: Vec<_> = alerts.collect();
    let mut rows = metric_rows(results, readers, at, &drawing);
    for (section, _) in &mut rows {
        section.panels.retain(|panel| !replaces(&mut alerts, panel));
    }
    let promised = objectives.iter().flat_map(|objective| {
        [objective.budgets(), objective.burn(streamhouse_metrics_spec::slo::BURN_WINDOW)]
    });
    let [of_stats, of_alerts, of_objectives] = SHARES;
    let mut sections = vec![
        (Section { title: None, ..Section::new("", stats.collect()) }, of_stats),
        (Section::new("Alerts", alerts), of_alerts),
        (Section::new("Objectives", promised.collect()), of_objectives),
    ];
    sections.extend(rows);
    let burns = objectives.iter().flat_map(Objective::further_burns).collect();
    sections.push((collapsed("Burn rates over longer windows", burns), 0));
    let distributions = shown(results, at)
        .filter(|&id| matches!(Role::of(catalog.metric(id)), Role::Duration | Role::Size));
    let distributions = distributions.map(|id| drawing.distribution(id)).collect();
    sections.push((collapsed("Distributions", distributions), 0));
    let mut named = queries(results, readers, at);
    let is_shown = |panel: &Panel| {
        let panels = sections.iter().flat_map(|(section, _)| &section.panels);
        panels.into_iter().any(|shown| shown.asks() == panel.asks())
    };
    // What somebody has named is nothing new where it follows anyway.
    for (section, _) in &mut named {
        section.panels.retain(|panel| !is_shown(panel));
    }
    sections.extend(named);
    fitted(sections)
}

/// Whether an alert's panel shows what a panel does, and its bounds: then it stands for that, too.
fn replaces(alerts: &mut [Panel], panel: &Panel) -> bool {
    let same = alerts.iter_mut().find(|alert| alert.asks() == panel.asks());
    let Some(alert) = same.filter(|_| panel.size.0 == WIDTH) else { return false };
    alert.key.clone_from(&panel.key);
    for (own, other) in alert.queries.iter_mut().zip(&panel.queries) {
        own.has_exemplars |= other.has_exemplars;
    }
    true
}

/// The metrics that have panels.
fn shown<'r>(results: &'r Results<'_>, at: usize) -> impl Iterator<Item = MetricId> + 'r {
    let catalog = results.catalog();
    catalog.metric_ids(at).filter(|&id| !catalog.metric(id).panel.is_hidden)
}

/// A row for each role, and those that metrics name themselves.
fn metric_rows(
    results: &Results<'_>,
    readers: &Readers<'_>,
    at: usize,
    drawing: &Drawing<'_>,
) -> Vec<(Section, usize)> {
    let catalog = results.catalog();
    let metrics = sorted(catalog, readers, shown(results, at).collect());
    let mut own: BTreeMap<String, Vec<Panel>> = BTreeMap::new();
    let mut rows: Vec<Vec<Panel>> = vec![Vec::new(); ROWS.len()];
    for id in metrics {
        let metric = catalog.metric(id);
        for (role, panel) in drawing.panels(id) {
            match &metric.panel.row {
                Some(row) => own.entry(row.clone()).or_default().push(panel),
                None => {
                    let at = ROWS.iter().position(|(_, of, _)| *of == role).unwrap_or(0);
                    rows[at].push(panel);
                }
            }
        }
    }
    let own = own.into_iter();
    let own =
        own.map(|(title, panels)| (Section::new(grafana::title(&title), panels), MOST_TARGETS));
    let rows = ROWS.iter().zip(rows).map(|((title, role, share), panels)| {
        let is_collapsed = matches!(role, Role::Information);
        (Section { is_collapsed, ..Section::new(*title, panels) }, *share)
    });
    own.chain(rows).collect()
}

/// The named queries, in the rows that they name or one of their own.
fn queries(results: &Results<'_>, readers: &Readers<'_>, at: usize) -> Vec<(Section, usize)> {
    let mut rows: BTreeMap<Option<&String>, Vec<&Named>> = BTreeMap::new();
    let queries = readers.queries_of(at).iter().filter(|query| !query.panel.is_hidden);
    for &query in queries {
        rows.entry(query.panel.row.as_ref()).or_default().push(query);
    }
    let sections = rows.into_iter().map(|(row, mut queries)| {
        queries.sort_by_key(|query| query.panel.order);
        let title = row.map_or_else(|| "Queries".to_owned(), |row| grafana::title(row));
        let panels = queries.into_iter().map(|query| named(results, Some(at), query)).collect();
        match row {
            Some(_) => (Section::new(title, panels), MOST_TARGETS),
            None => (collapsed(&title, panels), 0),
        }
    });
    sections.collect()
}

fn collapsed(title: &str, panels: Vec<Panel>) -> Section {
    Section { is_collapsed: true, ..Section::new(title, panels) }
}

/// A named query, of what the reader chose: of targets only where it is about one component alone,
/// since no target is one of two components.
pub(super) fn named(results: &Results<'_>, at: Option<usize>, query: &Named) -> Panel {
    let catalog = results.catalog();
    let labels = catalog.labels.iter().enumerate();
    let labels =
        labels.filter(|(label, _)| at.is_none_or(|at| has_label(&catalog.components[at], *label)));
    let mut matchers = matchers(labels.map(|(_, label)| label));
    if at.is_some_and(|at| query.reads.iter().any(|id| id.component != at)) {
        matchers.retain(|(label, _)| !matches!(*label, "job" | "instance"));
    }
    let choice = &query.panel;
    let title = choice.title.clone().unwrap_or_else(|| name::to_title(&query.key));
    let unit = results.unit(query);
    let expr = results.on_panel(&query.expr, &matchers);
    let query_of_panel = Query::new(expr, results.legend(query));
    Panel {
        description: grafana::description(&query.help),
        unit: unit.as_deref().map_or("short", unit::id),
        starts_at_zero: results.is_positive(&query.expr),
        size: (choice.width.unwrap_or(WIDTH), 9),
        ..Panel::new(
            format!("query {}", query.key),
            Kind::TimeSeries,
            grafana::title(&title),
            vec![query_of_panel],
        )
    }
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
