//! The recorder that records nothing.
//!
//! Every type is zero-sized and every function empty and inlined, so that a call whose arguments
//! have no side effect leaves no instruction. The surface is that of [`on`](super::on), method by
//! method.

use std::marker::PhantomData;
use std::time::Duration;

pub use crate::error::RegisterError;
pub use crate::label::{LabelSet, NoLabels, OpenValues, Slot, Value};

/// Stands in for the description of a component, which is not compiled in.
#[derive(Debug)]
pub struct Component;

/// Anything a recorder can be given as its registry, which is anything at all.
pub trait Registrar {}

impl<T: ?Sized> Registrar for T {}

/// The recorder of a component.
#[derive(Clone, Debug)]
pub struct Recorder;

impl Recorder {
    /// Registers nothing.
    #[inline(always)]
    pub fn new<R: ?Sized, C>(_registry: &mut R, _component: &'static C) -> Self {
        Self
    }

    /// Registers nothing, and never fails.
    #[inline(always)]
    pub fn try_new<R: ?Sized, C>(
        _registry: &mut R,
        _component: &'static C,
    ) -> Result<Self, RegisterError> {
        Ok(Self)
    }

    /// The handle of one metric for these labels.
    #[inline(always)]
    pub fn get<'a, L: LabelSet, H: Handle<Direct<'a, L>>>(&'a self, _labels: L, _slot: Slot) -> H {
        H::EMPTY
    }

    /// All metrics for these labels.
    #[inline(always)]
    pub fn bind<L: LabelSet>(&self, _labels: L) -> Bound {
        Bound
    }

    /// Removes nothing.
    #[inline(always)]
    pub fn remove<L: LabelSet>(&self, _labels: L) -> bool {
        false
    }
}

/// The metrics of one label set for labels resolved once.
#[derive(Clone, Debug)]
pub struct Bound;

impl Bound {
    /// The handle of one metric.
    #[inline(always)]
    pub fn get<'a, H: Handle<Pinned<'a>>>(&'a self, _slot: Slot) -> H {
        H::EMPTY
    }
}

/// Stands for labels that are looked up at each record.
#[derive(Clone, Copy, Debug)]
pub struct Direct<'a, L>(PhantomData<(&'a (), L)>);

/// Stands for a bound label set.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a>(PhantomData<&'a ()>);

/// A counter, a gauge, a histogram or an info.
pub trait Handle<S> {
    /// The only value a handle has.
    const EMPTY: Self;
}

/// A counter that does not count.
#[derive(Clone, Copy, Debug)]
pub struct Counter<'a, T, S = Pinned<'a>, const EXEMPLARS: bool = false>(
    PhantomData<(&'a (), T, S)>,
);

impl<T: Default, S, const EXEMPLARS: bool> Counter<'_, T, S, EXEMPLARS> {
    /// Adds nothing.
    #[inline(always)]
    pub fn inc(&self) {}

    /// Adds nothing.
    #[inline(always)]
    pub fn inc_by(&self, _increment: T) {}

    /// Exposes nothing.
    #[inline(always)]
    pub fn init(&self) {}

    /// Zero.
    #[inline(always)]
    pub fn get(&self) -> T {
        T::default()
    }
}

impl<T, S> Counter<'_, T, S, true> {
    /// Adds nothing and keeps nothing.
    #[inline(always)]
    pub fn inc_by_with_exemplar(&self, _increment: T, _labels: &[(&str, &str)]) {}
}

/// A gauge that holds nothing.
#[derive(Clone, Copy, Debug)]
pub struct Gauge<'a, T, S = Pinned<'a>>(PhantomData<(&'a (), T, S)>);

impl<T: Default, S> Gauge<'_, T, S> {
    /// Sets nothing.
    #[inline(always)]
    pub fn set(&self, _value: T) {}

    /// Adds nothing.
    #[inline(always)]
    pub fn inc(&self) {}

    /// Subtracts nothing.
    #[inline(always)]
    pub fn dec(&self) {}

    /// Adds nothing.
    #[inline(always)]
    pub fn add(&self, _increment: T) {}

    /// Subtracts nothing.
    #[inline(always)]
    pub fn sub(&self, _decrement: T) {}

    /// Zero.
    #[inline(always)]
    pub fn get(&self) -> T {
        T::default()
    }
}

/// A histogram that observes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Histogram<'a, T, S = Pinned<'a>, const EXEMPLARS: bool = false>(
    PhantomData<(&'a (), T, S)>,
);

impl<T, S, const EXEMPLARS: bool> Histogram<'_, T, S, EXEMPLARS> {
    /// Observes nothing.
    #[inline(always)]
    pub fn observe(&self, _observation: T) {}

    /// Observes nothing, and looks at nothing.
    #[inline(always)]
    pub fn observe_all(&self, _observations: impl IntoIterator<Item = T>) {}

    /// Zero.
    #[inline(always)]
    pub fn count(&self) -> u64 {
        0
    }

    /// Zero.
    #[inline(always)]
    pub fn sum(&self) -> f64 {
        0.0
    }
}

impl<T, S> Histogram<'_, T, S, true> {
    /// Observes nothing and keeps nothing.
    #[inline(always)]
    pub fn observe_with_exemplar(&self, _observation: T, _labels: &[(&str, &str)]) {}
}

impl<'a, S, const EXEMPLARS: bool> Histogram<'a, Duration, S, EXEMPLARS> {
    /// Observes nothing.
    #[inline(always)]
    pub fn observe_seconds(&self, _seconds: f64) {}

    /// A timer that never reads the clock.
    #[inline(always)]
    pub fn start_timer(&self) -> Timer<'a> {
        Timer(PhantomData)
    }
}

/// An info that says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Info<'a, S = Pinned<'a>>(PhantomData<(&'a (), S)>);

impl<S> Info<'_, S> {
    /// Sets nothing.
    #[inline(always)]
    pub fn set(&self) {}

    /// False.
    #[inline(always)]
    pub fn is_set(&self) -> bool {
        false
    }
}

/// A timer that takes no time.
#[derive(Debug)]
#[must_use = "a timer that is dropped at once measures nothing"]
pub struct Timer<'a>(PhantomData<&'a ()>);

impl Timer<'_> {
    /// Zero: without the feature nobody has read the clock.
    #[inline(always)]
    pub fn stop(self) -> Duration {
        Duration::ZERO
    }

    /// Ends the timer.
    #[inline(always)]
    pub fn discard(self) {}
}

impl Drop for Timer<'_> {
    // Empty, but present: a `drop(timer)` that means something with the feature must not be
    // reported as meaningless (`clippy::drop_non_drop`) without it.
    #[inline(always)]
    fn drop(&mut self) {}
}

impl<T, S, const EXEMPLARS: bool> Handle<S> for Counter<'_, T, S, EXEMPLARS> {
    const EMPTY: Self = Self(PhantomData);
}

impl<T, S> Handle<S> for Gauge<'_, T, S> {
    const EMPTY: Self = Self(PhantomData);
}

impl<T, S, const EXEMPLARS: bool> Handle<S> for Histogram<'_, T, S, EXEMPLARS> {
    const EMPTY: Self = Self(PhantomData);
}

impl<S> Handle<S> for Info<'_, S> {
    const EMPTY: Self = Self(PhantomData);
}
