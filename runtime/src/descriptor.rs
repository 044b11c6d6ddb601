//! What the derive says about a component: plain, constant data.
//!
//! Names are final here. The specification has computed them, and nothing below this line adds,
//! removes or doubles a part of one, except the `_total` and `_info` that each format wants.

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
        self.metrics.iter().flat_map(|metric| {
            let suffixes = metric.kind.suffixes();
            suffixes.iter().map(|suffix| format!("{}{suffix}", metric.name))
        })
    }
}

#[cfg(feature = "metrics")]
impl Kind {
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
