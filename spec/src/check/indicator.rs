//! The indicator of an SLO: which metrics it is of, and which of their values are good.

use crate::catalog::{Indicator, Kind};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Text};

use super::good;
use super::reads::Names;
use super::report::Report;

/// What says which values of a metric are good, and what kind of metric has such values.
const FORMS: [(&str, Kind); 3] =
    [("good_values", Kind::Counter), ("faster_than", Kind::Histogram), ("below", Kind::Gauge)];

/// What is good and what is bad; none where it cannot be told.
pub(super) fn indicator(
    written: &spec::Slo,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<Indicator> {
    let spec::Indicator { good, bad, metric, .. } = &written.indicator;
    if let (Some(metric), Some(other)) = (metric, good.as_ref().or(bad.as_ref())) {
        let message = "this SLO has two indicators";
        let diagnostic = Diagnostic::new(&rule::SLO_INDICATOR, metric.span, message);
        report.push(diagnostic.related(other.span, "the other one").help("keep one of the two"));
        return None;
    }
    match (good, bad, metric) {
        (_, _, Some(metric)) => of_metric(written, metric, names, report),
        (Some(good), Some(bad), None) => of_counters(written, good, bad, names, report),
        (Some(one), None, None) | (None, Some(one), None) => {
            let other = if good.is_some() { "bad" } else { "good" };
            let message = format!("all events are good and bad ones: `{other}` is missing");
            let help = format!("add `{other} = \"…\"`");
            report.push(Diagnostic::new(&rule::SLO_INDICATOR, one.span, message).help(help));
            None
        }
        (None, None, None) => {
            let message = "this SLO has no indicator";
            let help = "add `good = \"…\"` and `bad = \"…\"`, or `metric = \"…\"` and which of its values are good";
            let diagnostic = Diagnostic::new(&rule::SLO_INDICATOR, written.key.span, message);
            report.push(diagnostic.help(help));
            None
        }
    }
}

/// What says which values of a metric are good, as far as it is written.
fn forms(indicator: &spec::Indicator) -> impl Iterator<Item = ((&'static str, Kind), Span)> {
    let spec::Indicator { good_values, faster_than, below, .. } = indicator;
    let places = [
        good_values.as_ref().map(|values| values.span),
        faster_than.as_ref().map(|bound| bound.span),
        below.as_ref().map(|bound| bound.span),
    ];
    FORMS.into_iter().zip(places).filter_map(|(form, place)| Some((form, place?)))
}

/// Good events of one counter, and bad ones of another.
fn of_counters(
    written: &spec::Slo,
    good: &Text,
    bad: &Text,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<Indicator> {
    for ((form, _), place) in forms(&written.indicator) {
        let message = format!("`{form}` says nothing about two counters");
        let diagnostic = Diagnostic::new(&rule::SLO_INDICATOR, place, message);
        report.push(diagnostic.help(format!("delete `{form}`")));
    }
    let found = [good, bad].map(|text| names.metric(text, report));
    let mut counters = Vec::new();
    for (text, id) in [good, bad].into_iter().zip(found) {
        let Some(id) = id else { continue };
        names.deprecated_metric(id, &Some(text.clone()), &written.allow, report);
        let metric = names.catalog.metric(id);
        if metric.kind == Kind::Counter {
            counters.push((id, metric));
            continue;
        }
        let message =
            format!("events are counted by counters; `{}` is {}", metric.key, noun(metric.kind));
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, text.span, message));
    }
    let [(good_id, one), (bad_id, two)] = counters[..] else { return None };
    let wrong = |message: String| {
        Diagnostic::new(&rule::SLO_INDICATOR, bad.span, message).related(good.span, "good events")
    };
    if good_id == bad_id {
        let message = "the same events are good and bad".to_owned();
        report.push(wrong(message).help("name the counter of bad events"));
        return None;
    }
    if one.unit != two.unit {
        let name = |unit: &crate::unit::Unit| match unit.is_none() {
            true => "nothing".to_owned(),
            false => format!("`{unit}`"),
        };
        let (one, two) = (name(&one.unit), name(&two.unit));
        let message = format!("good events are counted in {one}, and bad ones in {two}");
        report.push(wrong(message).help("count both in the same unit: all events are their sum"));
        return None;
    }
    Some(Indicator::Counters { good: good_id, bad: bad_id })
}

/// Good values of a metric.
fn of_metric(
    written: &spec::Slo,
    metric: &Text,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<Indicator> {
    let mut written_forms = forms(&written.indicator);
    let form = written_forms.next();
    for (_, place) in written_forms {
        let message = "this SLO has two indicators";
        let mut diagnostic = Diagnostic::new(&rule::SLO_INDICATOR, place, message);
        if let Some((_, first)) = form {
            diagnostic = diagnostic.related(first, "the other one");
        }
        report.push(diagnostic.help("keep one of the two"));
    }
    let id = names.metric(metric, report)?;
    names.deprecated_metric(id, &Some(metric.clone()), &written.allow, report);
    let described = names.catalog.metric(id);
    let fitting = FORMS.iter().find(|(_, kind)| *kind == described.kind);
    let wrong = |place: Span, message: String| {
        let help = match fitting {
            Some((form, _)) => format!("say by `{form}` which of its values are good"),
            None => "name a counter, a histogram or a gauge".to_owned(),
        };
        Diagnostic::new(&rule::SLO_INDICATOR, place, message).help(help)
    };
    let Some(((form, of), place)) = form else {
        let message = format!("nothing says which values of `{}` are good", described.key);
        report.push(wrong(metric.span, message));
        return None;
    };
    if of != described.kind {
        let (of, is) = (noun(of), noun(described.kind));
        let message = format!("`{form}` is for {of}; `{}` is {is}", described.key);
        report.push(wrong(place, message));
        return None;
    }
    let spec::Indicator { good_values, faster_than, below, .. } = &written.indicator;
    match (good_values, faster_than, below) {
        (Some(values), ..) => good::of_values(id, values, names, report),
        (_, Some(bound), _) => good::of_time(id, bound, names, report),
        (.., Some(bound)) if bound.value.is_finite() => {
            Some(Indicator::Below { metric: id, bound: bound.value })
        }
        _ => {
            report.push(Diagnostic::new(&rule::SLO_INDICATOR, place, "a bound is a finite number"));
            None
        }
    }
}

/// A kind of metric with its article.
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Counter => "a counter",
        Kind::Gauge => "a gauge",
        Kind::Histogram => "a histogram",
        Kind::Info => "an info metric",
    }
}
