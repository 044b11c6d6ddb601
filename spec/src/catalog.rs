//! The specification as true: every name final, every reference resolved.
//!
//! Third and last stage of this crate. What [`crate::load`] gives out as a [`Catalog`] has nothing
//! wrong in it, so whoever asks for `&Catalog` (the derive, the emitters, the query checker) never asks whether it is
//! valid. Order is the order of the file, and with includes the order of the files.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

pub use crate::alert::{Alert, AlertTest, Condition, Fired, Runbook, Threshold};
use crate::bucket::Bound;
pub use crate::dashboard::{Exception, Grafana, OwnDashboard, OwnPanel, PanelChoice, Shows};
pub use crate::own::OwnMetric;
pub use crate::slo::{Indicator, Slo};
use crate::unit::Unit;
use crate::vocabulary::Level;
pub use crate::vocabulary::{Kind, LabelType, PanelKind, Severity, Stability, Window};

/// A checked specification.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// First part of every exposed name, such as `streamhouse`.
    pub namespace: String,
    /// The service's name for people, such as `StreamHouse`.
    pub title: String,
    /// Most series the whole service may expose at worst; more than that is a finding.
    pub series_budget: Option<u64>,
    /// How loudly rustc reports metrics that no code records.
    pub unrecorded: Level,
    /// Labels with one fixed value each that every series carries.
    pub const_labels: Vec<(String, String)>,
    /// Every label, in the order of `[labels]`, which is the order of fields and of exposition.
    pub labels: Vec<Label>,
    /// Every component, in the order in which its first metric is written.
    pub components: Vec<Component>,
    /// Every alert, in file order; then those of required metrics, and those of SLOs.
    pub alerts: Vec<Alert>,
    /// Every service level objective, in file order.
    pub slos: Vec<Slo>,
    /// Every recording rule, each after those that it reads and otherwise in file order.
    pub recording_rules: Vec<RecordingRule>,
    /// Every named query, in file order.
    pub queries: Vec<Query>,
    /// Dashboards beside those that follow from the rest, in file order.
    pub dashboards: Vec<OwnDashboard>,
    /// What holds for every dashboard.
    pub grafana: Grafana,
    /// What expressions meet beside the service's own metrics.
    pub surroundings: Surroundings,
    /// What watches the service.
    pub deployment: Deployment,
    /// What is generated beside the output folder.
    pub generate: Generate,
}

/// A label, defined once and used by many metrics.
#[derive(Clone, Debug)]
pub struct Label {
    /// The key under `[labels]`; it names the Rust field and type.
    pub key: String,
    /// The name as exposed; two keys may share it.
    pub name: String,
    /// One sentence about what its values are.
    pub help: String,
    /// Which values it may take.
    pub domain: Domain,
}

/// The values that a label may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any value, but at most `limit` distinct ones; the rest share the overflow series.
    Open {
        /// How a value is given in Rust.
        kind: LabelType,
        /// Most distinct values before the overflow series takes over.
        limit: u64,
    },
    /// One of these, each a variant of a Rust enum.
    Closed {
        /// The values as exposed, in file order; never empty.
        values: Vec<String>,
    },
}

/// A part of the service that has its own recorder, such as the producer.
#[derive(Clone, Debug)]
pub struct Component {
    /// The table's name in the specification; second part of every exposed name.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// One sentence about it; may be empty.
    pub help: String,
    /// The scrape job that exposes it, where the specification says so.
    pub job: Option<String>,
    /// Where its processes are scraped, each a host with a port, where the specification says so.
    pub targets: Vec<String>,
    /// Labels of its pods in Kubernetes, where the specification says so.
    pub selector: Vec<(String, String)>,
    /// After how long without a record series of open labels are removed, if they ever are; above
    /// zero.
    pub idle_timeout: Option<Duration>,
    /// Its metrics, in file order; never empty.
    pub metrics: Vec<Metric>,
}

/// A metric family.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The key in its component's table; it names the Rust method.
    pub key: String,
    /// The family's name: namespace, component and key; no `_total`, no `_info`.
    pub family: String,
    /// What kind of metric it is.
    pub kind: Kind,
    /// The type of its values.
    pub value: ValueType,
    /// What its values are counted or measured in.
    pub unit: Unit,
    /// Its labels as indices into [`Catalog::labels`], ascending.
    pub labels: Vec<usize>,
    /// Labels with one fixed value each: the service's, then the metric's own.
    pub const_labels: Vec<(String, String)>,
    /// A histogram's finite bounds, ascending; empty for every other kind.
    pub buckets: Vec<Bound>,
    /// Whether there is a native histogram beside the classic buckets; only histograms have one.
    pub native: bool,
    /// Whether it keeps exemplars of what was recorded; only counters and histograms do.
    pub exemplars: bool,
    /// Of how many observations of a histogram one is recorded, for all of them; 1 records each.
    pub sample: u32,
    /// Most combinations of open label values that it keeps apart, where that is less than what
    /// the labels' own limits allow. Past it counters and histograms record into the series whose
    /// open labels are all `__overflow__`, and gauges are dropped. Above zero.
    pub series_limit: Option<u64>,
    /// Whether an alert fires when no process exposes it.
    pub required: bool,
    /// One sentence about what it measures, exposed as `# HELP`.
    pub help: String,
    /// How much its readers may rely on it.
    pub stability: Stability,
    /// Present when the metric is on its way out.
    pub deprecated: Option<Deprecation>,
    /// Who answers questions about it.
    pub owner: Option<String>,
    /// How its panel is drawn.
    pub panel: PanelChoice,
    /// The counter whose rate works a gauge off; in its unit, without a label that it has not.
    pub drained_by: Option<MetricId>,
    /// The gauge behind which a gauge is; in its unit, with its labels.
    pub follows: Option<MetricId>,
    /// Lints that the specification allows for it.
    pub allowed: Vec<Allowed>,
}

/// A lint that is right to be silent.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// Its id.
    pub lint: String,
    /// Why it is right to be silent.
    pub reason: String,
}

/// The type of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Whole numbers.
    Integer,
    /// Floating point numbers.
    Float,
    /// Time spans, recorded as `Duration` and exposed in seconds.
    Duration,
}

/// Why a metric goes away, and what to read instead.
#[derive(Clone, Debug)]
pub struct Deprecation {
    /// Exposed name of the metric that replaces it.
    pub replacement: Option<String>,
    /// What its readers should know.
    pub note: Option<String>,
}

/// A series that Prometheus records.
#[derive(Clone, Debug)]
pub struct RecordingRule {
    /// The name of the series: `level:metric:operations`.
    pub name: String,
    /// What is recorded, in PromQL.
    pub expr: String,
    /// What it says.
    pub help: String,
    /// The unit of its values, where the specification says so.
    pub unit: Option<Unit>,
    /// The metrics whose samples its expression names, itself or through other recording rules.
    pub reads: Vec<MetricId>,
}

/// A query worth a name.
#[derive(Clone, Debug)]
pub struct Query {
    /// The key under `[queries]`.
    pub key: String,
    /// The expression, in PromQL.
    pub expr: String,
    /// What it answers.
    pub help: String,
    /// The unit of its result, where the specification says so.
    pub unit: Option<Unit>,
    /// What is written beside each line, with labels as `{{topic}}`, where the specification says
    /// so.
    pub legend: Option<String>,
    /// How its panel is drawn.
    pub panel: PanelChoice,
    /// The metrics whose samples its expression names, itself or through recording rules.
    pub reads: Vec<MetricId>,
}

/// What expressions meet beside the service's own metrics.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The oldest Prometheus that evaluates them: its major and its minor version.
    pub prometheus: (u32, u32),
    /// Labels that targets have, beside `job` and `instance`.
    pub target_labels: Vec<String>,
    /// Whether targets may have other labels too.
    pub is_open: bool,
    /// How long it takes from one scrape to the next, at most.
    pub scrape_interval: Duration,
    /// Metrics of other systems, in file order.
    pub externals: Vec<External>,
}

/// A metric of another system.
#[derive(Clone, Debug)]
pub struct External {
    /// Its exposed name; a histogram's without `_bucket`.
    pub name: String,
    /// What kind of metric it is.
    pub kind: Kind,
    /// What its values are in.
    pub unit: Option<Unit>,
    /// Its labels, each with the only values that it has, where they are known.
    pub labels: Vec<(String, Option<Vec<String>>)>,
    /// A histogram's finite bounds, ascending; empty where they are not known.
    pub buckets: Vec<f64>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            prometheus: (2, 42),
            target_labels: Vec::new(),
            is_open: true,
            scrape_interval: Duration::from_secs(15),
            externals: Vec::new(),
        }
    }
}

/// What watches the service, and where.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// How long Prometheus keeps what it scraped; above zero.
    pub retention: Duration,
    /// The chat's channel for alerts that can wait.
    pub channel: String,
    /// The namespace of the objects of Kubernetes, where the specification says so.
    pub namespace: Option<String>,
    /// Labels on every object of Kubernetes.
    pub labels: Vec<(String, String)>,
    /// Namespaces of the service's pods; that of the objects if empty.
    pub pod_namespaces: Vec<String>,
}

impl Default for Deployment {
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(30 * 24 * 60 * 60),
            channel: String::new(),
            namespace: None,
            labels: Vec::new(),
            pod_namespaces: Vec::new(),
        }
    }
}

/// A metric's place: `catalog.components[component].metrics[metric]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricId {
    /// Index into [`Catalog::components`].
    pub component: usize,
    /// Index into [`Component::metrics`].
    pub metric: usize,
}

/// Files outside the output folder that are kept current too.
#[derive(Clone, Debug, Default)]
pub struct Generate {
    /// Hand-written Markdown files whose marked parts are generated.
    pub markdown: Vec<String>,
    /// Where the JSON Schema of the specification language goes.
    pub schema: Option<String>,
    /// Address under which the output folder can be read.
    pub published: Option<String>,
}

/// The exposed name of a family.
///
/// This is the one place where a suffix is added. A histogram is known by its family's name.
pub(crate) fn exposed(family: &str, kind: Kind) -> String {
    match kind {
        Kind::Counter => format!("{family}_total"),
        Kind::Info => format!("{family}_info"),
        Kind::Gauge | Kind::Histogram => family.to_owned(),
    }
}

/// Shapes of label sets, which recorders, docs and arithmetic share.
impl Component {
    /// The distinct label sets of its metrics, in order of first use.
    ///
    /// The position in this list is the label set's number; metrics of one set share series.
    pub fn label_sets(&self) -> Vec<&[usize]> {
        let mut seen = HashSet::new();
        let labels = self.metrics.iter().map(|metric| &*metric.labels);
        labels.filter(|labels| seen.insert(*labels)).collect()
    }
}

impl Catalog {
    /// The metric at a place.
    pub fn metric(&self, id: MetricId) -> &Metric {
        &self.components[id.component].metrics[id.metric]
    }

    /// The scrape job that exposes a component: its own, or the one of the whole service.
    pub fn job<'a>(&'a self, component: &'a Component) -> &'a str {
        component.job.as_deref().unwrap_or(&self.namespace)
    }

    /// Every metric with its component, in file order.
    pub fn metrics(&self) -> impl Iterator<Item = (&Component, &Metric)> {
        let pairs = |component| std::iter::repeat(component);
        self.components.iter().flat_map(move |component| pairs(component).zip(&component.metrics))
    }

    /// The labels of a metric, in exposition order.
    pub fn labels_of(&self, metric: &Metric) -> impl Iterator<Item = &Label> {
        metric.labels.iter().map(|&label| &self.labels[label])
    }

    /// The places of a component's metrics, in file order.
    pub fn metric_ids(&self, component: usize) -> impl Iterator<Item = MetricId> + use<> {
        let metrics = self.components[component].metrics.len();
        (0..metrics).map(move |metric| MetricId { component, metric })
    }

    /// Where it is written what to do about an alert: its own runbook, or its page among those that
    /// are published.
    pub fn runbook(&self, alert: &Alert) -> Option<String> {
        let page = || {
            let address = self.generate.published.as_ref()?.trim_end_matches('/');
            Some(format!("{address}/docs/runbooks/{}.md", alert.name))
        };
        match &alert.runbook {
            Some(Runbook::Address(address)) => Some(address.clone()),
            Some(Runbook::File(_)) | None => page(),
        }
    }

    /// The alerts that read each metric, in file order.
    pub fn alerts_by_metric(&self) -> HashMap<MetricId, Vec<&Alert>> {
        let mut alerts: HashMap<_, Vec<_>> = HashMap::new();
        for alert in &self.alerts {
            for &metric in &alert.reads {
                alerts.entry(metric).or_default().push(alert);
            }
        }
        alerts
    }

    /// Most series that a metric can expose: the product of its labels' sizes, times its samples.
    ///
    /// The overflow value counts as one more value of an open label, and the overflow series as one
    /// more than a metric's own limit; gauges have neither, since values of different series cannot
    /// be merged. Saturates instead of overflowing.
    pub fn worst_series(&self, metric: &Metric) -> u64 {
        let overflow = u64::from(metric.kind != Kind::Gauge);
        let (mut open, mut closed) = (1u64, 1u64);
        for label in self.labels_of(metric) {
            match &label.domain {
                Domain::Open { limit, .. } => {
                    open = open.saturating_mul(limit.saturating_add(overflow));
                }
                Domain::Closed { values } => closed = closed.saturating_mul(values.len() as u64),
            }
        }
        if let Some(limit) = metric.series_limit {
            open = open.min(limit.saturating_add(overflow));
        }
        open.saturating_mul(closed).saturating_mul(metric.samples_per_series())
    }

    /// Most series that a component can expose, those about its metrics among them.
    pub fn worst_series_of_component(&self, component: &Component) -> u64 {
        let written = component.metrics.iter().map(|metric| self.worst_series(metric));
        let own = component.own_metrics(self);
        written.chain(own.iter().map(OwnMetric::series)).fold(0, u64::saturating_add)
    }

    /// Most series that a process can expose: those of all components.
    pub fn worst_series_of_service(&self) -> u64 {
        let components = self.components.iter();
        components
            .map(|component| self.worst_series_of_component(component))
            .fold(0, u64::saturating_add)
    }
}

impl Label {
    /// Whether it may take any value, up to its limit.
    pub fn is_open(&self) -> bool {
        !self.is_closed()
    }

    /// Whether its values are a Rust enum.
    pub fn is_closed(&self) -> bool {
        matches!(self.domain, Domain::Closed { .. })
    }

    /// Whether its values are borrowed texts.
    pub fn is_text(&self) -> bool {
        matches!(self.domain, Domain::Open { kind: LabelType::String, .. })
    }

    /// The values of a closed label; none of an open one.
    pub fn closed_values(&self) -> &[String] {
        match &self.domain {
            Domain::Closed { values } => values,
            Domain::Open { .. } => &[],
        }
    }
}

impl Metric {
    /// The name under which Prometheus knows its samples: `_total` and `_info` where they belong.
    pub fn exposed(&self) -> String {
        exposed(&self.family, self.kind)
    }

    /// Every sample name that a query may use; a native histogram is read by its family's name.
    pub fn samples(&self) -> Vec<String> {
        match self.kind {
            Kind::Histogram => {
                let native = self.native.then(|| self.exposed());
                let classic = ["_bucket", "_sum", "_count"];
                let classic = classic.map(|suffix| format!("{}{suffix}", self.family));
                native.into_iter().chain(classic).collect()
            }
            _ => vec![self.exposed()],
        }
    }

    /// How many series one label set takes: buckets, `+Inf`, sum and count for a histogram, and one
    /// more for a native one beside them.
    pub fn samples_per_series(&self) -> u64 {
        match self.kind {
            Kind::Histogram => self.buckets.len() as u64 + 3 + u64::from(self.native),
            _ => 1,
        }
    }

    /// The unit for OpenMetrics' `# UNIT`, which the format allows only at the end of the name.
    pub fn openmetrics_unit(&self) -> Option<&str> {
        let unit = self.unit.as_str();
        let stem = self.family.strip_suffix(unit)?;
        (!unit.is_empty() && stem.ends_with('_')).then_some(unit)
    }

    /// Whether the specification allows a lint for it.
    pub fn allows(&self, lint: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.lint == lint)
    }
}

impl ValueType {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Duration => "duration",
        }
    }
}
