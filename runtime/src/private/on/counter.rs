//! Counters: totals of events, in whole or in fractional steps.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::cell::{Cell, Reading};
use super::recorder::Handle;
use crate::descriptor::Number;

/// A count of events, which never goes down.
///
/// ```
/// # use streamhouse_metrics::Counter;
/// # fn record(requests: Counter<'_, u64>) {
/// requests.inc();
/// requests.inc_by(2);
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Counter<'a, T> {
    cell: Option<&'a CounterCell>,
    number: PhantomData<T>,
}

impl Counter<'_, u64> {
    /// Counts one event.
    #[inline(always)]
    pub fn inc(&self) {
        self.inc_by(1);
    }

    /// Counts several events.
    #[inline(always)]
    pub fn inc_by(&self, increment: u64) {
        if let Some(cell) = self.cell {
            cell.value.fetch_add(increment, Relaxed);
        }
    }

    /// The total so far.
    pub fn get(&self) -> u64 {
        self.cell.map_or(0, |cell| cell.value.load(Relaxed))
    }
}

impl Counter<'_, f64> {
    /// Adds one.
    #[inline(always)]
    pub fn inc(&self) {
        self.inc_by(1.0);
    }

    /// Adds an amount; one that is negative, infinite or not a number is dropped.
    #[inline(always)]
    pub fn inc_by(&self, increment: f64) {
        if let Some(cell) = self.cell
            && increment.is_finite()
            && increment >= 0.0
        {
            add_float(&cell.value, increment);
        }
    }

    /// The total so far.
    pub fn get(&self) -> f64 {
        self.cell.map_or(0.0, |cell| f64::from_bits(cell.value.load(Relaxed)))
    }
}

impl<T> Counter<'_, T> {
    /// Exposes the counter even at zero, so that a rate sees its first increment.
    #[inline(always)]
    pub fn init(&self) {
        if let Some(cell) = self.cell {
            cell.initialised.store(true, Relaxed);
        }
    }
}

impl<'a, T> Handle<'a> for Counter<'a, T> {
    #[inline(always)]
    fn new(cell: Option<&'a Cell>) -> Self {
        let cell = match cell {
            Some(Cell::Counter(cell)) => Some(cell),
            _ => None,
        };
        Self { cell, number: PhantomData }
    }
}

/// A total, as an integer or as the bits of a float.
#[derive(Debug)]
pub struct CounterCell {
    value: AtomicU64,
    initialised: AtomicBool,
}

impl CounterCell {
    pub(crate) fn new(initialised: bool) -> Self {
        Self { value: AtomicU64::new(0), initialised: AtomicBool::new(initialised) }
    }

    pub(crate) fn read(&self, number: Number) -> Option<Reading> {
        // Zero is zero, as an integer and as the bits of a float.
        let bits = self.value.load(Relaxed);
        (bits != 0 || self.initialised.load(Relaxed)).then(|| match number {
            Number::Integer => Reading::IntegerCounter(bits),
            Number::Float | Number::Duration => Reading::FloatCounter(f64::from_bits(bits)),
        })
    }
}

/// Adds to a float kept as bits.
pub(crate) fn add_float(bits: &AtomicU64, increment: f64) {
    let mut current = bits.load(Relaxed);
    loop {
        let sum = (f64::from_bits(current) + increment).to_bits();
        match bits.compare_exchange_weak(current, sum, Relaxed, Relaxed) {
            Ok(_) => return,
            Err(newer) => current = newer,
        }
    }
}
