//! What the derive says about a component: plain, constant data.
//!
//! Names are final here. The specification has computed them, and nothing below this line adds,
//! removes or doubles a part of one, except the `_total` and `_info` that each format wants.

use std::time::Duration;

/// Everything a component exposes.
#[derive(Debug, PartialEq)]
pub struct Component {
    /// The component's name, with its namespace: `streamhouse_producer`.
    pub name: &'static str,
    /// The labels the component uses, in the order of `[labels]`.
    pub labels: &'static [Label],
    /// Its label sets: positions in `labels`, ascending. Metrics without labels use the empty set.
    pub sets: &'static [&'static [usize]],
    /// Its metrics, in the order of the specification.
    pub metrics: &'static [Metric],
    /// How long a series of open labels stays when nobody records into it; for ever, if absent.
    pub idle_timeout: Option<Duration>,
    /// What says that a limit was reached: a value for each open label, in the order of `labels`,
    /// then one for [`Metric::series_limit`] if a metric has one. Not exposed without values.
    pub overflow: OwnMetric,
    /// What says that values were dropped, by what was wrong. Not exposed without values.
    pub errors: OwnMetric,
}

/// A counter about the metrics themselves.
#[derive(Debug, PartialEq)]
pub struct OwnMetric {
    /// The family name, without `_total`.
    pub name: &'static str,
    /// The help text.
    pub help: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The values of its label, each a series.
    pub values: &'static [&'static str],
    /// Labels that are the same on every series, as names and values.
    pub const_labels: &'static [(&'static str, &'static str)],
}

/// Why a value was dropped; its number is a position in the values of [`Component::errors`].
#[cfg(feature = "metrics")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It is not a number, infinite or negative.
    InvalidValue,
    /// It is no exemplar that OpenMetrics allows.
    InvalidExemplar,
}

/// One label.
#[derive(Debug, PartialEq)]
pub struct Label {
    /// The exposed name.
    pub name: &'static str,
    /// Every value a closed label can have; empty for an open one.
    pub values: &'static [&'static str],
    /// How many distinct values of an open label the component keeps apart.
    pub limit: usize,
}

/// One metric.
#[derive(Debug, PartialEq)]
pub struct Metric {
    /// The family name, without `_total` and `_info`.
    pub name: &'static str,
    /// The help text, as written in the specification.
    pub help: &'static str,
    /// The OpenMetrics unit, where one is to be written; the name ends in it already.
    pub unit: Option<&'static str>,
    /// What is measured.
    pub kind: Kind,
    /// In which numbers.
    pub number: Number,
    /// The position of the metric's labels in [`Component::sets`].
    pub set: usize,
    /// Labels that are the same on every series, as names and values.
    pub const_labels: &'static [(&'static str, &'static str)],
    /// The finite bounds of a histogram, ascending, each with its `le` as text.
    pub buckets: &'static [(f64, &'static str)],
    /// Whether a histogram has native buckets beside these.
    pub native: bool,
    /// Whether exemplars are kept.
    pub exemplars: bool,
    /// A histogram takes one of so many observations into account, for all of them.
    pub sample: u32,
    /// How many combinations of open label values the metric keeps apart; 0 is any number.
    pub series_limit: usize,
}

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Counts events; never goes down.
    Counter,
    /// A value that goes up and down.
    Gauge,
    /// A distribution over buckets.
    Histogram,
    /// A constant 1 whose labels say something.
    Info,
}

/// The numbers a metric is recorded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// `u64` in counters and histograms, `i64` in gauges.
    Integer,
    /// `f64`.
    Float,
    /// `Duration`, exposed in seconds.
    Duration,
}

#[cfg(feature = "metrics")]
impl Component {
    /// Every name that the component claims, as a family or as a sample of one.
    pub(crate) fn exposed_names(&self) -> impl Iterator<Item = String> {
        let own = self.own().map(|own| (own.name, Kind::Counter));
        let metrics = self.metrics.iter().map(|metric| (metric.name, metric.kind));
        metrics.chain(own).flat_map(|(name, kind)| {
            kind.suffixes().iter().map(move |suffix| format!("{name}{suffix}"))
        })
    }

    /// The metrics about the metrics that are exposed.
    pub(crate) fn own(&self) -> impl Iterator<Item = &OwnMetric> {
        [&self.overflow, &self.errors].into_iter().filter(|own| !own.values.is_empty())
    }
}

#[cfg(all(test, feature = "metrics"))]
impl Metric {
    /// An integer counter of the first label set.
    pub(crate) const COUNTER: Self = Self {
        name: "test_events",
        help: "Events",
        unit: None,
        kind: Kind::Counter,
        number: Number::Integer,
        set: 0,
        const_labels: &[],
        buckets: &[],
        native: false,
        exemplars: false,
        sample: 1,
        series_limit: 0,
    };
}

#[cfg(feature = "metrics")]
impl OwnMetric {
    /// A metric that is not exposed.
    pub const NONE: Self = Self { name: "", help: "", label: "", values: &[], const_labels: &[] };
}

#[cfg(feature = "metrics")]
impl Kind {
    /// What a family's name has at its end where samples have it; a histogram has several samples,
    /// and its family none.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Kind::Counter => "_total",
            Kind::Gauge | Kind::Histogram => "",
            Kind::Info => "_info",
        }
    }

    /// What the samples of a family add to its name; the empty one stands for the family itself.
    const fn suffixes(self) -> &'static [&'static str] {
        match self {
            Kind::Counter => &["", "_total", "_created"],
            Kind::Gauge => &[""],
            Kind::Histogram => &["", "_bucket", "_count", "_sum", "_created"],
            Kind::Info => &["", "_info"],
        }
    }
}
