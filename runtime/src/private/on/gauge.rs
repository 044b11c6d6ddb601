//! Gauges: values that go up and down.

use std::marker::PhantomData;
use std::sync::atomic::Ordering::Relaxed;

use super::operation::{Add, Set};
use super::recorder::Handle;
use super::repeat::{Call, repeat};
use super::source::{Pinned, Source};

/// A value that goes up and down; it is exposed from the first time it is written.
///
/// All threads share it, since the last one to set it is right: setting it is one store.
///
/// ```
/// # use streamhouse_metrics::Gauge;
/// # fn record(connections: Gauge<'_, i64>) {
/// connections.inc();
/// connections.set(7);
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gauge<'a, T, S = Pinned<'a>> {
    source: S,
    number: PhantomData<(&'a (), T)>,
}

impl<'a, S: Source<'a>> Gauge<'a, i64, S> {
    /// Sets the value.
    #[inline(always)]
    pub fn set(&self, value: i64) {
        repeat(Call::Gauge, || self.source.set(Set(value.cast_unsigned())));
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
        repeat(Call::Gauge, || self.source.set(Add(increment.cast_unsigned())));
    }

    /// Subtracts an amount.
    #[inline(always)]
    pub fn sub(&self, decrement: i64) {
        self.add(decrement.wrapping_neg());
    }

    /// The value.
    pub fn get(&self) -> i64 {
        self.bits().cast_signed()
    }
}

impl<'a, S: Source<'a>> Gauge<'a, f64, S> {
    /// Sets the value.
    #[inline(always)]
    pub fn set(&self, value: f64) {
        repeat(Call::Gauge, || self.source.set(Set(value.to_bits())));
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
        repeat(Call::Gauge, || self.source.set(Add(increment)));
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

impl<'a, T, S: Source<'a>> Gauge<'a, T, S> {
    fn bits(&self) -> u64 {
        self.source.look(|place| place.gauge.load(Relaxed)).unwrap_or_default()
    }
}

impl<S, T> Handle<S> for Gauge<'_, T, S> {
    #[inline(always)]
    fn new(source: S) -> Self {
        Self { source, number: PhantomData }
    }
}
