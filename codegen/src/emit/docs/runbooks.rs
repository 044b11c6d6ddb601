//! `docs/runbooks/`: a page for each alert, which is what somebody opens who was woken by it.

use std::collections::HashSet;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Component, Condition, MetricId, Runbook};

use super::alerts::urgency;
use super::{slos, tables};
use crate::emit::belonging;
use crate::emit::dashboards::{page_file, panels_of};
use crate::emit::meaning::meaning;
use crate::emit::readers::Readers;
use crate::fence::Fences;
use crate::promql::Results;
use crate::text::markdown::{Align, block, code, link, table, text};

/// The sections of an alert's page.
pub(super) fn page(results: &Results<'_>, readers: &Readers<'_>, alert: &Alert) -> Vec<String> {
    let catalog = results.catalog();
    let mut sections = vec![
        format!("**{}** ({})", text(&alert.summary), urgency(alert)),
        text(&results.description(alert)),
        "## When it fires".to_owned(),
        block("promql", &results.expr(alert)),
    ];
    if !alert.reads.is_empty() {
        sections.extend(["## What it reads".to_owned(), metrics(catalog, &alert.reads)]);
    }
    let places = places(results, readers, alert);
    if !places.is_empty() {
        sections.extend(["## Where to look".to_owned(), places.join("\n")]);
    }
    let address = match &alert.runbook {
        Some(Runbook::Address(address)) => Some(format!("{}.", link("As written here", address))),
        _ => None,
    };
    let written = results.handwritten(alert).map(below_heading);
    let what_to_do: Vec<_> = written.into_iter().chain(address).collect();
    if !what_to_do.is_empty() {
        sections.push("## What to do".to_owned());
        sections.extend(what_to_do);
    }
    sections
}

/// Hand-written Markdown as a section of a page: without its title, its headings one level lower.
fn below_heading(text: &str) -> String {
    let mut fences = Fences::default();
    let mut lines = Vec::new();
    for (number, line) in text.trim().lines().enumerate() {
        let is_code = fences.hold(number, line);
        match line.strip_prefix('#') {
            Some(title) if !is_code && number == 0 && title.starts_with(' ') => {}
            Some(heading) if !is_code && heading.starts_with(['#', ' ']) => {
                lines.push(format!("##{heading}"));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n").trim().to_owned()
}

/// The metrics behind an alert.
fn metrics(catalog: &Catalog, reads: &[MetricId]) -> String {
    let columns = [
        ("Metric", Align::Left),
        ("Type", Align::Left),
        ("Labels", Align::Left),
        ("Meaning", Align::Left),
    ];
    let row = |&id: &MetricId| {
        let metric = catalog.metric(id);
        let name = metric.exposed();
        vec![
            format!("[{}](../metrics.md#{name})", code(&name)),
            metric.kind.as_str().to_owned(),
            tables::labels(catalog, metric),
            meaning(metric, text),
        ]
    };
    table(&columns, reads.iter().map(row))
}

/// The panels of a component's dashboard that show what an alert watches, and what it reads.
fn panels(
    results: &Results<'_>,
    readers: &Readers<'_>,
    component: &Component,
    at: usize,
    alert: &Alert,
) -> String {
    let titles = readers.titles(at);
    let read = alert.reads.iter().filter(|id| id.component == at);
    let read = read.map(|id| titles.of(&component.metrics[id.metric]));
    let panels = panels_of(results, readers, alert).into_iter().chain(read);
    let panels: Vec<_> = panels.map(|title| format!("*{}*", text(&title))).collect();
    match panels.len() {
        0 => String::new(),
        1 => format!(", panel {}", panels[0]),
        _ => format!(", panels {}", panels.join(", ")),
    }
}

/// What shows the same: the component's dashboard, queries, and other alerts.
fn places(results: &Results<'_>, readers: &Readers<'_>, alert: &Alert) -> Vec<String> {
    let catalog = results.catalog();
    let mut places = Vec::new();
    if let Condition::Burn { slo, .. } = alert.condition {
        let slo = &catalog.slos[slo];
        places.push(format!("- Objective: {}", slos::link_to(slo, "../slos.md")));
    }
    if let Some(at) = belonging::component(catalog, alert) {
        let component = &catalog.components[at];
        let (title, file) = (text(&component.title), page_file(catalog, &component.key));
        let panels = panels(results, readers, component, at, alert);
        places.push(format!("- Dashboard: [{title}](../../{file}){panels}"));
    }
    let shares = |reads: &[MetricId]| reads.iter().any(|id| alert.reads.contains(id));
    let queries = catalog.queries.iter().filter(|query| shares(&query.reads));
    places.extend(queries.map(|query| {
        let (key, help) = (&query.key, text(&query.help));
        format!("- Query [{}](../queries.md#{key}): {help}", code(key))
    }));
    // Each once, however many metrics it has in common with this one.
    let mut seen = HashSet::from([&*alert.name]);
    let others = alert.reads.iter().flat_map(|id| readers.of(*id));
    let others = others.filter(|other| seen.insert(&other.name));
    places.extend(others.map(|Alert { name, summary, .. }| {
        format!("- Alert [{}]({name}.md): {}", code(name), text(summary))
    }));
    places
}
