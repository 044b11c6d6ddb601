//! A histogram in cells of the thread: one for each bucket, one for the sum.

use std::time::Duration;

use super::cell::{Cells, Row, Snapshot};
use crate::input::{self, BOUNDS};

/// The sum stands behind the buckets, the last of which is `+Inf`.
const SUM: usize = BOUNDS.len() + 1;

/// Where an observation is counted, found without a branch.
///
/// Between a power of two and the next there is at most one bound, so the exponent says all but
/// one bit.
#[derive(Clone, Copy)]
pub(crate) struct Search {
    /// How many bounds are below each power of two, from that of the first bound on.
    below: [u8; 16],
    /// The bounds, then infinity.
    bounds: [f64; 16],
    /// The same in nanoseconds.
    below_nanoseconds: [u8; 64],
    nanoseconds: [u64; 16],
}

impl Search {
    pub(crate) fn new() -> Self {
        let mut bounds = [f64::INFINITY; 16];
        bounds[..BOUNDS.len()].copy_from_slice(&BOUNDS);
        let mut nanoseconds = [u64::MAX; 16];
        for (nanoseconds, bound) in nanoseconds.iter_mut().zip(BOUNDS) {
            *nanoseconds = (bound * 1e9).round() as u64;
        }
        let below = |power: f64| BOUNDS.iter().filter(|bound| **bound < power).count() as u8;
        let search = Self {
            below: std::array::from_fn(|slot| below(2_f64.powi(slot as i32 - 10))),
            bounds,
            below_nanoseconds: std::array::from_fn(|slot| below(2_f64.powi(slot as i32) / 1e9)),
            nanoseconds,
        };
        // The search is right where there is at most one bound a power of two.
        for value in input::values().iter().chain(&BOUNDS).chain(&[0.0, 1e-9, 1e9]) {
            let bucket = BOUNDS.partition_point(|bound| bound < value);
            assert_eq!(search.bucket(*value), bucket, "bucket of {value}");
            let nanoseconds = (value * 1e9).round() as u64;
            assert_eq!(search.bucket_of_nanoseconds(nanoseconds), bucket, "bucket of {value} s");
        }
        search
    }

    #[inline(always)]
    fn bucket(&self, value: f64) -> usize {
        let exponent = (value.to_bits() >> 52) as usize;
        let slot = exponent.saturating_sub(1013).min(15);
        let below = usize::from(self.below[slot] & 15);
        below + usize::from(value > self.bounds[below])
    }

    #[inline(always)]
    fn bucket_of_nanoseconds(&self, value: u64) -> usize {
        let below = usize::from(self.below_nanoseconds[(value | 1).ilog2() as usize] & 15);
        below + usize::from(value > self.nanoseconds[below])
    }

    /// Counts a number and adds it to a sum of floats.
    #[inline(always)]
    pub(crate) fn observe(&self, cells: Cells, value: f64) {
        cells.add(self.bucket(value), 1);
        cells.add_float(SUM, value);
    }

    /// Counts a duration and adds it to a sum of nanoseconds.
    #[inline(always)]
    pub(crate) fn observe_duration(&self, cells: Cells, value: Duration) {
        let nanoseconds = value.as_secs() * 1_000_000_000 + u64::from(value.subsec_nanos());
        self.observe_nanoseconds(cells, nanoseconds);
    }

    /// Counts nanoseconds and adds them to their sum.
    #[inline(always)]
    pub(crate) fn observe_nanoseconds(&self, cells: Cells, value: u64) {
        cells.add(self.bucket_of_nanoseconds(value), 1);
        cells.add(SUM, value);
    }
}

/// Cells for a histogram.
pub(crate) fn row() -> Row {
    Row::new((SUM + 1).next_power_of_two())
}

/// How many observations all threads have counted.
pub(crate) fn count(row: Row) -> u64 {
    let snapshot = Snapshot::new();
    (0..SUM).map(|bucket| snapshot.sum(row, bucket)).sum()
}
