//! Alerts: their names and their texts, their further tiers, and those that metrics ask for.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::catalog::{
    Alert, AlertTest, Catalog, Condition, Fired, MetricId, Severity, Slo, Threshold,
};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Reader};
use crate::name::{is_camel_case, to_camel_case};
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Spec, Text};

use super::reads::Names;
use super::report::Report;
use super::{reader, runbook, threshold, word};

/// How long a required metric may be missing.
const MISSING_FOR: &str = "10m";

/// Every alert, with where its condition stands: those that are written, each before its further
/// tiers, then those of required metrics.
pub(super) fn alerts(
    spec: &Spec,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Vec<(Alert, Expression)> {
    let mut alerts = Vec::new();
    for written in &spec.alerts {
        let first = alerts.len();
        alerts.push(alert(written, first, names, report));
        for tier in &written.tiers {
            let (of, expression) = &alerts[first];
            let tier = further_tier(tier, of, expression, first, names, report);
            alerts.extend(tier.map(|(alert, place)| {
                let at = alerts.len();
                let expression = Expression { reader: Reader::Alert(at), ..place };
                (alert, expression)
            }));
        }
    }
    absences(spec, names, &mut alerts);
    alerts
}

/// An alert as it is written.
fn alert(
    written: &spec::Alert,
    at: usize,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> (Alert, Expression) {
    let spec::Alert { name, expr, threshold: bounded, notice, tiers, tests, allow } = written;
    let threshold::Resolved { condition, place } = threshold::condition(written, names, report);
    if let (Condition::Expression(_), Some(tier)) = (&condition, tiers.first())
        && bounded.metric.is_none()
    {
        let message = "only the alert of a `metric` has further tiers";
        let help = "write another alert, or this one with `metric` and a bound";
        report.push(Diagnostic::new(&rule::ALERT_CONDITION, tier.name.span, message).help(help));
    }
    let reads = match (&condition, expr) {
        (Condition::Expression(_), Some(expr)) => names.reads(expr, allow, report),
        (Condition::Threshold(threshold), _) => {
            names.deprecated_metric(threshold.metric, &bounded.metric, allow, report);
            vec![threshold.metric]
        }
        _ => Vec::new(),
    };
    let expression = Expression {
        texts: texts(notice.description.as_ref()),
        ..reader::expression(Reader::Alert(at), name.span, expr.as_ref(), place, allow)
    };
    let alert = noticed(name, condition, notice, names, report);
    (Alert { reads, tests: tests.iter().map(test).collect(), ..alert }, expression)
}

/// A tier as an alert of its own; none where the alert that it belongs to has no bound.
fn further_tier(
    written: &spec::Tier,
    of: &Alert,
    expression: &Expression,
    first: usize,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<(Alert, Expression)> {
    let spec::Tier { name, bound, notice } = written;
    let bound = threshold::bound(bound, name.span, report);
    // What is wrong with the texts is said, whatever becomes of the condition.
    let own = noticed(name, of.condition.clone(), notice, names, report);
    let Condition::Threshold(threshold) = own.condition else { return None };
    let (is_above, bound) = bound?;
    if is_above != threshold.is_above {
        let message = "the tiers of an alert have their bounds on the same side";
        let help = format!("write `{}`", if threshold.is_above { "above" } else { "below" });
        report.push(Diagnostic::new(&rule::ALERT_CONDITION, bound.span, message).help(help));
    }
    let alert = Alert {
        condition: Condition::Threshold(Threshold { bound: bound.value, ..threshold }),
        wait: own.wait.or_else(|| of.wait.clone()),
        keep_firing_for: own.keep_firing_for.or_else(|| of.keep_firing_for.clone()),
        description: own.description.or_else(|| of.description.clone()),
        runbook: own.runbook.or_else(|| of.runbook.clone()),
        tier_of: Some(first),
        reads: of.reads.clone(),
        ..own
    };
    let texts = texts(notice.description.as_ref());
    Some((alert, Expression { name: name.span, span: bound.span, texts, ..expression.clone() }))
}

/// An alert with what is said to people; it reads nothing yet.
fn noticed(
    name: &Text,
    condition: Condition,
    notice: &spec::Notice,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Alert {
    let spec::Notice { wait, keep_firing_for, severity, summary, description, runbook } = notice;
    check_name(name, report);
    check_summary(summary, names.spec, report);
    Alert {
        name: name.value.clone(),
        condition,
        wait: owned(wait),
        keep_firing_for: owned(keep_firing_for),
        severity: word(severity, Severity::from_word).unwrap_or(Severity::Warning),
        summary: summary.value.trim().to_owned(),
        description: description.as_ref().map(|text| text.value.trim().to_owned()),
        runbook: runbook::runbook(runbook, names.spec, report),
        tier_of: None,
        reads: Vec::new(),
        tests: Vec::new(),
    }
}

/// The alerts of metrics that are required.
fn absences(spec: &Spec, names: &Names<'_>, alerts: &mut Vec<(Alert, Expression)>) {
    let written = spec.components.iter().filter(|component| !component.metrics.is_empty());
    for (component, written) in written.enumerate() {
        let required = written.metrics.iter().enumerate();
        let required = required.filter_map(|(metric, written)| {
            let place = written.required.as_ref().filter(|required| required.value)?.span;
            Some((MetricId { component, metric }, place, &written.allow))
        });
        for (id, place, allow) in required {
            let reader = Reader::Alert(alerts.len());
            let expression = reader::expression(reader, place, None, place, allow);
            alerts.push((absence(id, names), expression));
        }
    }
}

fn absence(id: MetricId, names: &Names<'_>) -> Alert {
    let component = &names.catalog.components[id.component];
    let metric = names.catalog.metric(id);
    let title = &component.title;
    Alert {
        name: format!("{}{}Absent", to_camel_case(&component.key), to_camel_case(&metric.key)),
        condition: Condition::Absent(id),
        wait: Some(MISSING_FOR.to_owned()),
        keep_firing_for: None,
        severity: Severity::Warning,
        summary: format!("{title}: a required metric is missing"),
        description: Some(format!("No process exposes {} any more", metric.exposed())),
        runbook: None,
        tier_of: None,
        reads: vec![id],
        tests: Vec::new(),
    }
}

/// Reports names that several alerts have; within one table TOML itself refuses them.
pub(super) fn once(
    alerts: &[(Alert, Expression)],
    slos: &[(Slo, usize)],
    catalog: &Catalog,
    report: &mut Report<'_>,
) {
    let mut known: HashMap<&str, &(Alert, Expression)> = HashMap::new();
    let mut reported = HashSet::new();
    for named @ (alert, place) in alerts {
        let Some((first, first_place)) = known.insert(&alert.name, named) else { continue };
        // All alerts of an SLO clash where one does with another SLO's.
        if !reported.insert((first_place.name, place.name)) {
            continue;
        }
        let name = &alert.name;
        let twice = |span, message| Diagnostic::new(&rule::DUPLICATE_KEY, span, message);
        let origins = [first, alert].map(|alert| origin(&alert.condition, slos, catalog));
        report.push(match origins {
            // Whoever wrote a name does not see those that follow, which come after it.
            [None, Some(origin)] => {
                let message = format!("an alert `{name}` follows from {origin} already");
                twice(first_place.name, message)
                    .related(place.name, "its name follows from this")
                    .help("give this alert another name")
            }
            _ => twice(place.name, format!("alert `{name}` is defined twice"))
                .label("second time")
                .related(first_place.name, "first time"),
        });
    }
}

/// What an alert follows from, where it is not written itself.
fn origin(condition: &Condition, slos: &[(Slo, usize)], catalog: &Catalog) -> Option<String> {
    match condition {
        Condition::Burn { slo, .. } => {
            slos.get(*slo).map(|(slo, _)| format!("the SLO `{}`", slo.key))
        }
        Condition::Absent(id) => Some(format!("the metric `{}`", catalog.metric(*id).key)),
        Condition::Expression(_) | Condition::Threshold(_) => None,
    }
}

fn check_name(name: &Text, report: &mut Report<'_>) {
    if is_camel_case(name) {
        return;
    }
    let message = format!("`{}` is no name for an alert", name.value);
    let camel = to_camel_case(name);
    let help = (is_camel_case(&camel) && name.is_ascii()).then(|| format!("write `{camel}`"));
    let diagnostic = Diagnostic::new(&rule::ALERT_NAME, name.span, message);
    report.push(diagnostic.label("not CamelCase").maybe_help(help));
}

/// Reports what looks like a placeholder and is none: what stands in one is the query checker's
/// business.
fn check_summary(summary: &Text, spec: &Spec, report: &mut Report<'_>) {
    if let Some(placeholder) = placeholder(summary) {
        let span = spec.sources.piece(summary.span, placeholder);
        let diagnostic = Diagnostic::new(&rule::TEMPLATE, span, "a summary is constant");
        report.push(diagnostic.help("values belong in the `description`"));
    }
}

/// The first thing in a constant text that looks like a placeholder.
pub(super) fn placeholder(text: &Text) -> Option<Range<usize>> {
    let start = text.value.find("{{")?;
    let length = text.value[start..].find("}}").map_or(2, |length| length + 2);
    Some(start..start + length)
}

/// What is said of an alert's result, with its place.
fn texts(description: Option<&Text>) -> Vec<(String, Span)> {
    description.iter().map(|text| (text.value.clone(), text.span)).collect()
}

fn owned(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.value.clone())
}

fn test(written: &spec::AlertTest) -> AlertTest {
    let pairs = |pairs: &[(Text, Text)]| {
        pairs.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
    };
    let spec::AlertTest { series, interval, at, fires } = written;
    AlertTest {
        series: pairs(series),
        interval: interval.as_ref().map_or("1m", |interval| &interval.value).to_owned(),
        at: at.as_ref().map_or("", |at| &at.value).to_owned(),
        fires: (fires.iter())
            .map(|fired| Fired {
                labels: pairs(&fired.labels),
                value: fired.value.as_ref().map(|value| value.value),
            })
            .collect(),
    }
}
