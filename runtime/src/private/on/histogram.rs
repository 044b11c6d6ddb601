//! Histograms: how observations are distributed over buckets.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::cell::Cell;
use super::counter::add_float;
use super::recorder::Handle;
use super::timer::Timer;
use crate::descriptor::{Metric, Number};

const NANOSECONDS: f64 = 1e9;

/// A distribution of observations.
///
/// ```
/// # use std::time::Duration;
/// # use streamhouse_metrics::Histogram;
/// # fn record(latency: Histogram<'_, Duration>) {
/// latency.observe(Duration::from_millis(3));
/// let timer = latency.start_timer();
/// // The work to be timed.
/// drop(timer);
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Histogram<'a, T> {
    cell: Option<&'a HistogramCell>,
    number: PhantomData<T>,
}

impl Histogram<'_, f64> {
    /// Takes an observation into account.
    ///
    /// One that is infinite or not a number is dropped, since it would make the sum useless for
    /// ever; one below zero, since a sum that falls reads as a restart.
    #[inline(always)]
    pub fn observe(&self, observation: f64) {
        if let Some(cell) = self.cell
            && (0.0..=f64::MAX).contains(&observation)
        {
            cell.count(observation);
            add_float(&cell.sum, observation);
        }
    }
}

impl Histogram<'_, u64> {
    /// Takes an observation into account.
    #[inline(always)]
    pub fn observe(&self, observation: u64) {
        if let Some(cell) = self.cell {
            cell.count(observation as f64);
            cell.sum.fetch_add(observation, Relaxed);
        }
    }
}

impl<'a> Histogram<'a, Duration> {
    /// Takes a duration into account.
    #[inline(always)]
    pub fn observe(&self, duration: Duration) {
        if let Some(cell) = self.cell {
            let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
            // One correctly rounded division, so that 100 ms falls on the bound 0.1 exactly.
            cell.count(nanoseconds as f64 / NANOSECONDS);
            cell.sum.fetch_add(nanoseconds, Relaxed);
        }
    }

    /// Takes a duration in seconds into account; one that is negative, infinite or not a number
    /// is dropped.
    #[inline(always)]
    pub fn observe_seconds(&self, seconds: f64) {
        if let Ok(duration) = Duration::try_from_secs_f64(seconds) {
            self.observe(duration);
        }
    }

    /// Starts the clock; the timer observes the elapsed time when it is dropped.
    #[inline(always)]
    pub fn start_timer(&self) -> Timer<'a> {
        Timer::new(*self)
    }
}

impl<T> Histogram<'_, T> {
    /// How many observations there were.
    pub fn count(&self) -> u64 {
        self.cell.map_or(0, HistogramCell::total)
    }
}

macro_rules! sum {
    ($($type:ty => $number:ident),*) => {$(
        impl Histogram<'_, $type> {
            /// The sum of the observations, as it is exposed: durations in seconds.
            pub fn sum(&self) -> f64 {
                self.cell.map_or(0.0, |cell| cell.sum(Number::$number))
            }
        }
    )*};
}
sum!(f64 => Float, u64 => Integer, Duration => Duration);

impl<'a, T> Handle<'a> for Histogram<'a, T> {
    #[inline(always)]
    fn new(cell: Option<&'a Cell>) -> Self {
        let cell = match cell {
            Some(Cell::Histogram(cell)) => Some(cell),
            _ => None,
        };
        Self { cell, number: PhantomData }
    }
}

/// How many observations each bucket alone holds, and their sum.
#[derive(Debug)]
pub struct HistogramCell {
    bounds: &'static [(f64, &'static str)],
    /// One more than bounds: the last one is `+Inf`.
    counts: Box<[AtomicU64]>,
    /// An integer, the bits of a float, or nanoseconds.
    sum: AtomicU64,
    initialised: bool,
}

/// A histogram as a scrape finds it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) sum: f64,
    /// Each finite bound with its count, then infinity with its own; not cumulative.
    pub(crate) buckets: Vec<(f64, u64)>,
}

impl Snapshot {
    /// The number of observations: derived from the buckets, so that `_count` always equals
    /// `+Inf`.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

impl HistogramCell {
    pub(crate) fn new(metric: &'static Metric, initialised: bool) -> Self {
        Self {
            bounds: metric.buckets,
            counts: (0..=metric.buckets.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
            initialised,
        }
    }

    fn count(&self, observation: f64) {
        let bucket = self.bounds.partition_point(|(bound, _)| *bound < observation);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Relaxed);
        }
    }

    fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Relaxed)).sum()
    }

    fn sum(&self, number: Number) -> f64 {
        let bits = self.sum.load(Relaxed);
        match number {
            Number::Integer => bits as f64,
            Number::Float => f64::from_bits(bits),
            Number::Duration => bits as f64 / NANOSECONDS,
        }
    }

    pub(crate) fn read(&self, number: Number) -> Option<Snapshot> {
        let bounds = self.bounds.iter().map(|(bound, _)| *bound).chain([f64::INFINITY]);
        let counts = self.counts.iter().map(|count| count.load(Relaxed));
        let snapshot = Snapshot { sum: self.sum(number), buckets: bounds.zip(counts).collect() };
        (self.initialised || snapshot.count() > 0).then_some(snapshot)
    }
}
