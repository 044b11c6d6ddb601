//! One of those who are measured beside each other.

use std::cell::Cell;
use std::sync::Arc;

use crate::input::CALLS;

/// A pass over the inputs, which any number of threads may run at once.
pub(crate) type Pass = Arc<dyn Fn() + Send + Sync>;

/// A way to record: ours, a peer's, or one at the limit.
pub(crate) struct Candidate {
    pub(crate) name: &'static str,
    pub(crate) pass: Pass,
    /// How many calls a pass makes.
    pub(crate) calls: usize,
    /// Says how what is held differs from what that many passes have recorded.
    check: Box<dyn Fn(u64) -> Result<(), String>>,
    /// Work that recording puts off, done where no clock runs.
    settle: Option<Box<dyn Fn()>>,
    /// Passes so far, on all threads.
    pub(crate) passes: Cell<u64>,
}

impl Candidate {
    fn new(
        name: &'static str,
        calls: usize,
        pass: impl Fn() + Send + Sync + 'static,
        check: impl Fn(u64) -> Result<(), String> + 'static,
    ) -> Self {
        let (pass, check) = (Arc::new(pass), Box::new(check));
        Self { name, pass, calls, check, settle: None, passes: Cell::new(0) }
    }

    /// One that counts every call; `recorded` says how many it holds.
    pub(crate) fn counting(
        name: &'static str,
        pass: impl Fn() + Send + Sync + 'static,
        recorded: impl Fn() -> u64 + 'static,
    ) -> Self {
        Self::new(name, CALLS, pass, move |passes| {
            let (expected, held) = (passes * CALLS as u64, recorded());
            if held == expected { Ok(()) } else { Err(format!("{held} instead of {expected}")) }
        })
    }

    /// One that keeps only what came last; `value` says what it holds.
    pub(crate) fn setting(
        name: &'static str,
        pass: impl Fn() + Send + Sync + 'static,
        last: i64,
        value: impl Fn() -> i64 + 'static,
    ) -> Self {
        Self::new(name, CALLS, pass, move |_| {
            let held = value();
            if held == last { Ok(()) } else { Err(format!("{held} instead of {last}")) }
        })
    }

    /// One that leaves nothing to be checked, with so many calls a pass.
    pub(crate) fn unchecked(
        name: &'static str,
        calls: usize,
        pass: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, calls, pass, |_| Ok(()))
    }

    /// Adds work to be done after each measurement.
    pub(crate) fn settling(mut self, settle: impl Fn() + 'static) -> Self {
        self.settle = Some(Box::new(settle));
        self
    }

    /// Does the work that was put off.
    pub(crate) fn settle(&self) {
        if let Some(settle) = &self.settle {
            settle();
        }
    }

    /// Aborts unless everything that was recorded is held: a figure of something wrong is none.
    pub(crate) fn check(&self) {
        self.settle();
        if let Err(difference) = (self.check)(self.passes.get()) {
            panic!("{} holds {difference}", self.name);
        }
    }
}
