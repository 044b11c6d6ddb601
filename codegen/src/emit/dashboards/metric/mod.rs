//! A metric as panels that fit its kind.

mod counter;
mod failure;
mod gauge;
mod histogram;

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Kind, Metric, MetricId};

use super::model::{self, Link, Panel, Query};
use super::query::{Scope, aggregate, kept, rate, selector};
use super::title::Titles;
use super::traffic::{Failures, Role};
use super::unit;
use crate::emit::meaning::meaning;
use crate::emit::readers::Readers;
use crate::text::{grafana, markdown};

/// What the panels of a component's metrics are drawn from.
pub(super) struct Drawing<'a> {
    catalog: &'a Catalog,
    readers: &'a Readers<'a>,
    titles: &'a Titles<'a>,
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
            titles: readers.titles(component),
            failures: Failures::of_component(catalog, component),
            scope,
        }
    }

    /// Who reads what.
    pub(super) fn readers(&self) -> &Readers<'a> {
        self.readers
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
            Kind::Histogram => self.histogram(id, &histogram::QUANTILES),
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
