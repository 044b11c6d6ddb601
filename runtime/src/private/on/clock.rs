//! The clock of timers.
//!
//! The standard library's, or with the feature `tsc` the processor's time-stamp counter, which costs
//! a third of it. quanta calibrates that counter against the system's clock, once, and never lets
//! time go back; where a processor has no steady counter it asks the system like everybody else.

#[cfg(feature = "tsc")]
pub(super) use quanta::Instant;
#[cfg(not(feature = "tsc"))]
pub(super) use std::time::Instant;
