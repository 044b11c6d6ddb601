//! A metric as panels that fit its kind.

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Kind, Metric, MetricId};

use super::model::{self, Link, Panel, Query};
use super::query::{Scope, aggregate, kept, legend, rate, selector};
use super::title::Titles;
use super::traffic::{Failures, Role};
use super::unit;
use crate::emit::meaning::meaning;
use crate::emit::readers::Readers;
use crate::text::{grafana, markdown};

/// Quantiles of durations: what is usual, and what the unlucky get.
const QUANTILES: [f64; 3] = [0.5, 0.95, 0.99];

/// What the panels of a component's metrics are drawn from.
pub(super) struct Drawing<'a> {
    catalog: &'a Catalog,
    readers: &'a Readers<'a>,
    titles: Titles<'a>,
    failures: HashMap<MetricId, Failures>,
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
        Self {
            catalog,
            readers,
            titles: Titles::new(&catalog.components[component]),
            failures: Failures::of_component(catalog, component),
            scope,
        }
    }

    /// The panels of a metric but for its distribution, each with what it is to people; few have
    /// more than one.
    pub(super) fn panels(&self, id: MetricId) -> Vec<(Role, Panel)> {
        let metric = self.metric(id);
        let role = Role::of(metric);
        let own = match metric.kind {
            Kind::Counter => self.counter(id),
            Kind::Gauge => {
                return self.gauges(id).into_iter().map(|panel| (role, panel)).collect();
            }
            Kind::Histogram => self.histogram(id, &QUANTILES),
            Kind::Info => self.info(id),
        };
        let ratio = self.failures.get(&id).map(|failures| self.ratio(id, failures));
        let ratio = ratio.map(|panel| (Role::Errors, panel));
        ratio.into_iter().chain([(role, own)]).collect()
    }

    /// The one panel of a metric that says most.
    pub(super) fn key_panel(&self, id: MetricId) -> Panel {
        match self.metric(id).kind {
            Kind::Histogram => self.histogram(id, &[0.99]),
            _ => {
                let first = self.panels(id).into_iter().next();
                first.map_or_else(|| self.gauge(id), |(_, panel)| panel)
            }
        }
    }

    /// A histogram as a heatmap.
    pub(super) fn distribution(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let query = Query::new(self.buckets(metric), "{{le}}");
        let title = format!("{}, distribution", self.titles.of(metric));
        self.face(id, "distribution", model::Kind::Heatmap, title, vec![query])
    }

    /// A counter as its rate; where it counts failures, no line means none.
    fn counter(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = kept(self.catalog, metric);
        let rate = self.rate(id, &kept, None);
        // Where a kind of failure was seen, a line of nothing says no more.
        let shared = self.all_of(id).map(|all| self.shared(id, all));
        let none = shared.and_then(|shared| {
            let none = self.nothing_failed(id, &shared)?;
            let is_same = shared == kept;
            let on = if is_same { String::new() } else { format!(" on ({})", shared.join(", ")) };
            Some(format!(" or{on} {none}"))
        });
        let expr = format!("{rate}{}", none.unwrap_or_default());
        let title = self.titles.of(metric);
        let query =
            Query { has_exemplars: metric.exemplars, ..Query::new(expr, legend(&kept, &title)) };
        let kind = model::Kind::TimeSeries;
        Panel { starts_at_zero: true, ..self.face(id, "rate", kind, title, vec![query]) }
    }

    /// What a counter of failures is a part of, where that is another counter.
    fn all_of(&self, id: MetricId) -> Option<MetricId> {
        match self.failures.get(&id)? {
            Failures::Beside { succeeded: all, .. } | Failures::Of { tried: all, .. } => Some(*all),
            Failures::Told { .. } => None,
        }
    }

    /// Zero for whatever is tried, of a counter of failures whose series begin with the first one.
    pub(super) fn nothing_failed(&self, id: MetricId, kept: &[&str]) -> Option<String> {
        let all = self.all_of(id)?;
        let has = |label: &&str| {
            self.catalog.labels_of(self.metric(all)).any(|known| known.name == **label)
        };
        kept.iter().all(has).then(|| format!("0 * {}", self.rate(all, kept, None)))
    }

    /// What share fails; nothing where nothing is tried.
    fn ratio(&self, id: MetricId, failures: &Failures) -> Panel {
        let (failed, all, kept) = match failures {
            Failures::Beside { failed, succeeded } => {
                let kept = self.shared(*failed, *succeeded);
                let (failed, succeeded) =
                    (self.rate(*failed, &kept, None), self.rate(*succeeded, &kept, None));
                let failed = format!("({failed} or 0 * {succeeded})");
                (failed.clone(), format!("({succeeded} + {failed} > 0)"), kept)
            }
            Failures::Of { failed, tried } => {
                let kept = self.shared(*failed, *tried);
                let (failed, tried) =
                    (self.rate(*failed, &kept, None), self.rate(*tried, &kept, None));
                (format!("({failed} or 0 * {tried})"), format!("({tried} > 0)"), kept)
            }
            Failures::Told { metric, label, values } => {
                let label = &self.catalog.labels[*label];
                let mut kept = kept(self.catalog, self.metric(*metric));
                kept.retain(|name| *name != label.name);
                let matcher = match &**values {
                    [only] => format!("{}={}", label.name, grafana::promql_string(only)),
                    _ => {
                        let values: Vec<_> =
                            values.iter().map(|text| regex::escape(text)).collect();
                        format!("{}=~{}", label.name, grafana::promql_string(&values.join("|")))
                    }
                };
                let failed = self.rate(*metric, &kept, Some(matcher));
                let all = self.rate(*metric, &kept, None);
                (format!("({failed} or 0 * {all})"), format!("({all} > 0)"), kept)
            }
        };
        let expr = format!("{failed} / {all}");
        let title = match failures {
            Failures::Told { .. } => {
                format!("{}, share that fails", self.titles.of(self.metric(id)))
            }
            _ => format!("{}, share", self.titles.of(self.metric(id))),
        };
        let query = Query::new(expr, legend(&kept, &title));
        let face = self.face(id, "ratio", model::Kind::TimeSeries, title, vec![query]);
        Panel { unit: "percentunit", starts_at_zero: true, ..face }
    }

    /// A gauge as its value and as how long it takes until it is worked off; one that follows
    /// another as what is between them.
    fn gauges(&self, id: MetricId) -> Vec<Panel> {
        let metric = self.metric(id);
        if let Some(leader) = metric.follows {
            return vec![self.difference(id, leader)];
        }
        let is_followed = |other: &MetricId| self.metric(*other).follows == Some(id);
        // Where something is says nothing without where the other is.
        if self.catalog.metric_ids(id.component).any(|other| is_followed(&other)) {
            return Vec::new();
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
        self.face(id, "difference", model::Kind::TimeSeries, title, vec![query])
    }

    /// How long it takes at the present rate until a gauge is worked off, were nothing added.
    fn time_to_drain(&self, id: MetricId, by: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = self.shared(id, by);
        let amount = aggregate("sum", &kept, &self.selector(metric, &metric.exposed(), None));
        let expr = format!("{amount} / ({} > 0)", self.rate(by, &kept, None));
        let title = format!("{}, time to drain", self.titles.of(metric));
        let query = Query::new(expr, legend(&kept, &title));
        let face = self.face(id, "drain", model::Kind::TimeSeries, title, vec![query]);
        Panel { unit: "s", starts_at_zero: true, ..face }
    }

    /// A gauge as its value.
    ///
    /// Where indices are summed away, the worst of them matters, such as the partition that is
    /// furthest behind; what is counted adds up over instances; of a measurement, the largest
    /// matters.
    fn gauge(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = kept(self.catalog, metric);
        let is_counted = !metric.unit.is_none() && !metric.unit.is_fractional();
        let adds_up = is_counted && kept.len() == metric.labels.len();
        let operator = if adds_up { "sum" } else { "max" };
        let expr = aggregate(operator, &kept, &self.selector(metric, &metric.exposed(), None));
        let title = self.titles.of(metric);
        let query = Query::new(expr, legend(&kept, &title));
        self.face(id, "value", model::Kind::TimeSeries, title, vec![query])
    }

    /// A histogram as quantiles over all its series, and sizes also as their average.
    fn histogram(&self, id: MetricId, quantiles: &[f64]) -> Panel {
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
        let kind = model::Kind::TimeSeries;
        let face = self.face(id, "quantiles", kind, self.titles.of(metric), queries);
        Panel { starts_at_zero: true, ..face }
    }

    /// An info metric as a table of its labels.
    fn info(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let labels = self.catalog.labels_of(metric).map(|label| &*label.name);
        let constant = metric.const_labels.iter().map(|(name, _)| &**name);
        let kept: Vec<_> = labels.chain(constant).chain(["instance"]).collect();
        let expr = aggregate("max", &kept, &self.selector(metric, &metric.exposed(), None));
        let kind = model::Kind::Table { has_values: false };
        let title = self.titles.of(metric);
        let face = self.face(id, "labels", kind, title, vec![Query::new(expr, "")]);
        Panel { size: (24, 6), ..face }
    }

    fn metric(&self, id: MetricId) -> &'a Metric {
        self.catalog.metric(id)
    }

    /// The labels that tell lines of both of two metrics apart.
    fn shared(&self, one: MetricId, other: MetricId) -> Vec<&'a str> {
        let others = kept(self.catalog, self.metric(other));
        let mut shared = kept(self.catalog, self.metric(one));
        shared.retain(|label| others.contains(label));
        shared
    }

    fn rate(&self, id: MetricId, kept: &[&str], further: Option<String>) -> String {
        let metric = self.metric(id);
        aggregate("sum", kept, &rate(&self.selector(metric, &metric.exposed(), further)))
    }

    fn buckets(&self, metric: &Metric) -> String {
        let sample = format!("{}_bucket", metric.family);
        aggregate("sum", &["le"], &rate(&self.selector(metric, &sample, None)))
    }

    fn selector(&self, metric: &Metric, sample: &str, further: Option<String>) -> String {
        selector(self.catalog, metric, sample, self.scope, further)
    }

    /// A panel of a metric, with what there is to say about it.
    fn face(
        &self,
        id: MetricId,
        part: &str,
        kind: model::Kind,
        title: String,
        queries: Vec<Query>,
    ) -> Panel {
        let metric = self.metric(id);
        let alerts = watchers(self.readers.of(id));
        let description = format!(
            "{}\n\n{}{}",
            meaning(metric, grafana::description),
            markdown::code(&metric.exposed()),
            watched_by(&alerts)
        );
        let title = match &metric.panel.title {
            Some(own) => title.replacen(&self.titles.of(metric), &grafana::title(own), 1),
            None => title,
        };
        Panel {
            description,
            unit: unit::of(metric),
            size: (metric.panel.width.unwrap_or(model::WIDTH), 9),
            links: links(self.catalog, &alerts),
            ..Panel::new(format!("{} {part}", metric.family), kind, title, queries)
        }
    }
}

/// The alerts that are worth naming: the fastest of an objective stands for the others, to which its
/// runbook leads.
pub(super) fn watchers<'a>(alerts: &[&'a Alert]) -> Vec<&'a Alert> {
    let is_slower = |alert: &Alert| {
        matches!(alert.condition, Condition::Burn { .. }) && alert.tier_of.is_some()
    };
    alerts.iter().copied().filter(|alert| !is_slower(alert)).collect()
}

/// The end of a description: who watches what the panel shows.
pub(super) fn watched_by(alerts: &[&Alert]) -> String {
    match alerts {
        [] => String::new(),
        _ => {
            let names: Vec<_> = alerts.iter().map(|alert| &*alert.name).collect();
            format!("\n\nWatched by {}", names.join(", "))
        }
    }
}

/// The ways from a panel: to what is to be done, and to the state of each alert.
pub(super) fn links(catalog: &Catalog, alerts: &[&Alert]) -> Vec<Link> {
    let links = alerts.iter().flat_map(|alert| {
        let runbook = catalog.runbook(alert);
        let runbook = runbook.map(|url| (format!("{}: runbook", alert.name), url));
        let state = format!("{}: state", alert.name);
        runbook.into_iter().chain([(state, format!("/alerting/list?search={}", alert.name))])
    });
    links.map(|(title, url)| Link { title, url: url.replace('$', "%24") }).collect()
}
