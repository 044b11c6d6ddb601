//! What a handle does to the cells of its series.
//!
//! These are types and not closures, so that they can be inlined wherever they are run.

use std::sync::atomic::Ordering::{Relaxed, Release};

use super::exemplar::Exemplar;
use super::layout::Column;
use super::memory::{CellId, Step, add, add_both};
use super::store::Store;
use crate::descriptor::Number;
use crate::sync::{AtomicU64, fence};

/// A change to the cells of a counter or a histogram. It does not panic.
pub trait Operation: Copy {
    /// What is to be done to a series of this metric, if anything: asked once, before the series is
    /// looked up.
    #[inline(always)]
    fn chosen_for(self, _: &Column) -> Option<Self> {
        Some(self)
    }

    /// How many records it stands for.
    fn times(self, _: &Column) -> u64 {
        1
    }

    /// Makes the change, and returns the cell that counts it, if it is counted.
    fn run(self, column: &Column, cell: CellId) -> Option<CellId>;
}

/// Adds to a counter.
#[derive(Clone, Copy)]
pub(super) struct Increment<S>(pub(super) S);

impl<S: Step> Operation for Increment<S> {
    #[inline(always)]
    fn run(self, column: &Column, cell: CellId) -> Option<CellId> {
        add(cell, self.0, column.is_open);
        Some(cell)
    }
}

/// Exposes a series without adding to it.
#[derive(Clone, Copy)]
pub(super) struct Nothing;

impl Operation for Nothing {
    #[inline(always)]
    fn run(self, _: &Column, _: CellId) -> Option<CellId> {
        None
    }
}

/// Adds an observation to a histogram, which takes one of so many into account, for all of them.
///
/// It is a float that is neither negative nor infinite; or a whole number, which for durations
/// means nanoseconds, that become seconds only in a scrape.
#[derive(Clone, Copy)]
pub(super) struct Observation<N> {
    observation: N,
    /// Whether it was chosen before, if not every one is taken into account.
    is_chosen: bool,
    /// Whether the histogram counts every observation, in classic buckets alone.
    is_plain: bool,
}

impl<N> Observation<N> {
    #[inline(always)]
    pub(super) fn new(observation: N) -> Self {
        Self { observation, is_chosen: false, is_plain: false }
    }

    /// That of a timer, which was chosen when it started.
    #[inline(always)]
    pub(super) fn chosen(observation: N) -> Self {
        Self { is_chosen: true, ..Self::new(observation) }
    }

    #[inline(always)]
    fn if_chosen(self, column: &Column) -> Option<Self> {
        let is_plain = column.is_plain;
        let is_chosen = is_plain || self.is_chosen || column.takes_next();
        is_chosen.then_some(Self { is_plain, ..self })
    }
}

pub(super) const NANOSECONDS: f64 = 1e9;

impl Operation for Observation<f64> {
    #[inline(always)]
    fn chosen_for(self, column: &Column) -> Option<Self> {
        self.if_chosen(column)
    }

    fn times(self, column: &Column) -> u64 {
        column.metric.sample.max(1).into()
    }

    #[inline(always)]
    fn run(self, column: &Column, cell: CellId) -> Option<CellId> {
        let Self { observation, is_plain, .. } = self;
        if !is_plain {
            return self.run_with_care(column, cell);
        }
        let bucket = Column::buckets(cell) + column.search.float(observation);
        add_both((bucket, 1_u64), (cell, observation), column.is_open);
        Some(bucket)
    }
}

impl Operation for Observation<u64> {
    #[inline(always)]
    fn chosen_for(self, column: &Column) -> Option<Self> {
        self.if_chosen(column)
    }

    fn times(self, column: &Column) -> u64 {
        column.metric.sample.max(1).into()
    }

    #[inline(always)]
    fn run(self, column: &Column, cell: CellId) -> Option<CellId> {
        let Self { observation, is_plain, .. } = self;
        if !is_plain {
            return self.run_with_care(column, cell);
        }
        let bucket = Column::buckets(cell) + column.search.integer(observation);
        add_both((bucket, 1_u64), (cell, observation), column.is_open);
        Some(bucket)
    }
}

impl<N: Observed> Observation<N> {
    /// The same for a histogram that is sampled or has native buckets.
    #[inline(never)]
    fn run_with_care(self, column: &Column, cell: CellId) -> Option<CellId> {
        let Self { observation, .. } = self;
        let bucket = Column::buckets(cell) + observation.bucket(column);
        let (times, open) = (u64::from(column.metric.sample.max(1)), column.is_open);
        if column.metric.native {
            // Before the classic bucket: a scrape that reads them the other way round never finds
            // more observations in the classic buckets than there are in all.
            let native = column.native_range.cell(observation.value(column));
            add(column.native(cell) + native, times, open);
            fence(Release);
        }
        add_both((bucket, times), (cell, observation.times(times)), open);
        Some(bucket)
    }
}

/// Adds several observations to a histogram, which looks its series up once for all of them.
#[derive(Clone, Copy)]
pub(super) struct Observations<'o, N>(pub(super) &'o [N]);

impl<N: Observed> Operation for Observations<'_, N> {
    fn times(self, _: &Column) -> u64 {
        // Of those that are sampled, each one stands for those that are not.
        self.0.len() as u64
    }

    #[inline(always)]
    fn run(self, column: &Column, cell: CellId) -> Option<CellId> {
        if column.is_plain { self.run_together(column, cell) } else { self.run_each(column, cell) }
    }
}

impl<N: Observed> Observations<'_, N> {
    /// Adds up those that are in one bucket one after the other, and all of them for the sum.
    #[inline(never)]
    fn run_together(self, column: &Column, cell: CellId) -> Option<CellId> {
        let (buckets, open) = (Column::buckets(cell), column.is_open);
        let (&first, rest) = self.0.split_first()?;
        let (mut bucket, mut count, mut sum) = (first.bucket(column), 1_u64, first);
        for &observation in rest {
            let next = observation.bucket(column);
            if next != bucket {
                add(buckets + bucket, count, open);
                (bucket, count) = (next, 0);
            }
            count += 1;
            sum = sum.plus(observation);
        }
        add_both((buckets + bucket, count), (cell, sum), open);
        Some(buckets + bucket)
    }

    /// The same for a histogram that is sampled or has native buckets.
    #[inline(never)]
    fn run_each(self, column: &Column, cell: CellId) -> Option<CellId> {
        let chosen = self.0.iter().filter_map(|&one| Observation::new(one).if_chosen(column));
        chosen.filter_map(|observation| observation.run_with_care(column, cell)).last()
    }
}

/// A number that histograms are recorded in.
pub(super) trait Observed: Step {
    /// The classic bucket it is in.
    fn bucket(self, column: &Column) -> u32;

    /// As it is exposed.
    fn value(self, column: &Column) -> f64;

    /// The sum of so many.
    fn times(self, times: u64) -> Self;

    /// The sum of both.
    fn plus(self, other: Self) -> Self;
}

impl Observed for u64 {
    fn bucket(self, column: &Column) -> u32 {
        column.search.integer(self)
    }

    fn value(self, column: &Column) -> f64 {
        match column.metric.number {
            Number::Duration => self as f64 / NANOSECONDS,
            Number::Integer | Number::Float => self as f64,
        }
    }

    fn times(self, times: u64) -> Self {
        self.wrapping_mul(times)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl Observed for f64 {
    fn bucket(self, column: &Column) -> u32 {
        column.search.float(self)
    }

    fn value(self, _: &Column) -> f64 {
        self
    }

    fn times(self, times: u64) -> Self {
        self * times as f64
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
}

/// A change to the number of a gauge. It does not panic.
pub trait Write: Copy {
    /// Makes the change.
    fn run(self, gauge: &AtomicU64);
}

/// Sets a gauge to these bits.
#[derive(Clone, Copy)]
pub(super) struct Set(pub(super) u64);

impl Write for Set {
    #[inline(always)]
    fn run(self, gauge: &AtomicU64) {
        gauge.store(self.0, Relaxed);
    }
}

/// Adds to a gauge.
#[derive(Clone, Copy)]
pub(super) struct Add<S>(pub(super) S);

impl<S: Step> Write for Add<S> {
    #[inline(always)]
    fn run(self, gauge: &AtomicU64) {
        self.0.add_shared(gauge);
    }
}

impl Write for Nothing {
    #[inline(always)]
    fn run(self, _: &AtomicU64) {}
}

/// Does something and keeps an exemplar of it.
#[derive(Clone, Copy)]
pub(super) struct Traced<'e, O> {
    pub(super) operation: O,
    pub(super) store: Option<&'e Store>,
    pub(super) exemplar: Option<&'e Exemplar>,
}

impl<O: Operation> Operation for Traced<'_, O> {
    fn chosen_for(self, column: &Column) -> Option<Self> {
        Some(Self { operation: self.operation.chosen_for(column)?, ..self })
    }

    fn times(self, column: &Column) -> u64 {
        self.operation.times(column)
    }

    fn run(self, column: &Column, cell: CellId) -> Option<CellId> {
        let counted = self.operation.run(column, cell);
        if let (Some(store), Some(exemplar), Some(cell)) = (self.store, self.exemplar, counted) {
            store.exemplars.put(cell, exemplar.clone());
        }
        counted
    }
}
