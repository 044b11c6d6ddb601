//! The specification as written: every value with its place, nothing resolved.

use std::collections::HashMap;

use crate::source::{Sources, Span, Spanned};

/// A text at its place.
pub(crate) type Text = Spanned<String>;

/// All files of a specification, merged.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    pub sources: Sources,
    pub namespace: Option<Text>,
    pub title: Option<Text>,
    pub units: Vec<Text>,
    pub series_budget: Option<Spanned<u64>>,
    pub const_labels: Vec<(Text, Text)>,
    pub markdown: Vec<Text>,
    pub schema: Option<Text>,
    pub published: Option<Text>,
    pub lints: Vec<(Text, Text)>,
    pub labels: Vec<Label>,
    pub components: Vec<Component>,
    /// Positions in `components`, by key.
    pub component_places: HashMap<String, usize>,
    pub alerts: Vec<Alert>,
    pub slos: Vec<Slo>,
    pub recording_rules: Vec<RecordingRule>,
    pub queries: Vec<Query>,
    pub dashboards: Vec<Dashboard>,
    pub grafana: Grafana,
    pub target_prometheus: Option<Text>,
    pub target_labels: Vec<Text>,
    pub targets_open: Option<Spanned<bool>>,
    pub scrape_interval: Option<Text>,
    pub deployment: Deployment,
    pub externals: Vec<External>,
}

#[derive(Debug)]
pub(crate) struct Label {
    pub key: Text,
    pub name: Option<Text>,
    pub help: Text,
    pub kind: Option<Text>,
    pub limit: Option<Spanned<u64>>,
    pub values: Option<Spanned<Vec<Text>>>,
    pub allow: Vec<Allow>,
}

/// A component: its metrics from any file, and what `[components]` says about it.
#[derive(Debug)]
pub(crate) struct Component {
    pub key: Text,
    pub title: Option<Text>,
    pub help: Option<Text>,
    pub job: Option<Text>,
    pub targets: Vec<Text>,
    pub selector: Vec<(Text, Text)>,
    pub idle_timeout: Option<Text>,
    pub metrics: Vec<Metric>,
}

#[derive(Debug)]
pub(crate) struct Metric {
    pub key: Text,
    pub kind: Option<Text>,
    pub unit: Option<Text>,
    pub value: Option<Text>,
    pub labels: Vec<Text>,
    pub const_labels: Vec<(Text, Text)>,
    pub buckets: Option<Spanned<Buckets>>,
    pub native: Option<Spanned<bool>>,
    pub exemplars: Option<Spanned<bool>>,
    pub sample: Option<Text>,
    pub series_limit: Option<Spanned<u64>>,
    pub required: Option<Spanned<bool>>,
    pub help: Text,
    pub stability: Option<Text>,
    pub deprecated: Option<Deprecated>,
    pub owner: Option<Text>,
    pub panel: PanelChoice,
    pub drained_by: Option<Text>,
    pub follows: Option<Text>,
    pub allow: Vec<Allow>,
}

/// How a panel is drawn, each key as far as it is written.
#[derive(Debug, Default)]
pub(crate) struct PanelChoice {
    pub hide: Option<Spanned<bool>>,
    pub title: Option<Text>,
    pub width: Option<Spanned<u64>>,
    pub order: Option<Spanned<i64>>,
    pub row: Option<Text>,
}

/// Bounds as written.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    pub exponential: Option<Steps>,
    pub linear: Option<Steps>,
    pub explicit: Option<Spanned<Vec<Spanned<f64>>>>,
    pub also: Vec<Spanned<f64>>,
}

/// `start`, `factor` or `width`, and `count`.
#[derive(Debug)]
pub(crate) struct Steps {
    pub key: Span,
    pub start: Spanned<f64>,
    pub step: Spanned<f64>,
    pub count: Spanned<u64>,
}

#[derive(Debug)]
pub(crate) struct Deprecated {
    pub replacement: Option<Text>,
    pub note: Option<Text>,
}

#[derive(Debug)]
pub(crate) struct Allow {
    pub lint: Text,
    pub reason: String,
}

#[derive(Debug)]
pub(crate) struct Alert {
    pub name: Text,
    pub expr: Option<Text>,
    pub threshold: Threshold,
    pub notice: Notice,
    pub tiers: Vec<Tier>,
    pub tests: Vec<AlertTest>,
    pub allow: Vec<Allow>,
}

/// What watches the service.
#[derive(Debug, Default)]
pub(crate) struct Deployment {
    pub retention: Option<Text>,
    pub channel: Option<Text>,
    pub namespace: Option<Text>,
    pub labels: Vec<(Text, Text)>,
    pub pod_namespaces: Vec<Text>,
}

/// When somebody is told of an alert, and what.
#[derive(Debug)]
pub(crate) struct Notice {
    pub wait: Option<Text>,
    pub keep_firing_for: Option<Text>,
    pub severity: Option<Text>,
    pub summary: Text,
    pub description: Option<Text>,
    pub runbook: Option<Text>,
}

/// A metric and its bound, each key as far as it is written.
#[derive(Debug)]
pub(crate) struct Threshold {
    pub metric: Option<Text>,
    pub bound: Bound,
    pub by: Option<Spanned<Vec<Text>>>,
    pub range: Option<Text>,
    pub quantile: Option<Spanned<f64>>,
}

/// `above` or `below`.
#[derive(Debug)]
pub(crate) struct Bound {
    pub above: Option<Spanned<f64>>,
    pub below: Option<Spanned<f64>>,
}

/// A further alert of the same metric.
#[derive(Debug)]
pub(crate) struct Tier {
    pub name: Text,
    pub bound: Bound,
    pub notice: Notice,
}

#[derive(Debug)]
pub(crate) struct AlertTest {
    pub series: Vec<(Text, Text)>,
    pub interval: Option<Text>,
    pub at: Option<Text>,
    pub fires: Vec<Fired>,
}

/// What a test expects to fire.
#[derive(Debug)]
pub(crate) struct Fired {
    pub labels: Vec<(Text, Text)>,
    pub value: Option<Spanned<f64>>,
}

#[derive(Debug)]
pub(crate) struct Slo {
    pub key: Text,
    pub title: Option<Text>,
    pub help: Text,
    pub indicator: Indicator,
    /// The digits as they stand in the file, since a float has lost what they were.
    pub objective: Option<Text>,
    pub window: Option<Text>,
    pub by: Option<Spanned<Vec<Text>>>,
    pub min_bad_events: Option<Spanned<u64>>,
    pub runbook: Option<Text>,
    pub owner: Option<Text>,
    pub allow: Vec<Allow>,
}

/// What is good and what is bad, each key as far as it is written.
#[derive(Debug)]
pub(crate) struct Indicator {
    pub good: Option<Text>,
    pub bad: Option<Text>,
    pub metric: Option<Text>,
    pub good_values: Option<Spanned<Vec<LabelValues>>>,
    pub faster_than: Option<Spanned<f64>>,
    pub below: Option<Spanned<f64>>,
}

/// Values of a label.
#[derive(Debug)]
pub(crate) struct LabelValues {
    pub key: Text,
    pub values: Vec<Text>,
}

/// A metric of another system.
#[derive(Debug)]
pub(crate) struct External {
    pub name: Text,
    pub kind: Option<Text>,
    pub unit: Option<Text>,
    pub labels: Vec<Text>,
    pub values: Vec<(Text, Vec<Text>)>,
    pub buckets: Option<Spanned<Vec<Spanned<f64>>>>,
}

#[derive(Debug)]
pub(crate) struct RecordingRule {
    pub name: Text,
    pub expr: Text,
    pub help: Text,
    pub unit: Option<Text>,
    pub allow: Vec<Allow>,
}

#[derive(Debug)]
pub(crate) struct Query {
    pub key: Text,
    pub expr: Text,
    pub help: Text,
    pub unit: Option<Text>,
    pub legend: Option<Text>,
    pub panel: PanelChoice,
    pub allow: Vec<Allow>,
}

/// What holds for every dashboard.
#[derive(Debug, Default)]
pub(crate) struct Grafana {
    pub editable: Option<Spanned<bool>>,
    pub refresh: Option<Text>,
    pub exceptions: Vec<Exception>,
}

/// A rule of the linter that is rightly broken.
#[derive(Debug)]
pub(crate) struct Exception {
    pub rule: Text,
    pub dashboard: Option<Text>,
    pub panel: Option<Text>,
    pub reason: Text,
}

/// A dashboard beside those that follow from the rest.
#[derive(Debug)]
pub(crate) struct Dashboard {
    pub key: Text,
    pub title: Option<Text>,
    pub help: Text,
    pub panels: Spanned<Vec<Panel>>,
}

/// A part of a dashboard, each key as far as it is written.
#[derive(Debug)]
pub(crate) struct Panel {
    /// The whole table.
    pub place: Span,
    pub row: Option<Text>,
    pub query: Option<Text>,
    pub metric: Option<Text>,
    pub slo: Option<Text>,
    pub text: Option<Text>,
    pub title: Option<Text>,
    pub width: Option<Spanned<u64>>,
    pub kind: Option<Text>,
}
