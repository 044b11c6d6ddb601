//! What a metric asks of its recorder: a native histogram, exemplars, a sample, a limit of series.

use crate::catalog::{Kind, Label};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::{rule, sample, spec};

use super::report::Report;

/// What is recorded beyond the plain values, and what is left out.
pub(super) struct Recording {
    pub native: bool,
    pub exemplars: bool,
    pub sample: u32,
    pub series_limit: Option<u64>,
}

/// What a metric asks for, as far as its kind and its labels have it.
pub(super) fn recording(
    metric: &spec::Metric,
    kind: Kind,
    labels: &[&Label],
    report: &mut Report<'_>,
) -> Recording {
    let spec::Metric { native, exemplars, sample, series_limit, .. } = metric;
    let is_histogram = kind == Kind::Histogram;
    let accumulates = is_histogram || kind == Kind::Counter;
    let mut refuse = |place: Option<Span>, key: &str, only: &str| {
        let Some(place) = place else { return };
        let article = if kind == Kind::Info { "an" } else { "a" };
        let message = format!("only {only}; `{}` is {article} {}", metric.key.value, kind.as_str());
        let diagnostic = Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, place, message);
        report.push(diagnostic.help(format!("delete `{key}`")));
    };
    if !is_histogram {
        refuse(native.as_ref().map(|native| native.span), "native", "histograms can be native");
        refuse(sample.as_ref().map(|sample| sample.span), "sample", "histograms are sampled");
    }
    if !accumulates {
        let place = exemplars.as_ref().map(|exemplars| exemplars.span);
        refuse(place, "exemplars", "counters and histograms have exemplars");
    }
    if kind == Kind::Info {
        let place = series_limit.as_ref().map(|limit| limit.span);
        refuse(place, "series_limit", "metrics with values have a limit of series");
    }
    let asked = |flag: &Option<Spanned<bool>>| flag.as_ref().is_some_and(|flag| flag.value);
    let sample = sample.as_ref().filter(|_| is_histogram);
    let limit = series_limit.as_ref().filter(|_| kind != Kind::Info);
    Recording {
        native: is_histogram && asked(native),
        exemplars: accumulates && asked(exemplars),
        sample: sample.and_then(|sample| sample::parse(sample)).unwrap_or(1),
        series_limit: limit.and_then(|limit| bounded(metric, limit, labels, report)),
    }
}

/// A limit that keeps some series and can be reached.
fn bounded(
    metric: &spec::Metric,
    limit: &Spanned<u64>,
    labels: &[&Label],
    report: &mut Report<'_>,
) -> Option<u64> {
    // A label that is not known is reported as that, and may be open.
    let all_known = labels.len() == metric.labels.len();
    if limit.value == 0 {
        let message = "a metric without series says nothing";
        let diagnostic = Diagnostic::new(&rule::SERIES_LIMIT, limit.span, message);
        report.push(diagnostic.help("allow at least one series"));
        return None;
    }
    if all_known && !labels.iter().any(|label| label.is_open()) {
        let message = format!("`{}` has no open label, so its series are few", metric.key.value);
        let diagnostic = Diagnostic::new(&rule::SERIES_LIMIT, limit.span, message);
        report.push(diagnostic.help("delete `series_limit`"));
        return None;
    }
    Some(limit.value)
}
