//! The condition of an alert: an expression, or a metric with a bound.

use crate::catalog::{Condition, Kind, Label, MetricId, Threshold};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::{Span, Spanned};
use crate::spec::{self, Text};

use super::reads::Names;
use super::report::Report;

/// How far rates look back where nothing is said.
const RANGE: &str = "5m";

/// The condition of an alert as written, and the place that findings about it point to.
pub(super) struct Resolved {
    pub(super) condition: Condition,
    pub(super) place: Span,
}

/// What an alert's condition is; an empty expression where it has none.
pub(super) fn condition(
    written: &spec::Alert,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Resolved {
    let spec::Alert { name, expr, threshold, .. } = written;
    let nothing = |place| Resolved { condition: Condition::Expression(String::new()), place };
    let Some(metric) = &threshold.metric else {
        for (key, place) in keys(threshold) {
            let message = format!("`{key}` says nothing about an expression");
            let diagnostic = Diagnostic::new(&rule::ALERT_CONDITION, place, message);
            report.push(diagnostic.help(format!("name a `metric`, or delete `{key}`")));
        }
        let Some(expr) = expr else {
            let message = "this alert has no condition";
            let help = "add `expr = \"…\"`, or `metric = \"…\"` and `above = 10`";
            report.push(Diagnostic::new(&rule::ALERT_CONDITION, name.span, message).help(help));
            return nothing(name.span);
        };
        let text = expr.value.trim().to_owned();
        return Resolved { condition: Condition::Expression(text), place: expr.span };
    };
    if let Some(expr) = expr {
        let message = "this alert has two conditions";
        let diagnostic = Diagnostic::new(&rule::ALERT_CONDITION, metric.span, message);
        report.push(diagnostic.related(expr.span, "the other one").help("keep one of the two"));
    }
    let bound = bound(&threshold.bound, metric.span, report);
    let id = names.metric(metric, report);
    match (id, bound) {
        (Some(id), Some((is_above, bound))) => {
            let condition = of_metric(threshold, id, is_above, bound.value, names, report);
            Resolved { condition: Condition::Threshold(condition), place: bound.span }
        }
        _ => nothing(metric.span),
    }
}

/// The one bound of an alert or of a tier.
pub(super) fn bound<'b>(
    written: &'b spec::Bound,
    place: Span,
    report: &mut Report<'_>,
) -> Option<(bool, &'b Spanned<f64>)> {
    let found = match (&written.above, &written.below) {
        (Some(above), None) => Some((true, above)),
        (None, Some(below)) => Some((false, below)),
        (None, None) => {
            let message = "nothing says which values are wrong";
            let help = "add `above = 10`, or `below = 10`";
            report.push(Diagnostic::new(&rule::ALERT_CONDITION, place, message).help(help));
            None
        }
        (Some(above), Some(below)) => {
            let message = "a value cannot be above and below";
            let diagnostic = Diagnostic::new(&rule::ALERT_CONDITION, below.span, message);
            let help = "keep one of the two; for both write an `expr`";
            report.push(diagnostic.related(above.span, "the other bound").help(help));
            None
        }
    };
    if let Some((_, bound)) = found.filter(|(_, bound)| !bound.value.is_finite()) {
        let message = "a bound is a finite number";
        report.push(Diagnostic::new(&rule::ALERT_CONDITION, bound.span, message));
        return None;
    }
    found
}

/// Everything that is written of a threshold, by key.
fn keys(threshold: &spec::Threshold) -> impl Iterator<Item = (&'static str, Span)> {
    let spec::Threshold { metric: _, bound, by, range, quantile } = threshold;
    let keys = [
        ("above", bound.above.as_ref().map(|above| above.span)),
        ("below", bound.below.as_ref().map(|below| below.span)),
        ("by", by.as_ref().map(|by| by.span)),
        ("range", range.as_ref().map(|range| range.span)),
        ("quantile", quantile.as_ref().map(|quantile| quantile.span)),
    ];
    keys.into_iter().filter_map(|(key, place)| Some((key, place?)))
}

/// A metric's bound, with what its kind needs.
fn of_metric(
    written: &spec::Threshold,
    id: MetricId,
    is_above: bool,
    bound: f64,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Threshold {
    let spec::Threshold { metric, by, range, quantile, .. } = written;
    let described = names.catalog.metric(id);
    let kind = described.kind;
    let mut refuse = |place: Span, message: String, help: &str| {
        let diagnostic = Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, place, message);
        report.push(diagnostic.help(help));
    };
    let place = metric.as_ref().map_or(Span::default(), |metric| metric.span);
    let key = &described.key;
    match (kind, quantile) {
        (Kind::Info, _) => {
            refuse(
                place,
                format!("`{key}` is an info metric, whose value is always 1"),
                "write an `expr`",
            );
        }
        (Kind::Histogram, None) => {
            let help = "add `quantile = 0.99`";
            refuse(
                place,
                format!("`{key}` is a histogram: of its values a quantile has a bound"),
                help,
            );
        }
        // The only values that the quantile 1 has are bounds of buckets: a threshold between two of
        // them is as good as any other there, and no test could tell them apart.
        (Kind::Histogram, Some(quantile)) if quantile.value == 1.0 => {
            let message = format!("the greatest value of `{key}` is only known as a bucket");
            let help = "write `0.99` for the 99th percentile, or an `expr` about one `le`";
            refuse(quantile.span, message, help);
        }
        (Kind::Histogram, Some(quantile)) if !(quantile.value > 0.0 && quantile.value < 1.0) => {
            let message = "a quantile lies between 0 and 1".to_owned();
            refuse(quantile.span, message, "write `0.99` for the 99th percentile");
        }
        (Kind::Counter | Kind::Gauge, Some(quantile)) => {
            let message = format!("only histograms have quantiles; `{key}` is a {}", kind.as_str());
            refuse(quantile.span, message, "delete `quantile`");
        }
        _ => {}
    }
    if let (Kind::Gauge, Some(range)) = (kind, range) {
        let message = format!("a gauge's value is compared as it is; `{key}` is a gauge");
        refuse(range.span, message, "delete `range`");
    }
    let by = by.as_ref().map(|by| kept(&by.value, id, names, report));
    Threshold {
        metric: id,
        is_above,
        bound,
        // A rate is of many processes: what each of them has a part in is added up.
        by: by.or_else(|| (kind != Kind::Gauge).then(|| described.labels.clone())),
        range: range.as_ref().map_or(RANGE, |range| &range.value).to_owned(),
        quantile: quantile.as_ref().map(|quantile| quantile.value),
    }
}

/// The labels that are kept apart, as far as the metric has them, in the order of `[labels]`.
pub(super) fn kept(
    written: &[Text],
    id: MetricId,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Vec<usize> {
    let catalog = names.catalog;
    let metric = catalog.metric(id);
    let own: Vec<&Label> = catalog.labels_of(metric).collect();
    let mut kept = Vec::new();
    for label in written {
        let at = metric.labels.iter().copied().find(|&at| catalog.labels[at].key == label.value);
        kept.extend(at);
        if at.is_some() {
            continue;
        }
        let by_name = own.iter().find(|known| known.name == label.value);
        let help = match by_name {
            Some(known) => format!("labels are used by their keys: write `{}`", known.key),
            None if own.is_empty() => "it has no labels".to_owned(),
            None => {
                let keys: Vec<_> = own.iter().map(|known| format!("`{}`", known.key)).collect();
                format!("it has {}", keys.join(", "))
            }
        };
        let message = format!("`{}` has no label `{}`", metric.key, label.value);
        report.push(Diagnostic::new(&rule::UNKNOWN_LABEL, label.span, message).help(help));
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}
