//! The condition of an alert, in PromQL.

use std::borrow::Cow;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Condition, Kind, MetricId, Threshold};

use super::slo;

/// When an alert fires, in PromQL.
///
/// ```text
/// gauge      lag > 10000                  max by (topic) (lag) > 10000
/// counter    sum by (topic) (rate(errors_total[5m])) > 10
/// histogram  histogram_quantile(0.99, sum by (topic, le) (rate(latency_bucket[5m]))) > 0.1
/// SLO        slo:sli_error:ratio_rate1h{…} > 0.0144 and slo:sli_error:ratio_rate5m{…} > 0.0144
/// ```
pub(crate) fn expr<'c>(catalog: &Catalog, condition: &'c Condition) -> Cow<'c, str> {
    match condition {
        Condition::Expression(expr) => Cow::Borrowed(expr),
        Condition::Threshold(threshold) => Cow::Owned(beyond(catalog, threshold)),
        Condition::Absent(id) => Cow::Owned(absent(catalog, *id)),
        Condition::Burn { slo, tier } => Cow::Owned(slo::burn(&catalog.slos[*slo], tier)),
    }
}

fn beyond(catalog: &Catalog, threshold: &Threshold) -> String {
    let Threshold { metric, is_above, bound, by, range, quantile } = threshold;
    let metric = catalog.metric(*metric);
    let names = by.iter().flatten().map(|&label| &*catalog.labels[label].name);
    let by = by.is_some().then(|| names.collect::<Vec<_>>());
    let exposed = metric.exposed();
    let measured = match (metric.kind, quantile) {
        (Kind::Histogram, quantile) => {
            let mut by = by.unwrap_or_default();
            by.push("le");
            let buckets = aggregated("sum", Some(&by), &format!("rate({exposed}_bucket[{range}])"));
            format!("histogram_quantile({}, {buckets})", quantile.unwrap_or(0.99))
        }
        (Kind::Counter, _) => {
            aggregated("sum", Some(&by.unwrap_or_default()), &format!("rate({exposed}[{range}])"))
        }
        // The worst one tells.
        (Kind::Gauge | Kind::Info, _) => {
            aggregated(if *is_above { "max" } else { "min" }, by.as_deref(), &exposed)
        }
    };
    format!("{measured} {} {bound}", if *is_above { '>' } else { '<' })
}

/// An expression with what is kept of its labels; itself where nothing is aggregated.
pub(super) fn aggregated(operator: &str, by: Option<&[&str]>, expr: &str) -> String {
    match by {
        None => expr.to_owned(),
        Some([]) => format!("{operator}({expr})"),
        Some(labels) => format!("{operator} by ({}) ({expr})", labels.join(", ")),
    }
}

/// That a metric has no series, of its own job where that is known.
fn absent(catalog: &Catalog, id: MetricId) -> String {
    let metric = catalog.metric(id);
    let exposed = metric.exposed();
    let name = match metric.kind {
        Kind::Histogram => format!("{exposed}_count"),
        Kind::Counter | Kind::Gauge | Kind::Info => exposed,
    };
    match &catalog.components[id.component].job {
        Some(job) => format!("absent({name}{{job={job:?}}})"),
        None => format!("absent({name})"),
    }
}
