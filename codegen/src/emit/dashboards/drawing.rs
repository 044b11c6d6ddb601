//! A metric as a panel that fits its kind.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Kind, Metric, MetricId};

use super::panel::{Face, Panel};
use super::query::{Scope, aggregate, kept, legend, rate, selector};
use super::title::Titles;
use super::unit;
use crate::emit::meaning::meaning;
use crate::emit::readers::Readers;
use crate::text::{grafana, markdown};

/// What the panels of a component's metrics are drawn from.
pub(super) struct Drawing<'a> {
    catalog: &'a Catalog,
    readers: &'a Readers<'a>,
    titles: Titles<'a>,
    scope: Scope,
}

impl<'a> Drawing<'a> {
    /// Ready to draw the metrics of a component on a dashboard of some scope.
    pub(super) fn new(
        catalog: &'a Catalog,
        readers: &'a Readers<'a>,
        component: usize,
        scope: Scope,
    ) -> Self {
        let titles = Titles::new(&catalog.components[component]);
        Self { catalog, readers, titles, scope }
    }

    /// A metric as lines over time, a histogram as some of its quantiles; an info as a table.
    pub(super) fn panel(&self, id: MetricId, quantiles: &[f64]) -> Panel {
        let metric = self.catalog.metric(id);
        let face = self.face(id);
        match metric.kind {
            Kind::Counter => self.counter(metric, face),
            Kind::Gauge => self.gauge(metric, face),
            Kind::Histogram => self.quantiles(metric, face, quantiles),
            Kind::Info => self.info(metric, face),
        }
    }

    /// A histogram as a heatmap.
    pub(super) fn distribution(&self, id: MetricId) -> Panel {
        let mut face = self.face(id);
        face.title.push_str(", distribution");
        Panel::heatmap(face, self.buckets(self.catalog.metric(id)))
    }

    /// A counter as its rate.
    fn counter(&self, metric: &Metric, face: Face) -> Panel {
        let kept = kept(self.catalog, metric);
        let expr = aggregate("sum", &kept, &rate(&self.selector(metric, &metric.exposed())));
        let legend = legend(&kept, &face.title);
        Panel::time_series(face, true, vec![(expr, legend)])
    }

    /// A gauge as its value.
    ///
    /// Where indices are summed away, the worst of them matters, such as the partition that is
    /// furthest behind; what is counted adds up over instances; of a measurement, the largest
    /// matters.
    fn gauge(&self, metric: &Metric, face: Face) -> Panel {
        let kept = kept(self.catalog, metric);
        let is_counted = !metric.unit.is_none() && !metric.unit.is_fractional();
        let adds_up = is_counted && kept.len() == metric.labels.len();
        let operator = if adds_up { "sum" } else { "max" };
        let expr = aggregate(operator, &kept, &self.selector(metric, &metric.exposed()));
        let legend = legend(&kept, &face.title);
        Panel::time_series(face, false, vec![(expr, legend)])
    }

    /// A histogram as quantiles over all its series.
    fn quantiles(&self, metric: &Metric, face: Face, quantiles: &[f64]) -> Panel {
        let buckets = self.buckets(metric);
        let query = |quantile: &f64| {
            (format!("histogram_quantile({quantile}, {buckets})"), format!("p{}", quantile * 100.0))
        };
        Panel::time_series(face, true, quantiles.iter().map(query).collect())
    }

    /// An info metric as a table of its labels.
    fn info(&self, metric: &Metric, face: Face) -> Panel {
        let labels = self.catalog.labels_of(metric).map(|label| &*label.name);
        let constant = metric.const_labels.iter().map(|(name, _)| &**name);
        let kept: Vec<_> = labels.chain(constant).chain(["instance"]).collect();
        Panel::table(face, aggregate("max", &kept, &self.selector(metric, &metric.exposed())))
    }

    fn buckets(&self, metric: &Metric) -> String {
        let sample = format!("{}_bucket", metric.family);
        aggregate("sum", &["le"], &rate(&self.selector(metric, &sample)))
    }

    fn selector(&self, metric: &Metric, sample: &str) -> String {
        selector(self.catalog, metric, sample, self.scope)
    }

    fn face(&self, id: MetricId) -> Face {
        let metric = self.catalog.metric(id);
        let description = format!(
            "{}\n\n{}{}",
            meaning(metric, grafana::description),
            markdown::code(&metric.exposed()),
            watchers(self.catalog, self.readers.of(id))
        );
        Face { title: self.titles.of(metric), description, unit: unit::of(metric) }
    }
}

/// The end of a description: who watches what the panel shows, and what to do when it fires.
pub(super) fn watchers<'a>(
    catalog: &Catalog,
    alerts: impl IntoIterator<Item = &'a &'a Alert>,
) -> String {
    let line = |alert: &&Alert| {
        let runbook = catalog.runbook(alert).map(|url| grafana::link("runbook", &url));
        let runbook = runbook.map(|link| format!(", {link}")).unwrap_or_default();
        format!("\n\nWatched by {}{runbook}", alert.name)
    };
    // The fastest alert of an objective stands for the others, to which its runbook leads.
    let is_slower = |alert: &&&Alert| {
        matches!(alert.condition, Condition::Burn { .. }) && alert.tier_of.is_some()
    };
    alerts.into_iter().filter(|alert| !is_slower(alert)).map(line).collect()
}
