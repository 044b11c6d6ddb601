//! What alerts watch, on panels of its own: each with the alerts' own bounds.

use std::borrow::Cow;

use streamhouse_metrics_spec::catalog::{Alert, Condition, MetricId};
use streamhouse_metrics_spec::name;
use streamhouse_metrics_spec::unit::Unit;

use super::metric::{Drawing, links};
use super::model::{Kind, NUMBER_WIDTH, Panel, Query};
use super::query::legend;
use super::steps::{Bound, reach, steps};
use super::unit;
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::promql::parse::parse;
use crate::promql::syntax::{Node, Operator};
use crate::testing::compared;
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

/// What alerts watch, each quantity once, in the order of the alerts; what the burn of objectives
/// is, their own panels show.
pub(super) fn watched<'a>(results: &Results<'_>, alerts: &[&'a Alert]) -> Vec<Watched<'a>> {
    let mut all: Vec<Watched<'a>> = Vec::new();
    for &alert in alerts {
        if matches!(alert.condition, Condition::Burn { .. }) {
            continue;
        }
        let measured = measured(results, alert);
        let decides = measured.len() == 1;
        for (expr, bound) in measured {
            let bounds = bound.into_iter();
            // What decides alone is not what others look at beside something else.
            let is_same = |known: &&mut Watched<'_>| known.expr == expr && known.decides == decides;
            match all.iter_mut().find(is_same) {
                Some(known) => {
                    known.alerts.push(alert);
                    known.bounds.extend(bounds);
                }
                None => {
                    let (alerts, bounds) = (vec![alert], bounds.collect());
                    all.push(Watched { alerts, expr, bounds, decides });
                }
            }
        }
    }
    all
}

/// What an alert measures, with its bounds: of the service if anything is, whole if nothing is.
fn measured(results: &Results<'_>, alert: &Alert) -> Vec<(String, Option<Bound>)> {
    let text = match alert.condition {
        // Of the jobs that people have chosen.
        Condition::Absent(id) => {
            let samples = results.catalog().metric(id).samples();
            Cow::Owned(format!("absent({})", samples.last().map_or("", String::as_str)))
        }
        _ => results.expr(alert),
    };
    let Ok(parsed) = parse(&text) else { return Vec::new() };
    let mut found: Vec<_> = compared(&parsed.expr)
        .into_iter()
        .map(|of| {
            let bound = Bound { operator: of.operator, value: of.bound, severity: alert.severity };
            (text[of.measured.span.clone()].to_owned(), Some(bound))
        })
        .collect();
    let prefix = format!("{}_", results.catalog().namespace);
    let is_own = |expr: &str| {
        let names = results.names_in(expr);
        names.iter().any(|name| name.starts_with(&prefix) || name.contains(':'))
    };
    if found.iter().any(|(expr, _)| is_own(expr)) {
        found.retain(|(expr, _)| is_own(expr));
    }
    if found.is_empty() {
        found.push((format!("count({text}) or vector(0)"), None));
    }
    found
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
            return Some(readers.titles(id.component).of(catalog.metric(id)));
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
        let title =
            self.subject(results, drawing.readers()).unwrap_or_else(|| self.alerts[0].name.clone());
        let expr = self.query(drawing, results, matchers);
        let is_low = self.bounds.iter().any(|bound| {
            matches!(bound.operator, Operator::Less | Operator::LessOrEqual | Operator::Equal)
        });
        let worst = match results.labels_of_result(&self.expr).is_empty() {
            true => expr,
            false => worst(if is_low { "min" } else { "max" }, &expr),
        };
        let kind = Kind::Stat { has_trend: true };
        let query = Query::new(worst, title.clone());
        Some(Panel { size: (NUMBER_WIDTH, 4), ..self.face("worst", kind, title, query, results) })
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
            // One instance of the condition is one too many.
            [] => steps(
                &[Bound {
                    operator: Operator::GreaterOrEqual,
                    value: 1.0,
                    severity: first.severity,
                }],
                true,
            ),
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

/// The worst of all series of an expression: where it has the worst of each already, of all at once.
fn worst(operator: &str, expr: &str) -> String {
    let inner = parse(expr).ok().and_then(|parsed| match &parsed.expr.node {
        Node::Aggregation(of) if of.operator.text == operator => Some(of.of.span.clone()),
        _ => None,
    });
    format!("{operator}({})", &expr[inner.unwrap_or(0..expr.len())])
}
