//! Gauges: values that go up and down.

use std::marker::PhantomData;
use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use super::cell::{Cell, Reading};
use super::counter::add_float;
use super::recorder::Handle;
use crate::descriptor::Number;

/// A value that goes up and down; it is exposed from the first time it is written.
///
/// ```
/// # use streamhouse_metrics::Gauge;
/// # fn record(connections: Gauge<'_, i64>) {
/// connections.inc();
/// connections.set(7);
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gauge<'a, T> {
    cell: Option<&'a GaugeCell>,
    number: PhantomData<T>,
}

impl Gauge<'_, i64> {
    /// Sets the value.
    #[inline(always)]
    pub fn set(&self, value: i64) {
        self.write(|bits| bits.store(value.cast_unsigned(), Relaxed));
    }

    /// Adds one.
    #[inline(always)]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Subtracts one.
    #[inline(always)]
    pub fn dec(&self) {
        self.sub(1);
    }

    /// Adds an amount.
    #[inline(always)]
    pub fn add(&self, increment: i64) {
        self.write(|bits| {
            bits.fetch_add(increment.cast_unsigned(), Relaxed);
        });
    }

    /// Subtracts an amount.
    #[inline(always)]
    pub fn sub(&self, decrement: i64) {
        self.write(|bits| {
            bits.fetch_sub(decrement.cast_unsigned(), Relaxed);
        });
    }

    /// The value.
    pub fn get(&self) -> i64 {
        self.bits().cast_signed()
    }
}

impl Gauge<'_, f64> {
    /// Sets the value.
    #[inline(always)]
    pub fn set(&self, value: f64) {
        self.write(|bits| bits.store(value.to_bits(), Relaxed));
    }

    /// Adds one.
    #[inline(always)]
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// Subtracts one.
    #[inline(always)]
    pub fn dec(&self) {
        self.add(-1.0);
    }

    /// Adds an amount.
    #[inline(always)]
    pub fn add(&self, increment: f64) {
        self.write(|bits| add_float(bits, increment));
    }

    /// Subtracts an amount.
    #[inline(always)]
    pub fn sub(&self, decrement: f64) {
        self.add(-decrement);
    }

    /// The value.
    pub fn get(&self) -> f64 {
        f64::from_bits(self.bits())
    }
}

impl<T> Gauge<'_, T> {
    #[inline(always)]
    fn write(&self, write: impl FnOnce(&AtomicU64)) {
        if let Some(cell) = self.cell {
            write(&cell.value);
            // Checked before it is written, so that setting a gauge dirties nothing else.
            if !cell.set.load(Relaxed) {
                cell.set.store(true, Release);
            }
        }
    }

    fn bits(&self) -> u64 {
        self.cell.map_or(0, |cell| cell.value.load(Relaxed))
    }
}

impl<'a, T> Handle<'a> for Gauge<'a, T> {
    #[inline(always)]
    fn new(cell: Option<&'a Cell>) -> Self {
        let cell = match cell {
            Some(Cell::Gauge(cell)) => Some(cell),
            _ => None,
        };
        Self { cell, number: PhantomData }
    }
}

/// A value, as an integer or as the bits of a float, and whether anybody has set it.
#[derive(Debug, Default)]
pub struct GaugeCell {
    value: AtomicU64,
    set: AtomicBool,
}

impl GaugeCell {
    pub(crate) fn read(&self, number: Number) -> Option<Reading> {
        self.set.load(Acquire).then(|| {
            let bits = self.value.load(Relaxed);
            match number {
                Number::Integer => Reading::IntegerGauge(bits.cast_signed()),
                Number::Float | Number::Duration => Reading::FloatGauge(f64::from_bits(bits)),
            }
        })
    }
}
