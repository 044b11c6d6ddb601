//! Counters: totals of events, in whole or in fractional steps.

use std::marker::PhantomData;
use std::sync::atomic::Ordering::{Relaxed, Release};

use super::exemplar::Exemplar;
use super::memory::{Reader, Step};
use super::operation::{Increment, Nothing, Traced};
use super::page::state;
use super::recorder::Handle;
use super::repeat::{Call, repeat};
use super::source::{Pinned, Source};
use super::store::Store;
use crate::descriptor::Reason;

/// A count of events, which never goes down.
///
/// ```
/// # use streamhouse_metrics::Counter;
/// # fn record(requests: Counter<'_, u64>) {
/// requests.inc();
/// requests.inc_by(2);
/// # }
/// ```
///
/// `S` is where it has its series from: labels that are looked up at each record, or, by default,
/// a bound label set. `EXEMPLARS` is the specification's word for whether it keeps exemplars.
#[derive(Clone, Copy, Debug)]
pub struct Counter<'a, T, S = Pinned<'a>, const EXEMPLARS: bool = false> {
    source: S,
    number: PhantomData<(&'a (), T)>,
}

impl<'a, S: Source<'a>, const EXEMPLARS: bool> Counter<'a, u64, S, EXEMPLARS> {
    /// Counts one event.
    #[inline(always)]
    pub fn inc(&self) {
        self.inc_by(1);
    }

    /// Counts several events.
    #[inline(always)]
    pub fn inc_by(&self, increment: u64) {
        repeat(Call::Counter, || self.source.add(Increment(increment)));
    }

    /// The total so far.
    pub fn get(&self) -> u64 {
        self.source.look(|place| Reader::default().integer(place.cell)).unwrap_or_default()
    }
}

impl<'a, S: Source<'a>, const EXEMPLARS: bool> Counter<'a, f64, S, EXEMPLARS> {
    /// Adds one.
    #[inline(always)]
    pub fn inc(&self) {
        self.inc_by(1.0);
    }

    /// Adds an amount; one that is negative, infinite or not a number is dropped.
    #[inline(always)]
    pub fn inc_by(&self, increment: f64) {
        if (0.0..=f64::MAX).contains(&increment) {
            repeat(Call::Counter, || self.source.add(Increment(increment)));
        } else {
            Store::drop_invalid(self.source, Reason::InvalidValue);
        }
    }

    /// The total so far.
    pub fn get(&self) -> f64 {
        self.source.look(|place| Reader::default().float(place.cell)).unwrap_or_default()
    }
}

impl<'a, S: Source<'a>> Counter<'a, u64, S, true> {
    /// Counts several events, and keeps labels that lead to one of them.
    pub fn inc_by_with_exemplar(&self, increment: u64, labels: &[(&str, &str)]) {
        self.keep(increment, increment as f64, labels);
    }
}

impl<'a, S: Source<'a>> Counter<'a, f64, S, true> {
    /// Adds an amount, and keeps labels that lead to what it is part of.
    pub fn inc_by_with_exemplar(&self, increment: f64, labels: &[(&str, &str)]) {
        if (0.0..=f64::MAX).contains(&increment) {
            self.keep(increment, increment, labels);
        } else {
            Store::drop_invalid(self.source, Reason::InvalidValue);
        }
    }
}

impl<'a, T, S: Source<'a>> Counter<'a, T, S, true> {
    fn keep(&self, increment: impl Step, value: f64, labels: &[(&str, &str)]) {
        let exemplar = Exemplar::new(labels, value);
        if exemplar.is_none() {
            Store::drop_invalid(self.source, Reason::InvalidExemplar);
        }
        let (store, exemplar) = (self.source.store(), exemplar.as_ref());
        self.source.add(Traced { operation: Increment(increment), store, exemplar });
    }
}

impl<'a, T, S: Source<'a>, const EXEMPLARS: bool> Counter<'a, T, S, EXEMPLARS> {
    /// Exposes the counter even at zero, so that a rate sees its first increment.
    #[inline(always)]
    pub fn init(&self) {
        // A fixed series is not asked for its state while it is recorded into.
        let is_done = self.source.look(|place| {
            let (fresh, live) = (state::FRESH, state::LIVE);
            !place.column.is_open
                && place.state.compare_exchange(fresh, live, Release, Relaxed).is_ok()
        });
        if is_done != Some(true) {
            self.source.add(Nothing);
        }
    }
}

impl<S, T, const EXEMPLARS: bool> Handle<S> for Counter<'_, T, S, EXEMPLARS> {
    #[inline(always)]
    fn new(source: S) -> Self {
        Self { source, number: PhantomData }
    }
}
