//! Native histograms: exponential buckets of schema 3, each 2^(1/8) times as wide as the last.
//!
//! All buckets that a metric can need have a cell number, but memory exists only for the chunks of
//! them that somebody has touched: eight octaves each.

use super::exposition::native::{PER_OCTAVE, index};
use crate::descriptor::{Metric, Number};

/// Octaves that a metric's buckets cover: above 2^`from`, up to 2^`to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    from: i32,
    to: i32,
}

impl Range {
    pub(crate) fn of(metric: &Metric) -> Self {
        match metric.number {
            // From below a nanosecond to above the longest time that a number of them can hold.
            Number::Duration => Self { from: -30, to: 35 },
            Number::Integer => Self { from: -1, to: 64 },
            Number::Float => Self { from: -64, to: 64 },
        }
    }

    /// Cells: the zero bucket and the others.
    pub(crate) fn cells(self) -> usize {
        ((self.to - self.from) * PER_OCTAVE) as usize + 1
    }

    /// The cell of an observation that is not negative, counted from the zero bucket. What is
    /// beyond the last bucket is counted in it.
    #[inline(always)]
    pub(crate) fn cell(self, observation: f64) -> u32 {
        let last = self.cells() as i32 - 1;
        if observation <= self.zero_threshold() {
            return 0;
        }
        (index(observation) - self.from * PER_OCTAVE).clamp(1, last).cast_unsigned()
    }

    /// The index of the bucket whose cell it is.
    pub(crate) fn index(self, cell: u32) -> i32 {
        cell.cast_signed() + self.from * PER_OCTAVE
    }

    /// The largest observation that counts as zero.
    #[inline(always)]
    pub(crate) fn zero_threshold(self) -> f64 {
        // The exponent alone makes a power of two; it is far from the ends of what a float holds.
        f64::from_bits(((self.from + 1023) as u64) << (f64::MANTISSA_DIGITS - 1))
    }
}
