//! Timers: a duration observed by leaving a scope.

use std::mem;
use std::time::Duration;

use super::clock::Instant;
use super::histogram::nanoseconds;
use super::operation::Observation;
use super::repeat::{Call, repeat};
use super::source::{Kept, Source};

/// A running clock that records the elapsed time when it is dropped.
///
/// It borrows the recorder, not the handle or the labels it was started from, and so survives the
/// statement and every `?` after it. Its series stays until then, whoever removes it: what a timer
/// records into a removed series begins it anew.
#[derive(Debug)]
#[must_use = "a timer that is dropped at once measures nothing"]
pub struct Timer<'a> {
    kept: Kept<'a>,
    start: Instant,
}

impl<'a> Timer<'a> {
    #[inline(always)]
    pub(super) fn new(kept: Kept<'a>) -> Self {
        Self { kept, start: repeat(Call::Clock, Instant::now) }
    }

    /// Records the elapsed time now and returns it. Without the feature it is always zero.
    #[inline(always)]
    pub fn stop(self) -> Duration {
        let elapsed = repeat(Call::Clock, || self.start.elapsed());
        self.record(elapsed);
        // A timer owns nothing that a drop would have to free.
        mem::forget(self);
        elapsed
    }

    /// Ends the timer without recording anything.
    #[inline(always)]
    pub fn discard(self) {
        self.kept.release();
        mem::forget(self);
    }

    #[inline(always)]
    fn record(&self, elapsed: Duration) {
        repeat(Call::Observation, || {
            self.kept.series.add(Observation::chosen(nanoseconds(elapsed)))
        });
        self.kept.release();
    }
}

impl Drop for Timer<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.record(repeat(Call::Clock, || self.start.elapsed()));
    }
}
