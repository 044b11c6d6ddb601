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
        let buckets = self.buckets(metric);
        let quantile = |quantile: &f64| {
            let classic = format!("histogram_quantile({quantile}, {buckets})");
            let expr = match metric.native {
                true => {
                    let native = rate(&self.selector(metric, &metric.exposed(), None));
                    format!("histogram_quantile({quantile}, sum({native})) or {classic}")
                }
                false => classic,
            };
            let query = Query::new(expr, format!("p{}", quantile * 100.0));
            Query { has_exemplars: metric.exemplars, ..query }
        };
        let mut queries: Vec<_> = quantiles.iter().map(quantile).collect();
        if Role::of(metric) == Role::Size && quantiles.len() > 1 {
            let sample = |suffix: &str| {
                let sample = format!("{}_{suffix}", metric.family);
                aggregate("sum", &[], &rate(&self.selector(metric, &sample, None)))
            };
            let average = format!("{} / ({} > 0)", sample("sum"), sample("count"));
            queries.insert(0, Query::new(average, "average"));
        }
        let kind = Kind::TimeSeries;
        let face = self.face(id, "quantiles", kind, self.titles.of(metric), queries);
        Panel { starts_at_zero: true, ..face }
    }

    /// A histogram as a heatmap.
    pub(in super::super) fn distribution(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let query = Query::new(self.buckets(metric), "{{le}}");
        let title = format!("{}, distribution", self.titles.of(metric));
        self.face(id, "distribution", Kind::Heatmap, title, vec![query])
    }

    fn buckets(&self, metric: &Metric) -> String {
        let sample = format!("{}_bucket", metric.family);
        aggregate("sum", &["le"], &rate(&self.selector(metric, &sample, None)))
    }
}
