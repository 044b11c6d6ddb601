//! What an expression yields.

use std::sync::Arc;

use super::function::Shape;
pub(crate) use super::interval::Interval;
use super::labels::Labels;
use super::syntax::Span;
use super::unit::Unit;

/// What is known of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    /// None where a dashboard's variable decides.
    pub(crate) shape: Option<Shape>,
    pub(crate) labels: Labels,
    pub(crate) kind: Kind,
    /// None where it is not known.
    pub(crate) unit: Option<Unit>,
    /// What its numbers are between, those that are none left aside.
    pub(crate) between: Interval,
    pub(crate) filled: Filled,
    /// The classic buckets that it counts observations in.
    pub(crate) buckets: Option<Arc<Buckets>>,
    /// Whether it is, or is calculated from, what somebody measured, and not only numbers.
    pub(crate) is_measured: bool,
    /// The division of rates that gives no number while nothing happens.
    pub(crate) idle: Option<Span>,
}

/// Whether there are any series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    Never,
    Maybe,
    Always,
}

/// The bounds of a histogram, and in what they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Buckets {
    /// Finite ones, ascending; empty where they are not known.
    pub(crate) bounds: Vec<f64>,
    pub(crate) unit: Option<Unit>,
}

/// What numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Info,
    /// Cumulative counts of a classic histogram, its sum, and its count.
    Bucket,
    Sum,
    Count,
    /// A native histogram, whose samples are whole distributions; and how fast one grows, whose
    /// values are in the same unit.
    Histogram,
    HistogramRate,
    /// A counter's or a native histogram's change a second, and in a time.
    Rate,
    Increase,
    /// A gauge's change in a time, and a second.
    Delta,
    Derivative,
    Average,
    Quantile,
    Ratio,
    /// How many there are of something.
    Number,
    /// One or zero.
    Boolean,
    /// A point in time.
    Timestamp,
    /// The same everywhere.
    Constant,
    Text,
    Unknown,
}

impl Type {
    /// Of which nothing is known but the shape.
    pub(crate) fn unknown(shape: Option<Shape>) -> Self {
        Self {
            shape,
            labels: Labels::unknown(),
            kind: Kind::Unknown,
            unit: None,
            between: Interval::ANY,
            filled: Filled::Maybe,
            buckets: None,
            is_measured: false,
            idle: None,
        }
    }

    /// One number that is the same everywhere.
    pub(crate) fn scalar(between: Interval, unit: Option<Unit>) -> Self {
        Self {
            labels: Labels::none(),
            kind: Kind::Constant,
            unit,
            between,
            filled: Filled::Always,
            ..Self::unknown(Some(Shape::Scalar))
        }
    }

    /// The only number that it can be.
    pub(crate) fn constant(&self) -> Option<f64> {
        let Interval { least, most } = self.between;
        (least == most && self.kind == Kind::Constant).then_some(least)
    }

    /// Without the name, as all that is calculated.
    pub(crate) fn calculated(self, kind: Kind, unit: Option<Unit>, between: Interval) -> Self {
        let labels = self.labels.unnamed();
        Self {
            shape: self.shape.map(|_| Shape::Instant),
            labels,
            kind,
            unit,
            between,
            buckets: None,
            ..self
        }
    }

    /// Whether it says how often something happens.
    pub(crate) fn is_rate(&self) -> bool {
        matches!(self.kind, Kind::Rate | Kind::Increase)
    }

    pub(crate) fn is_scalar(&self) -> bool {
        self.shape == Some(Shape::Scalar)
    }
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Info => "info",
            Self::Bucket => "histogram_bucket",
            Self::Sum => "histogram_sum",
            Self::Count => "histogram_count",
            Self::Histogram | Self::HistogramRate => "native_histogram",
            Self::Rate => "rate",
            Self::Increase => "increase",
            Self::Delta => "delta",
            Self::Derivative => "derivative",
            Self::Average => "average",
            Self::Quantile => "quantile",
            Self::Ratio => "ratio",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Constant => "constant",
            Self::Text => "text",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it says how many there are of something.
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Number | Self::Bucket | Self::Count)
    }

    pub(crate) fn is_native(self) -> bool {
        matches!(self, Self::Histogram | Self::HistogramRate)
    }

    /// Whether it only rises, but for restarts.
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Self::Counter | Self::Bucket | Self::Sum | Self::Count)
    }
}
