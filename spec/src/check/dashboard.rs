//! Own dashboards: their keys, and what their panels show.

use std::collections::HashMap;

use crate::catalog::{OwnDashboard, OwnPanel, PanelKind, Shows, Slo};
use crate::dashboard::OVERVIEW;
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Spec, Text};
use crate::suggest::question;

use super::panel::{columns, owned};
use super::reads::Names;
use super::report::Report;
use super::{name, word};

/// What panels name by a key, with its position in the catalogue.
struct Keys<'a> {
    queries: HashMap<&'a str, usize>,
    /// One that is wrong itself has no position.
    slos: HashMap<&'a str, Option<usize>>,
}

/// Every own dashboard, given every SLO with its position in the specification.
pub(super) fn dashboards(
    slos: &[(Slo, usize)],
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Vec<OwnDashboard> {
    let Spec { queries, slos: objectives, dashboards, .. } = names.spec;
    let queries = queries.iter().enumerate().map(|(at, query)| (&*query.key.value, at));
    let right: HashMap<_, _> = slos.iter().enumerate().map(|(at, (_, of))| (*of, at)).collect();
    let objectives = objectives.iter().enumerate();
    let objectives = objectives.map(|(of, slo)| (&*slo.key.value, right.get(&of).copied()));
    let keys = Keys { queries: queries.collect(), slos: objectives.collect() };
    dashboards.iter().map(|written| dashboard(written, &keys, names, report)).collect()
}

fn dashboard(
    written: &spec::Dashboard,
    keys: &Keys<'_>,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> OwnDashboard {
    let spec::Dashboard { key, title, help, panels } = written;
    name::check("dashboard", key, report);
    taken(key, names, report);
    if panels.iter().all(|panel| panel.row.is_some()) {
        let message = format!("dashboard `{}` shows nothing", key.value);
        let help = "add a panel, such as `{ query = \"…\" }`";
        report.push(Diagnostic::new(&rule::DASHBOARD, panels.span, message).help(help));
    }
    let panels = panels.iter().filter_map(|written| panel(written, keys, names, report)).collect();
    OwnDashboard {
        title: owned(title).unwrap_or_else(|| crate::name::to_title(key)),
        key: key.value.clone(),
        help: help.value.trim().to_owned(),
        panels,
    }
}

/// Reports the key of a dashboard that there is without being written.
fn taken(key: &Text, names: &Names<'_>, report: &mut Report<'_>) {
    let Spec { components, component_places, .. } = names.spec;
    let component = component_places.get(&key.value).map(|&at| &components[at]);
    let component = component.filter(|component| !component.metrics.is_empty());
    let message = match component {
        Some(_) => format!("`{}` is the dashboard of a component", key.value),
        None if key.value == OVERVIEW => {
            format!("`{OVERVIEW}` is the dashboard that leads to all others")
        }
        None => return,
    };
    let mut diagnostic = Diagnostic::new(&rule::DASHBOARD, key.span, message);
    if let Some(component) = component {
        diagnostic = diagnostic.related(component.key.span, "of this one");
    }
    report.push(diagnostic.help("choose another key"));
}

/// A part of a dashboard; none where it cannot be told what it shows.
fn panel(
    written: &spec::Panel,
    keys: &Keys<'_>,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<OwnPanel> {
    let spec::Panel { place, row, query, metric, slo, text, title, width, kind } = written;
    let mut shown = [row, query, metric, slo, text].into_iter().flatten();
    let Some(first) = shown.next() else {
        let message = "this panel shows nothing";
        let help = "add `query`, `metric`, `slo` or `text`, or `row` for a heading";
        report.push(Diagnostic::new(&rule::PANEL, *place, message).help(help));
        return None;
    };
    if let Some(second) = shown.next() {
        let diagnostic = Diagnostic::new(&rule::PANEL, second.span, "this panel shows two things");
        report.push(diagnostic.related(first.span, "the other one").help("keep one of the two"));
        return None;
    }
    idle(written, report);
    let shows = if let Some(row) = row {
        Shows::Row(row.value.trim().to_owned())
    } else if let Some(query) = query {
        Shows::Query(known("query", query, &keys.queries, report)?)
    } else if let Some(written) = metric {
        let id = names.metric(written, report)?;
        names.deprecated_metric(id, metric, &[], report);
        Shows::Metric(id)
    } else if let Some(slo) = slo {
        Shows::Slo(known("SLO", slo, &keys.slos, report)??)
    } else {
        Shows::Text(owned(text)?)
    };
    Some(OwnPanel {
        shows,
        title: owned(title),
        width: columns(width, report),
        kind: word(kind, PanelKind::from_word).unwrap_or(PanelKind::TimeSeries),
    })
}

/// Reports keys that change nothing about what a panel shows.
fn idle(written: &spec::Panel, report: &mut Report<'_>) {
    let spec::Panel { row, query, title, width, kind, .. } = written;
    let mut refuse = |place: Option<Span>, key: &str, message: &str| {
        let Some(place) = place else { return };
        let diagnostic = Diagnostic::new(&rule::PANEL, place, message);
        report.push(diagnostic.help(format!("delete `{key}`")));
    };
    if row.is_some() {
        let place = title.as_ref().map(|title| title.span);
        refuse(place, "title", "a row is its own title");
        let place = width.as_ref().map(|width| width.span);
        refuse(place, "width", "a row is as wide as the dashboard");
    }
    if query.is_none() {
        let place = kind.as_ref().map(|kind| kind.span);
        refuse(place, "kind", "only a query is drawn in one way or another");
    }
}

/// What a key stands for, among all that there are; an unknown one is reported.
pub(super) fn known<T: Copy>(
    what: &str,
    written: &Text,
    all: &HashMap<&str, T>,
    report: &mut Report<'_>,
) -> Option<T> {
    let found = all.get(&*written.value).copied();
    if found.is_none() {
        let help = report.nearest(written, all.keys().copied()).map(question);
        let message = format!("unknown {what} `{}`", written.value);
        let diagnostic = Diagnostic::new(&rule::UNKNOWN_NAME, written.span, message);
        report.push(diagnostic.maybe_help(help));
    }
    found
}
