//! Gauges beside other metrics: what works one off, and what one is behind.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Kind, Metric, MetricId};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Allow, Text};

use super::indicator::noun;
use super::reads::Names;
use super::report::Report;

/// The metrics that a gauge is shown beside.
pub(super) struct Related {
    pub gauge: MetricId,
    pub drained_by: Option<MetricId>,
    pub follows: Option<MetricId>,
}

/// A key of a gauge that names another metric.
struct Relation {
    key: &'static str,
    /// What only gauges do.
    verb: &'static str,
    /// The kind of the other metric.
    kind: Kind,
    /// What to name instead.
    meant: &'static str,
}

const DRAINED_BY: Relation = Relation {
    key: "drained_by",
    verb: "are drained",
    kind: Kind::Counter,
    meant: "name the counter of what is worked off",
};

const FOLLOWS: Relation = Relation {
    key: "follows",
    verb: "follow another one",
    kind: Kind::Gauge,
    meant: "name the gauge that is ahead of it",
};

/// Every gauge that is shown beside other metrics.
pub(super) fn related(names: &Names<'_>, report: &mut Report<'_>) -> Vec<Related> {
    let mut found = Vec::new();
    let mut followed = Vec::new();
    let written = names.spec.components.iter().filter(|component| !component.metrics.is_empty());
    for (component, written) in written.enumerate() {
        for (metric, written) in written.metrics.iter().enumerate() {
            let spec::Metric { drained_by, follows, allow, .. } = written;
            let gauge = MetricId { component, metric };
            let mut other = |relation: &Relation, text: &Option<Text>| {
                relation.other(gauge, text.as_ref()?, allow, names, report)
            };
            let drained_by = other(&DRAINED_BY, drained_by);
            let ahead = other(&FOLLOWS, follows);
            followed.extend(follows.as_ref().zip(ahead).map(|(at, ahead)| (gauge, ahead, at.span)));
            found.push(Related { gauge, drained_by, follows: ahead });
        }
    }
    circles(&followed, names, report);
    found.retain(|related| related.drained_by.or(related.follows).is_some());
    found
}

impl Relation {
    /// The metric that a gauge names, if the two fit.
    fn other(
        &self,
        gauge: MetricId,
        written: &Text,
        allow: &[Allow],
        names: &Names<'_>,
        report: &mut Report<'_>,
    ) -> Option<MetricId> {
        let Self { key, verb, .. } = self;
        let one = names.catalog.metric(gauge);
        if one.kind != Kind::Gauge {
            let message = format!("only gauges {verb}; `{}` is {}", one.key, noun(one.kind));
            let diagnostic = Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, written.span, message);
            report.push(diagnostic.help(format!("delete `{key}`")));
            return None;
        }
        let id = names.metric(written, report)?;
        names.deprecated_metric(id, &Some(written.clone()), allow, report);
        let misfit = match gauge.component == id.component {
            true => self.misfit(one, names.catalog.metric(id), names),
            // What one process exposes does not stand beside what another one does.
            false => Some((
                format!("`{written}` is another component's", written = written.value),
                "name a metric of the same component".to_owned(),
            )),
        };
        let (message, help) = match misfit {
            Some(misfit) => misfit,
            None => return Some(id),
        };
        let diagnostic = Diagnostic::new(&rule::RELATED_METRIC, written.span, message);
        report.push(diagnostic.help(help));
        None
    }

    /// Why a gauge and another metric do not fit, and what to name instead.
    fn misfit(&self, one: &Metric, other: &Metric, names: &Names<'_>) -> Option<(String, String)> {
        let Self { key, kind, meant, .. } = self;
        let expected = noun(*kind);
        if other.kind != *kind {
            let is = noun(other.kind);
            let message = format!("`{key}` names {expected}; `{}` is {is}", other.key);
            return Some((message, (*meant).to_owned()));
        }
        if one.unit != other.unit {
            let (ours, theirs) = (&one.unit, &other.unit);
            let message =
                format!("`{}` is in `{ours}`, and `{}` in `{theirs}`", one.key, other.key);
            return Some((message, format!("name {expected} in `{ours}`")));
        }
        // A counter may add up what the gauge keeps apart; of two gauges there is a difference only
        // label by label.
        let is_difference = *kind == Kind::Gauge;
        let further = label_apart(one, other, names);
        let message =
            further.or_else(|| label_apart(other, one, names).filter(|_| is_difference))?;
        let labels = if is_difference { "with the same labels" } else { "without further labels" };
        Some((message, format!("name {expected} {labels}")))
    }
}

/// That a metric lacks a label of another one.
fn label_apart(of: &Metric, with: &Metric, names: &Names<'_>) -> Option<String> {
    let label = with.labels.iter().find(|label| !of.labels.contains(label))?;
    let label = &names.catalog.labels[*label].key;
    Some(format!("`{}` has no label `{label}`, which `{}` has", of.key, with.key))
}

/// Reports gauges that are behind themselves, once for all that are behind one another.
fn circles(followed: &[(MetricId, MetricId, Span)], names: &Names<'_>, report: &mut Report<'_>) {
    let ahead = followed.iter().map(|(gauge, ahead, place)| (*gauge, (*ahead, *place)));
    let ahead: HashMap<MetricId, (MetricId, Span)> = ahead.collect();
    let mut seen = HashSet::new();
    for (first, ..) in followed {
        // Whoever is ahead of the first one, and ahead of that, up to one that was met before.
        let mut path = Vec::new();
        let mut at = *first;
        while seen.insert(at) {
            path.push(at);
            let Some((next, _)) = ahead.get(&at) else { break };
            at = *next;
        }
        let circle = path.iter().skip_while(|gauge| **gauge != at);
        let mut keys = circle.map(|gauge| format!("`{}`", names.catalog.metric(*gauge).key));
        let (Some(key), Some((_, place))) = (keys.next(), ahead.get(&at)) else { continue };
        let through: Vec<_> = keys.collect();
        let message = match through.is_empty() {
            true => format!("{key} follows itself"),
            false => format!("{key} follows itself through {}", through.join(", ")),
        };
        let diagnostic = Diagnostic::new(&rule::RELATED_METRIC, *place, message);
        report.push(diagnostic.help(FOLLOWS.meant));
    }
}
