//! What alerts watch, on panels of its own: each with the alerts' own bounds.

use std::borrow::Cow;
use std::cmp::Reverse;

use streamhouse_metrics_spec::catalog::{Alert, Condition, MetricId, Severity};
use streamhouse_metrics_spec::name;
use streamhouse_metrics_spec::unit::Unit;

use super::metric::{Drawing, links};
use super::model::{Kind, NUMBER_WIDTH, Panel, Query};
use super::query::legend;
use super::steps::{Bound, reach, steps, urgency};
use super::unit;
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::promql::parse::parse;
use crate::promql::syntax::{Node, Operator};
use crate::testing::{Compared, compared};
use crate::text::grafana;

/// What people have chosen, each with its label.
type Matchers<'m> = &'m [(&'m str, String)];

/// What some alerts measure, or that a condition holds which measures nothing.
pub(super) struct Watched<'a> {
    alerts: Vec<&'a Alert>,
    expr: String,
    bounds: Vec<Bound>,
    /// Whether nothing else decides: what is beyond its bound is wrong, then.
    decides: bool,
}

/// What alerts watch, each quantity once, the most urgent first; what the burn of objectives is,
/// their own panels show.
pub(super) fn watched<'a>(results: &Results<'_>, alerts: &[&'a Alert]) -> Vec<Watched<'a>> {
    let mut all: Vec<Watched<'a>> = Vec::new();
    let is_burn = |alert: &Alert| matches!(alert.condition, Condition::Burn { .. });
    for (number, &alert) in alerts.iter().enumerate().filter(|(_, alert)| !is_burn(alert)) {
        for Quantity { expr, mut bounds, decides } in quantities(results, alert) {
            bounds.iter_mut().for_each(|bound| bound.group += number * LEAVES);
            // What decides alone is not what others look at beside something else.
            let is_same = |known: &&mut Watched<'_>| known.expr == expr && known.decides == decides;
            match all.iter_mut().find(is_same) {
                Some(known) => {
                    known.alerts.push(alert);
                    known.bounds.extend(bounds);
                }
                None => all.push(Watched { alerts: vec![alert], expr, bounds, decides }),
            }
        }
    }
    all.sort_by_key(|watched| {
        Reverse(watched.alerts.iter().map(|alert| urgency(alert.severity)).max())
    });
    all
}

/// More than any condition is made of.
const LEAVES: usize = 1 << 16;

/// What an alert measures, with its bounds.
struct Quantity {
    expr: String,
    bounds: Vec<Bound>,
    /// Whether nothing else decides.
    decides: bool,
}

/// What an alert measures: of the service if anything is, whole if nothing is.
fn quantities(results: &Results<'_>, alert: &Alert) -> Vec<Quantity> {
    let text = condition(results, alert);
    let Ok(parsed) = parse(&text) else { return Vec::new() };
    let mut found = compared(&parsed.expr);
    let prefix = format!("{}_", results.catalog().namespace);
    let is_own = |of: &Compared<'_>| {
        let names = results.names_in(&text[of.measured.span.clone()]);
        names.iter().any(|name| name.starts_with(&prefix) || name.contains(':'))
    };
    if found.iter().any(is_own) {
        found.retain(is_own);
    }
    let places: Vec<_> = found.iter().map(|of| of.leaf).collect();
    let mut quantities: Vec<Quantity> = Vec::new();
    for of in &found {
        let needs = of.needs.iter().filter(|needed| places.contains(needed));
        // What must hold at once is known by the first of it.
        let group = needs.clone().copied().chain([of.leaf]).min().unwrap_or(of.leaf);
        let (operator, value, severity) = (of.operator, of.bound, alert.severity);
        let bound = Bound { operator, value, severity, group };
        let expr = text[of.measured.span.clone()].to_owned();
        match quantities.iter_mut().find(|known| known.expr == expr) {
            Some(known) => known.bounds.push(bound),
            None => {
                let decides = needs.count() == 0;
                quantities.push(Quantity { expr, bounds: vec![bound], decides });
            }
        }
    }
    if let [only] = &mut *quantities {
        only.decides = true;
    }
    if quantities.is_empty() {
        let expr = held(&text);
        quantities.push(Quantity { expr, bounds: Vec::new(), decides: true });
    }
    quantities
}

/// When an alert fires; where something is missing, of the jobs that people have chosen.
fn condition<'a>(results: &Results<'_>, alert: &'a Alert) -> Cow<'a, str> {
    match alert.condition {
        Condition::Absent(id) => {
            let samples = results.catalog().metric(id).samples();
            Cow::Owned(format!("absent({})", samples.last().map_or("", String::as_str)))
        }
        _ => results.expr(alert),
    }
}

impl Watched<'_> {
    /// What it is called: by what it reads, and by the first alert.
    pub(super) fn title(&self, results: &Results<'_>, readers: &Readers<'_>) -> String {
        let name = &self.alerts[0].name;
        self.subject(results, readers)
            .map_or_else(|| name.clone(), |subject| format!("{subject} ({name})"))
    }

    /// What it reads, if that is more than whether a condition holds.
    fn subject(&self, results: &Results<'_>, readers: &Readers<'_>) -> Option<String> {
        if self.bounds.is_empty() {
            return None;
        }
        let catalog = results.catalog();
        if let Some(id) = self.metric(results) {
            let metric = catalog.metric(id);
            let own = metric.panel.title.as_deref().map(grafana::title);
            return Some(own.unwrap_or_else(|| readers.titles(id.component).of(metric)));
        }
        Some(name::to_title(results.names_in(&self.expr).first()?))
    }

    /// The metric of the service that it reads.
    fn metric(&self, results: &Results<'_>) -> Option<MetricId> {
        let names = results.names_in(&self.expr);
        let mut read = self.alerts[0].reads.iter().copied();
        read.find(|id| {
            let samples = results.catalog().metric(*id).samples();
            samples.iter().any(|sample| names.contains(sample))
        })
    }

    /// Its query; where it counts failures, no line means none.
    fn query(
        &self,
        drawing: &Drawing<'_>,
        results: &Results<'_>,
        matchers: Matchers<'_>,
    ) -> String {
        let expr = results.on_panel(&self.expr, matchers);
        let labels = results.labels_of_result(&self.expr);
        let labels: Vec<_> = labels.iter().map(|label| &**label).collect();
        let none = self.metric(results).and_then(|id| drawing.nothing_failed(id, &labels));
        match none {
            Some(none) => format!("{expr} or {none}"),
            None => expr,
        }
    }

    /// Its course, with the bounds on it; where there are none, the number says it all.
    pub(super) fn panel(
        &self,
        drawing: &Drawing<'_>,
        results: &Results<'_>,
        matchers: Matchers<'_>,
    ) -> Option<Panel> {
        if self.bounds.is_empty() {
            return None;
        }
        let title = self.title(results, drawing.readers());
        let labels = results.labels_of_result(&self.expr);
        let labels: Vec<_> = labels.iter().map(|label| &**label).collect();
        let query = Query::new(self.query(drawing, results, matchers), legend(&labels, &title));
        Some(Panel {
            starts_at_zero: results.is_positive(&self.expr),
            reaches: reach(&self.bounds),
            ..self.face("course", Kind::TimeSeries, title, query, results)
        })
    }

    /// The worst of it now, if that says by itself that something is wrong.
    pub(super) fn stat(
        &self,
        drawing: &Drawing<'_>,
        results: &Results<'_>,
        matchers: Matchers<'_>,
    ) -> Option<Panel> {
        // How many targets are up stands on top of every page already.
        let is_external = self.metric(results).is_none() && !self.bounds.is_empty();
        if !self.decides || is_external {
            return None;
        }
        let Some(operator) = self.direction() else {
            // No one of several series is the worst: of how many the condition holds says it.
            let (alerts, first) = (self.alerts.clone(), self.alerts[0]);
            let expr = held(&condition(results, first));
            let number = Self { alerts, expr, bounds: Vec::new(), decides: true };
            return number.stat(drawing, results, matchers);
        };
        let title = self.subject(results, drawing.readers());
        let title = title.unwrap_or_else(|| self.alerts[0].name.clone());
        let expr = self.query(drawing, results, matchers);
        let worst = match results.labels_of_result(&self.expr).is_empty() {
            true => expr,
            false => worst(operator, &expr),
        };
        let kind = Kind::Stat { has_trend: true };
        let query = Query::new(worst, title.clone());
        Some(Panel { size: (NUMBER_WIDTH, 4), ..self.face("worst", kind, title, query, results) })
    }

    /// Which of several series is the worst, if that is one of the ends.
    fn direction(&self) -> Option<&'static str> {
        let is_low =
            |bound: &Bound| matches!(bound.operator, Operator::Less | Operator::LessOrEqual);
        let is_high =
            |bound: &Bound| matches!(bound.operator, Operator::Greater | Operator::GreaterOrEqual);
        match () {
            () if self.bounds.iter().all(is_high) => Some("max"),
            () if self.bounds.iter().all(is_low) => Some("min"),
            () => None,
        }
    }

    fn face(
        &self,
        part: &str,
        kind: Kind,
        title: String,
        query: Query,
        results: &Results<'_>,
    ) -> Panel {
        let unit = results.unit_of_result(&self.expr);
        let is_whole = unit
            .as_deref()
            .is_some_and(|unit| !Unit::new(unit).is_fractional() && !unit.contains('/'));
        let first = self.alerts[0];
        let lines = self.alerts.iter().map(|alert| {
            let wait = alert.wait.as_ref().map(|wait| format!(", after {wait}"));
            let summary = grafana::description(&alert.summary);
            let severity = alert.severity.as_str();
            format!("- {}: {summary} ({severity}{})", alert.name, wait.unwrap_or_default())
        });
        let description = lines.collect::<Vec<_>>().join("\n");
        let steps = match &*self.bounds {
            [] => steps(&[one_is_too_many(first.severity)], true),
            bounds => steps(bounds, is_whole),
        };
        Panel {
            description,
            unit: unit.as_deref().map_or("short", unit::id),
            steps,
            links: links(results.catalog(), &self.alerts),
            ..Panel::new(format!("{} {part} {}", first.name, self.expr), kind, title, vec![query])
        }
    }
}

/// Of how many series a condition holds.
fn held(condition: &str) -> String {
    format!("count({condition}) or vector(0)")
}

/// The worst of all series of an expression: where it has the worst of each already, of all at once.
fn worst(operator: &str, expr: &str) -> String {
    let inner = parse(expr).ok().and_then(|parsed| match &parsed.expr.node {
        Node::Aggregation(of) if of.operator.text == operator => Some(of.of.span.clone()),
        _ => None,
    });
    format!("{operator}({})", &expr[inner.unwrap_or(0..expr.len())])
}

/// One instance of a condition is one too many.
fn one_is_too_many(severity: Severity) -> Bound {
    Bound { operator: Operator::GreaterOrEqual, value: 1.0, severity, group: 0 }
}
