//! Timers: a duration observed by leaving a scope.

use std::mem;
use std::time::{Duration, Instant};

use super::histogram::Histogram;

/// A running clock that records the elapsed time when it is dropped.
///
/// It borrows the recorder, not the handle it was started from, and so survives the statement and
/// every `?` after it.
#[derive(Debug)]
#[must_use = "a timer that is dropped at once measures nothing"]
pub struct Timer<'a> {
    histogram: Histogram<'a, Duration>,
    start: Instant,
}

impl<'a> Timer<'a> {
    #[inline(always)]
    pub(crate) fn new(histogram: Histogram<'a, Duration>) -> Self {
        Self { histogram, start: Instant::now() }
    }

    /// Records the elapsed time now and returns it. Without the feature it is always zero.
    #[inline(always)]
    pub fn stop(self) -> Duration {
        let elapsed = self.start.elapsed();
        self.histogram.observe(elapsed);
        // A timer owns nothing that a drop would have to free.
        mem::forget(self);
        elapsed
    }

    /// Ends the timer without recording anything.
    #[inline(always)]
    pub fn discard(self) {
        mem::forget(self);
    }
}

impl Drop for Timer<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.histogram.observe(self.start.elapsed());
    }
}
