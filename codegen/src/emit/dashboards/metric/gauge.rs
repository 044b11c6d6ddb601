//! Gauges: what there is, how far it is behind, and how long it takes until it is worked off.

use streamhouse_metrics_spec::catalog::{Condition, Metric, MetricId};

use super::super::model::{Kind, Panel, Query};
use super::super::query::{aggregate, kept, legend};
use super::Drawing;

impl Drawing<'_> {
    /// A gauge as its value and as how long it takes until it is worked off; one that follows
    /// another as what is between them.
    pub(super) fn gauges(&self, id: MetricId) -> Vec<Panel> {
        let metric = self.metric(id);
        if let Some(leader) = metric.follows {
            return vec![self.difference(id, leader)];
        }
        let is_followed = |other: &MetricId| self.metric(*other).follows == Some(id);
        // Where something is says nothing without where the other is.
        if self.catalog.metric_ids(id.component).any(|other| is_followed(&other)) {
            return Vec::new();
        }
        if metric.key.ends_with("timestamp_seconds") {
            return vec![self.age(id)];
        }
        let drain = metric.drained_by.map(|by| self.time_to_drain(id, by));
        [self.gauge(id)].into_iter().chain(drain).collect()
    }

    /// How far a gauge is behind the one that it follows, where that is furthest.
    fn difference(&self, id: MetricId, leader: MetricId) -> Panel {
        let (metric, leader) = (self.metric(id), self.metric(leader));
        let kept = kept(self.catalog, metric);
        let of = |metric: &Metric| self.selector(metric, &metric.exposed(), None);
        let expr = aggregate("max", &kept, &format!("{} - {}", of(leader), of(metric)));
        let behind = self.titles.of(leader).to_lowercase();
        let title = format!("{} behind {behind}", self.titles.of(metric));
        let query = Query::new(expr, legend(&kept, &title));
        self.face(id, "difference", Kind::TimeSeries, title, vec![query])
    }

    /// How long it takes at the present rate until a gauge is worked off, were nothing added.
    fn time_to_drain(&self, id: MetricId, by: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = self.shared(id, by);
        let amount = aggregate("sum", &kept, &self.selector(metric, &metric.exposed(), None));
        // Of nothing nothing is to be drained, and what is not drained at all stays for ever.
        let expr = format!("{amount} == 0 or {amount} / {}", self.rate(by, &kept, None));
        let title = format!("{}, time to drain", self.titles.of(metric));
        let query = Query::new(expr, legend(&kept, &title));
        let face = self.face(id, "drain", Kind::TimeSeries, title, vec![query]);
        let description =
            format!("At the present rate, were nothing added.\n\n{}", face.description);
        Panel { unit: "s", starts_at_zero: true, description, ..face }
    }

    /// Whether alerts watch that there is enough, and none that there is too much.
    fn is_watched_from_below(&self, id: MetricId) -> bool {
        let alerts = self.readers.of(id).iter();
        let mut thresholds = alerts.filter_map(|alert| match &alert.condition {
            Condition::Threshold(threshold) if threshold.metric == id => Some(threshold),
            _ => None,
        });
        let first = thresholds.next();
        first.is_some_and(|first| !first.is_above) && thresholds.all(|other| !other.is_above)
    }

    /// When something was, as how long that is ago.
    fn age(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = kept(self.catalog, metric);
        let newest = aggregate("max", &kept, &self.selector(metric, &metric.exposed(), None));
        let title = format!("{}, ago", self.titles.of(metric));
        let query = Query::new(format!("time() - {newest}"), legend(&kept, &title));
        self.face(id, "age", Kind::TimeSeries, title, vec![query])
    }

    /// A gauge as its value.
    ///
    /// Where indices are summed away, the worst of them matters, such as the partition that is
    /// furthest behind; what is counted adds up over instances; of a measurement, the largest
    /// matters.
    pub(super) fn gauge(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = kept(self.catalog, metric);
        let is_counted = !metric.unit.is_none() && !metric.unit.is_fractional();
        let adds_up = is_counted && kept.len() == metric.labels.len();
        let operator = match adds_up {
            true => "sum",
            false if self.is_watched_from_below(id) => "min",
            false => "max",
        };
        let expr = aggregate(operator, &kept, &self.selector(metric, &metric.exposed(), None));
        let title = self.titles.of(metric);
        let query = Query::new(expr, legend(&kept, &title));
        self.face(id, "value", Kind::TimeSeries, title, vec![query])
    }
}
