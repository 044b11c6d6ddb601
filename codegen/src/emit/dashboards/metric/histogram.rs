//! Histograms, as quantiles, averages and heatmaps.

use streamhouse_metrics_spec::catalog::{Metric, MetricId};

use super::super::model::{Kind, Panel, Query};
use super::super::query::{aggregate, rate};
use super::super::traffic::Role;
use super::Drawing;

/// Quantiles of durations: what is usual, and what the unlucky get.
pub(super) const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

impl Drawing<'_> {
    /// A histogram as quantiles over all its series, and sizes also as their average.
    pub(super) fn histogram(&self, id: MetricId, quantiles: &[f64]) -> Panel {
        let metric = self.metric(id);
        let (native, buckets) = (self.native(metric), self.buckets(metric));
        let quantile = |quantile: &f64| {
            let of = |buckets: &String| format!("histogram_quantile({quantile}, {buckets})");
            let expr = first_of(native.as_ref().map(of), of(&buckets));
            let query = Query::new(expr, format!("p{}", quantile * 100.0));
            Query { has_exemplars: metric.exemplars, ..query }
        };
        let mut queries: Vec<_> = quantiles.iter().map(quantile).collect();
        if Role::of(metric) == Role::Size && quantiles.len() > 1 {
            let average = |sum: String, count: String| format!("{sum} / ({count} > 0)");
            let of = |native: &String| {
                average(format!("histogram_sum({native})"), format!("histogram_count({native})"))
            };
            let classic = average(self.summed(metric, "sum"), self.summed(metric, "count"));
            let expr = first_of(native.as_ref().map(of), classic);
            queries.insert(0, Query::new(expr, "average"));
        }
        let kind = Kind::TimeSeries;
        let face = self.face(id, "quantiles", kind, self.titles.of(metric), queries);
        Panel { starts_at_zero: true, ..face }
    }

    /// A histogram as a heatmap.
    pub(in super::super) fn distribution(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let buckets = self.buckets(metric);
        // A native histogram has no label that classic buckets do not have.
        let expr = match self.native(metric) {
            Some(native) => format!("{native} or on () {buckets}"),
            None => buckets,
        };
        let query = Query::new(expr, "{{le}}");
        let title = format!("{}, distribution", self.titles.of(metric));
        self.face(id, "distribution", Kind::Heatmap, title, vec![query])
    }

    /// All series of the native histogram, where there is one.
    fn native(&self, metric: &Metric) -> Option<String> {
        let rate = || rate(&self.selector(metric, &metric.exposed(), None));
        metric.native.then(|| aggregate("sum", &[], &rate()))
    }

    fn summed(&self, metric: &Metric, suffix: &str) -> String {
        let sample = format!("{}_{suffix}", metric.family);
        aggregate("sum", &[], &rate(&self.selector(metric, &sample, None)))
    }

    fn buckets(&self, metric: &Metric) -> String {
        let sample = format!("{}_bucket", metric.family);
        aggregate("sum", &["le"], &rate(&self.selector(metric, &sample, None)))
    }
}

/// What the native histogram says, or the classic one where nobody has scraped that.
fn first_of(native: Option<String>, classic: String) -> String {
    match native {
        Some(native) => format!("{native} or {classic}"),
        None => classic,
    }
}
