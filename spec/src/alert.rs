//! Alerts, as true.

use crate::catalog::MetricId;
use crate::slo::Tier;
use crate::vocabulary::Severity;

/// An alerting rule.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The alert's name, in CamelCase.
    pub name: String,
    /// When it fires.
    pub condition: Condition,
    /// How long the condition must hold, such as `5m`.
    pub wait: Option<String>,
    /// How long it fires on after the condition ended.
    pub keep_firing_for: Option<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// Constant headline.
    pub summary: String,
    /// What is wrong where, with Prometheus template placeholders; follows from the expression if
    /// left out.
    pub description: Option<String>,
    /// Its own runbook, where it names one; see [`Catalog::runbook`].
    pub runbook: Option<Runbook>,
    /// The alert whose further tier it is, as an index into [`Catalog::alerts`].
    pub tier_of: Option<usize>,
    /// The metrics whose samples its condition names, itself or through recording rules.
    pub reads: Vec<MetricId>,
    /// Its hand-written tests.
    pub tests: Vec<AlertTest>,
}

impl Alert {
    /// The labels that every alert has of its own, in place of those of its series.
    pub const OWN_LABELS: [&str; 2] = ["alertname", "severity"];
}

/// When an alert fires.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// While an expression has a result, in PromQL.
    Expression(String),
    /// While a metric is beyond a bound.
    Threshold(Threshold),
    /// While no process exposes a metric.
    Absent(MetricId),
    /// While the budget of an SLO is spent too fast.
    Burn {
        /// The SLO, as an index into [`Catalog::slos`].
        slo: usize,
        /// How fast that is; one of [`Slo::tiers`].
        tier: &'static Tier,
    },
}

/// A metric beyond a bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The metric; never an info metric.
    pub metric: MetricId,
    /// Whether it is too much that is wrong, or too little.
    pub is_above: bool,
    /// The bound, in the metric's unit, and for a counter in that a second.
    pub bound: f64,
    /// Indices into [`Catalog::labels`] of the labels that are kept apart, ascending; none for a
    /// gauge that is watched series by series.
    pub by: Option<Vec<usize>>,
    /// How far a counter's rate and a histogram's quantile look back, such as `5m`.
    pub range: String,
    /// Which quantile of a histogram; none for every other kind.
    pub quantile: Option<f64>,
}

/// What is written about an alert beyond the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runbook {
    /// Where it can be read.
    Address(String),
    /// A Markdown file below the specification's folder, which becomes a part of the alert's page.
    File(String),
}

/// A test of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertTest {
    /// Series with their samples, both in the notation of `promtool test rules`.
    pub series: Vec<(String, String)>,
    /// The time between samples, such as `1m`.
    pub interval: String,
    /// When it is looked whether the alert fires.
    pub at: String,
    /// What fires then.
    pub fires: Vec<Fired>,
}

/// An instance of an alert that a test expects.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    /// Its labels but `alertname` and `severity`.
    pub labels: Vec<(String, String)>,
    /// Its value, where the specification says it.
    pub value: Option<f64>,
}
