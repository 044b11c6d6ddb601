//! How often a record is made: once, but for the benchmark of a whole system.
//!
//! What recording costs a system is less than its own noise. So that benchmark is built with
//! `--cfg streamhouse_amplified`, makes each record many times over, and looks how the cost of a
//! record grows with that number.

/// What is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call {
    /// A counter is added to.
    Counter,
    /// A gauge is written.
    Gauge,
    /// A histogram takes one observation.
    Observation,
    /// A histogram takes several.
    Observations,
    /// A timer reads the clock.
    Clock,
}

/// Makes a record.
#[cfg(not(streamhouse_amplified))]
#[inline(always)]
pub(super) fn repeat<T>(_: Call, record: impl Fn() -> T) -> T {
    record()
}

/// Counts a record that is repeated as a part of others.
#[cfg(not(streamhouse_amplified))]
#[inline(always)]
pub(super) fn count(_: Call) {}

/// Makes records of something that is used up by it.
#[cfg(not(streamhouse_amplified))]
#[inline(always)]
pub(super) fn repeat_with<I>(input: I, record: impl Fn(I)) {
    record(input);
}

/// What can be used up as often as a record is made.
#[cfg(not(streamhouse_amplified))]
pub trait Again {}

#[cfg(not(streamhouse_amplified))]
impl<I> Again for I {}

#[cfg(streamhouse_amplified)]
pub(super) use amplified::{Again, count, repeat, repeat_with};
#[cfg(streamhouse_amplified)]
pub use amplified::{calls, set_times};

#[cfg(streamhouse_amplified)]
mod amplified {
    use std::hint::black_box;
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

    use super::Call;

    static TIMES: AtomicU32 = AtomicU32::new(1);
    static CALLS: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

    /// Has each record made so many times from now on.
    pub fn set_times(times: u32) {
        TIMES.store(times, Relaxed);
    }

    /// How many records were asked for so far, however often each was made: of counters, gauges,
    /// one observation, several, and the clock.
    pub fn calls() -> [u64; 5] {
        CALLS.each_ref().map(|calls| calls.load(Relaxed))
    }

    /// Makes a record as often as was said.
    #[inline(always)]
    pub(in super::super) fn repeat<T>(call: Call, record: impl Fn() -> T) -> T {
        CALLS[call as usize].fetch_add(1, Relaxed);
        for _ in 1..TIMES.load(Relaxed) {
            black_box(record());
        }
        record()
    }

    /// Makes records of something that is used up by it, as often as was said.
    #[inline(always)]
    pub(in super::super) fn repeat_with<I: Again>(input: I, record: impl Fn(I)) {
        for _ in 1..TIMES.load(Relaxed) {
            record(black_box(input.clone()));
        }
        record(input);
    }

    /// What can be used up as often as a record is made.
    pub trait Again: Clone {}

    impl<I: Clone> Again for I {}

    /// Counts a record that is repeated as a part of others.
    #[inline(always)]
    pub(in super::super) fn count(call: Call) {
        CALLS[call as usize].fetch_add(1, Relaxed);
    }
}
