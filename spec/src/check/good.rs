//! Which events are good: those with some values of a label, and those that take no longer than a
//! bound.

use crate::bucket::Bound;
use crate::catalog::{Indicator, MetricId};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Spanned;
use crate::spec::LabelValues;
use crate::suggest::question;

use super::reads::Names;
use super::report::Report;

/// Events of a counter whose closed label says whether they are good.
pub(super) fn of_values(
    id: MetricId,
    written: &Spanned<Vec<LabelValues>>,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<Indicator> {
    let catalog = names.catalog;
    let metric = catalog.metric(id);
    let closed = metric.labels.iter().filter(|&&label| catalog.labels[label].is_closed());
    let closed: Vec<_> = closed.map(|&label| format!("`{}`", catalog.labels[label].key)).collect();
    let help = match closed.is_empty() {
        true => format!("`{}` has no closed label", metric.key),
        false => format!("its closed labels are {}", closed.join(", ")),
    };
    let [LabelValues { key, values }] = &written.value[..] else {
        let message = "one label says which events are good";
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, written.span, message).help(help));
        return None;
    };
    let is_it = |&&label: &&usize| catalog.labels[label].key == key.value;
    let Some(&label) = metric.labels.iter().find(is_it) else {
        let message = format!("`{}` has no label `{}`", metric.key, key.value);
        report.push(Diagnostic::new(&rule::UNKNOWN_LABEL, key.span, message).help(help));
        return None;
    };
    let known = catalog.labels[label].closed_values();
    if known.is_empty() {
        let message = format!("`{}` may have any value", key.value);
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, key.span, message).help(help));
        return None;
    }
    let mut is_wrong = false;
    for value in values.iter().filter(|value| !known.contains(&value.value)) {
        let nearest = report.nearest(value, known.iter().map(|known| &**known)).map(question);
        let listed: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
        let message = format!("`{}` is no value of `{}`", value.value, key.value);
        let help = nearest.unwrap_or_else(|| format!("its values are {}", listed.join(", ")));
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, value.span, message).help(help));
        is_wrong = true;
    }
    let good = known.iter().filter(|known| values.iter().any(|value| value.value == **known));
    let good: Vec<_> = good.cloned().collect();
    if !is_wrong && (good.is_empty() || good.len() == known.len()) {
        let all = if good.is_empty() { "no" } else { "every" };
        let message = format!("{all} value of `{}` is good", key.value);
        let help = "list those whose events are good, and not those whose events are bad";
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, key.span, message).help(help));
        return None;
    }
    (!is_wrong).then_some(Indicator::Values { metric: id, label, good })
}

/// Events that are good where they take no longer than a bucket's bound.
pub(super) fn of_time(
    id: MetricId,
    written: &Spanned<f64>,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Option<Indicator> {
    let metric = names.catalog.metric(id);
    if metric.unit.as_str() != "seconds" {
        let message =
            format!("`faster_than` is in seconds; `{}` is in {}", metric.key, metric.unit);
        let help = "name a histogram of seconds";
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, written.span, message).help(help));
        return None;
    }
    let number = written.value;
    if let Some(bound) = metric.buckets.iter().find(|bound| bound.value() == number) {
        return Some(Indicator::Faster { metric: id, bound: *bound });
    }
    let above = metric.buckets.partition_point(|bound| bound.value() < number);
    let near = [above.checked_sub(1), Some(above)].into_iter().flatten();
    let near: Vec<_> = near.filter_map(|at| metric.buckets.get(at).copied()).collect();
    let near: Vec<_> =
        near.into_iter().map(|bound: Bound| format!("`{}`", bound.value())).collect();
    let message = format!("no bucket of `{}` ends at {number}", metric.key);
    let help = format!("write {}, or add `{number}` to its buckets", near.join(" or "));
    report.push(Diagnostic::new(&rule::SLO_BOUND, written.span, message).help(help));
    None
}
