//! One series' memory: what a handle writes and a scrape reads.

use super::counter::CounterCell;
use super::gauge::GaugeCell;
use super::histogram::{HistogramCell, Snapshot};
use super::info::InfoCell;
use crate::descriptor::{Kind, Metric};

/// The memory of one series.
pub enum Cell {
    /// Of a counter.
    Counter(CounterCell),
    /// Of a gauge.
    Gauge(GaugeCell),
    /// Of a histogram.
    Histogram(HistogramCell),
    /// Of an info.
    Info(InfoCell),
    /// Of a gauge past the limit of a label: values of different series cannot be merged into one
    /// gauge, so they are dropped.
    Dropped,
}

/// What a scrape finds in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    IntegerCounter(u64),
    FloatCounter(f64),
    IntegerGauge(i64),
    FloatGauge(f64),
    Histogram(Snapshot),
    Info,
}

impl Cell {
    /// An empty cell; counters and histograms may be exposed from the start.
    pub(crate) fn new(
        metric: &'static Metric,
        overflow: bool,
        counters: bool,
        histograms: bool,
    ) -> Self {
        match metric.kind {
            Kind::Counter => Cell::Counter(CounterCell::new(counters)),
            Kind::Gauge if overflow => Cell::Dropped,
            Kind::Gauge => Cell::Gauge(GaugeCell::default()),
            Kind::Histogram => Cell::Histogram(HistogramCell::new(metric, histograms)),
            Kind::Info => Cell::Info(InfoCell::default()),
        }
    }

    /// What is to be exposed, if anything.
    pub(crate) fn read(&self, metric: &Metric) -> Option<Reading> {
        match self {
            Cell::Counter(cell) => cell.read(metric.number),
            Cell::Gauge(cell) => cell.read(metric.number),
            Cell::Histogram(cell) => cell.read(metric.number).map(Reading::Histogram),
            Cell::Info(cell) => cell.is_set().then_some(Reading::Info),
            Cell::Dropped => None,
        }
    }
}
