//! Histograms: how observations are distributed over buckets.

use std::marker::PhantomData;
use std::time::Duration;

use super::exemplar::Exemplar;
use super::layout::Column;
use super::memory::{CellId, Reader};
use super::operation::{Observation, Observations, Observed, Traced};
use super::reading::sum;
use super::recorder::Handle;
use super::repeat::{Again, Call, count, repeat, repeat_with};
use super::source::{Pinned, Source};
use super::store::Store;
use super::timer::Timer;
use crate::descriptor::Reason;

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
///
/// Where the specification says `sample = "1/16"`, one of 16 observations is taken into account, as
/// 16 of its kind: `_count`, `_sum` and the buckets are estimates.
///
/// `S` is where it has its series from: labels that are looked up at each record, or, by default,
/// a bound label set. `EXEMPLARS` is the specification's word for whether it keeps exemplars.
#[derive(Clone, Copy, Debug)]
pub struct Histogram<'a, T, S = Pinned<'a>, const EXEMPLARS: bool = false> {
    source: S,
    number: PhantomData<(&'a (), T)>,
}

impl<'a, S: Source<'a>, const EXEMPLARS: bool> Histogram<'a, f64, S, EXEMPLARS> {
    /// Takes an observation into account.
    ///
    /// One that is infinite or not a number is dropped, since it would make the sum useless for
    /// ever; one below zero, since a sum that falls reads as a restart.
    #[inline(always)]
    pub fn observe(&self, observation: f64) {
        if (0.0..=f64::MAX).contains(&observation) {
            repeat(Call::Observation, || self.source.add(Observation::new(observation)));
        } else {
            Store::drop_invalid(self.source, Reason::InvalidValue);
        }
    }

    /// Takes several observations into account: cheaper than one at a time, above all where
    /// neighbours are alike. Each is treated as by [`observe`](Self::observe).
    pub fn observe_all(&self, observations: impl IntoIterator<Item = f64, IntoIter: Again>) {
        let valid = observations.into_iter().filter(|observation| {
            let is_valid = (0.0..=f64::MAX).contains(observation);
            if !is_valid {
                Store::drop_invalid(self.source, Reason::InvalidValue);
            }
            is_valid
        });
        observe_all(self.source, valid);
    }
}

impl<'a, S: Source<'a>, const EXEMPLARS: bool> Histogram<'a, u64, S, EXEMPLARS> {
    /// Takes an observation into account.
    #[inline(always)]
    pub fn observe(&self, observation: u64) {
        repeat(Call::Observation, || self.source.add(Observation::new(observation)));
    }

    /// Takes several observations into account: cheaper than one at a time, above all where
    /// neighbours are alike.
    pub fn observe_all(&self, observations: impl IntoIterator<Item = u64, IntoIter: Again>) {
        observe_all(self.source, observations.into_iter());
    }
}

impl<'a, S: Source<'a>, const EXEMPLARS: bool> Histogram<'a, Duration, S, EXEMPLARS> {
    /// Takes a duration into account.
    #[inline(always)]
    pub fn observe(&self, duration: Duration) {
        repeat(Call::Observation, || self.source.add(Observation::new(nanoseconds(duration))));
    }

    /// Takes several durations into account: cheaper than one at a time, above all where neighbours
    /// are alike, as the waiting times of a batch are.
    pub fn observe_all(&self, durations: impl IntoIterator<Item = Duration, IntoIter: Again>) {
        observe_all(self.source, durations.into_iter().map(nanoseconds));
    }

    /// Takes a duration in seconds into account; one that is negative, infinite or not a number
    /// is dropped.
    #[inline(always)]
    pub fn observe_seconds(&self, seconds: f64) {
        match Duration::try_from_secs_f64(seconds) {
            Ok(duration) => self.observe(duration),
            Err(_) => Store::drop_invalid(self.source, Reason::InvalidValue),
        }
    }

    /// Starts the clock; the timer observes the elapsed time when it is dropped.
    #[inline(always)]
    pub fn start_timer(&self) -> Timer<'a> {
        Timer::new(self.source.keep())
    }
}

macro_rules! with_exemplar {
    ($($type:ty, $observation:ident => $invalid:expr, $value:expr, $recorded:expr);* $(;)?) => {$(
        impl<'a, S: Source<'a>> Histogram<'a, $type, S, true> {
            /// Takes an observation into account, and keeps labels that lead to it.
            pub fn observe_with_exemplar(&self, $observation: $type, labels: &[(&str, &str)]) {
                if $invalid {
                    return Store::drop_invalid(self.source, Reason::InvalidValue);
                }
                let exemplar = Exemplar::new(labels, $value);
                if exemplar.is_none() {
                    Store::drop_invalid(self.source, Reason::InvalidExemplar);
                }
                let (store, exemplar) = (self.source.store(), exemplar.as_ref());
                self.source.add(Traced { operation: Observation::new($recorded), store, exemplar });
            }
        }
    )*};
}
with_exemplar! {
    f64, observation => !(0.0..=f64::MAX).contains(&observation), observation,
        observation;
    u64, observation => false, observation as f64, observation;
    Duration, duration => false, duration.as_secs_f64(), nanoseconds(duration);
}

impl<'a, T, S: Source<'a>, const EXEMPLARS: bool> Histogram<'a, T, S, EXEMPLARS> {
    /// How many observations there were.
    pub fn count(&self) -> u64 {
        let count = self.source.look(|place| {
            let first = Column::buckets(place.cell);
            let buckets = first..first + place.column.metric.buckets.len() as CellId + 1;
            Reader::default().nonzero(buckets).map(|(_, count)| count).sum()
        });
        count.unwrap_or_default()
    }

    /// The sum of the observations, as it is exposed: durations in seconds.
    pub fn sum(&self) -> f64 {
        let sum = self.source.look(|place| sum(place.column, place.cell, &mut Reader::default()));
        sum.unwrap_or_default()
    }
}

impl<S, T, const EXEMPLARS: bool> Handle<S> for Histogram<'_, T, S, EXEMPLARS> {
    #[inline(always)]
    fn new(source: S) -> Self {
        Self { source, number: PhantomData }
    }
}

/// How many observations are taken together.
const TOGETHER: usize = 64;

/// Records observations in pieces that need no memory of their own.
fn observe_all<'a, N: Observed + Default>(
    source: impl Source<'a>,
    observations: impl Iterator<Item = N> + Again,
) {
    repeat_with(observations, |observations| observe_pieces(source, observations));
}

fn observe_pieces<'a, N: Observed + Default>(
    source: impl Source<'a>,
    mut observations: impl Iterator<Item = N>,
) {
    let mut piece = [N::default(); TOGETHER];
    loop {
        let mut filled = 0;
        for (place, observation) in piece.iter_mut().zip(observations.by_ref()) {
            *place = observation;
            filled += 1;
        }
        if filled > 0 {
            count(Call::Observations);
            source.add(Observations(&piece[..filled]));
        }
        if filled < TOGETHER {
            return;
        }
    }
}

/// A duration in whole nanoseconds, or as many as fit: 584 years.
#[inline(always)]
pub(super) fn nanoseconds(duration: Duration) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    if duration.as_secs() < u64::MAX / SECOND {
        duration.as_secs() * SECOND + u64::from(duration.subsec_nanos())
    } else {
        u64::MAX
    }
}
