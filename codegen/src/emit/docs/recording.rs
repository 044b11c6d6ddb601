//! How metrics are recorded, in `docs/metrics.md`: what their readers must know of it.

use streamhouse_metrics_spec::catalog::{Component, Kind, Metric};
use streamhouse_metrics_spec::{Catalog, duration};

use crate::text::markdown::code;
use crate::text::number::thousands;

/// What a metric keeps beside its values, and what it leaves out.
pub(super) fn facts(catalog: &Catalog, metric: &Metric) -> [Option<String>; 4] {
    [
        metric.native.then(|| "also a native histogram".to_owned()),
        metric.exemplars.then(|| "with exemplars".to_owned()),
        (metric.sample > 1).then(|| sample(metric.sample)),
        metric.series_limit.map(|limit| series_limit(catalog, metric, limit)),
    ]
}

/// What becomes of a component's idle series, if anything does.
pub(super) fn idle(component: &Component) -> Option<String> {
    let timeout = duration::written(component.idle_timeout?);
    Some(format!("Series of open labels that nobody records into for {timeout} are removed."))
}

fn sample(sample: u32) -> String {
    let sample = thousands(sample.into());
    format!(
        "sampled, one observation of {sample} counts {sample} times: count and sum are estimates"
    )
}

fn series_limit(catalog: &Catalog, metric: &Metric, limit: u64) -> String {
    let open = catalog.labels_of(metric).filter(|label| label.is_open());
    let labels: Vec<_> = open.map(|label| code(&label.name)).collect();
    let beyond = match metric.kind {
        Kind::Gauge => "left out",
        _ => "recorded as `__overflow__`",
    };
    let what = if labels.len() == 1 { "values" } else { "combinations" };
    format!("at most {} {what} of {}, others are {beyond}", thousands(limit), labels.join(" and "))
}
