//! What a scrape finds in a series.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::exemplar::Exemplar;
use super::layout::Column;
use super::memory::{CellId, Reader};
use super::operation::NANOSECONDS;
use super::page::{Place, state};
use super::store::Store;
use crate::descriptor::{Kind, Metric, Number};
use crate::sync::{AtomicU32, fence};

/// What is exposed of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    IntegerCounter(u64),
    FloatCounter(f64),
    IntegerGauge(i64),
    FloatGauge(f64),
    Histogram(Snapshot),
    Info,
}

/// A histogram as a scrape finds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) sum: f64,
    /// How many observations each bucket alone holds; the last one is `+Inf`.
    pub(crate) buckets: Vec<u64>,
    /// The native buckets that hold any, by their cell counted from the zero bucket.
    pub(crate) native: Vec<(u32, u64)>,
}

impl Snapshot {
    /// The number of observations: derived from the buckets, so that `_count` always equals
    /// `+Inf`.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Reads a histogram into the memory of the one before, and says whether there is anything.
    pub(crate) fn read(&mut self, column: &Column, cell: CellId, reader: &mut Reader) -> bool {
        self.buckets.clear();
        let first = Column::buckets(cell);
        let buckets = column.metric.buckets.len() as CellId + 1;
        self.buckets.extend((first..first + buckets).map(|cell| reader.integer(cell)));
        self.native.clear();
        if column.metric.native {
            // Who recorded into a bucket that was read here has recorded natively before.
            fence(Acquire);
            let first = column.native(cell);
            let cells = first..first + column.native_range.cells() as CellId;
            self.native.extend(reader.nonzero(cells).map(|(cell, count)| (cell - first, count)));
        }
        self.sum = sum(column, cell, reader);
        self.buckets.iter().any(|count| *count > 0)
    }
}

/// The sum of a histogram's observations, as it is exposed.
pub(super) fn sum(column: &Column, cell: CellId, reader: &mut Reader) -> f64 {
    match column.metric.number {
        Number::Integer => reader.integer(cell) as f64,
        Number::Float => reader.float(cell),
        Number::Duration => reader.integer(cell) as f64 / NANOSECONDS,
    }
}

/// Whether a series is to be shown even if nothing was counted. Whoever says so has recorded before.
#[inline(always)]
pub(crate) fn is_exposed(state: &AtomicU32) -> bool {
    matches!(state.load(Acquire), state::LIVE | state::QUIET)
}

/// What a series shows, if it is exposed.
#[inline]
pub(crate) fn read(place: Place<'_>, reader: &mut Reader) -> Option<Reading> {
    let is_exposed = is_exposed(place.state);
    let Metric { kind, number, .. } = place.column.metric;
    let is_float = *number != Number::Integer;
    match kind {
        Kind::Counter if is_float => {
            let total = reader.float(place.cell);
            (is_exposed || total > 0.0).then_some(Reading::FloatCounter(total))
        }
        Kind::Counter => {
            let total = reader.integer(place.cell);
            (is_exposed || total > 0).then_some(Reading::IntegerCounter(total))
        }
        Kind::Gauge => is_exposed.then(|| {
            let bits = place.gauge.load(Relaxed);
            if is_float {
                Reading::FloatGauge(f64::from_bits(bits))
            } else {
                Reading::IntegerGauge(bits.cast_signed())
            }
        }),
        Kind::Histogram => {
            let mut snapshot = Snapshot::default();
            let any = snapshot.read(place.column, place.cell, reader);
            (is_exposed || any).then_some(Reading::Histogram(snapshot))
        }
        Kind::Info => is_exposed.then_some(Reading::Info),
    }
}

/// The exemplars of a series: that of a counter, or those of a histogram's buckets in their order.
pub(crate) fn exemplars(store: &Store, place: Place<'_>) -> Vec<Option<Exemplar>> {
    let metric = place.column.metric;
    let cells = match metric.kind {
        Kind::Counter => place.cell..place.cell + 1,
        Kind::Histogram => {
            let first = Column::buckets(place.cell);
            first..first + metric.buckets.len() as CellId + 1
        }
        Kind::Gauge | Kind::Info => return Vec::new(),
    };
    if metric.exemplars {
        cells.map(|cell| store.exemplars.get(cell)).collect()
    } else {
        Vec::new()
    }
}
