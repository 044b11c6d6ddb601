//! Two threads, each on a CPU of its own.
//!
//! Left alone, the scheduler often runs both on one CPU, and contention seems to vanish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use core_affinity::CoreId;

use crate::candidate::Pass;

/// This thread and another one.
pub(crate) struct Threads {
    cores: Vec<CoreId>,
    jobs: Sender<Job>,
    reports: Receiver<(u64, Duration)>,
}

struct Job {
    pass: Pass,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    arrived: AtomicUsize,
    closed: AtomicBool,
}

/// A CPU to run on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    First,
    Second,
}

impl Threads {
    /// Pins this thread, and starts the other one.
    pub(crate) fn new() -> Self {
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        let (jobs, inbox) = channel();
        let (outbox, reports) = channel();
        let threads = Self { cores, jobs, reports };
        let second = threads.core(Place::Second);
        thread::spawn(move || {
            pin(second);
            for job in inbox {
                if outbox.send(until_closed(&job)).is_err() {
                    break;
                }
            }
        });
        pin(threads.core(Place::First));
        threads
    }

    /// How many CPUs there are to run on.
    pub(crate) fn cores(&self) -> usize {
        self.cores.len().max(1)
    }

    /// Whether there are two of them.
    pub(crate) fn are_two(&self) -> bool {
        self.cores() > 1
    }

    /// The CPU at a place, if this system says what it has.
    pub(crate) fn core(&self, place: Place) -> Option<CoreId> {
        match place {
            Place::First => self.cores.first().copied(),
            Place::Second => self.cores.get(1).copied(),
        }
    }

    /// Runs that many passes on this thread; says how many nanoseconds each took in the mean.
    pub(crate) fn alone(&self, pass: &Pass, passes: u64) -> f64 {
        let start = Instant::now();
        for _ in 0..passes {
            pass();
        }
        mean(start.elapsed(), passes)
    }

    /// Runs that many passes on this thread while the other one does the same all the time; says
    /// how many nanoseconds each took in the mean, and how many there were.
    pub(crate) fn together(&self, pass: &Pass, passes: u64) -> (f64, u64) {
        let gate = Arc::new(Gate::default());
        let job = Job { pass: Arc::clone(pass), gate: Arc::clone(&gate) };
        self.jobs.send(job).expect("the other thread waits for jobs");
        gate.wait_for_two();
        let here = self.alone(pass, passes);
        gate.closed.store(true, Ordering::Relaxed);
        let (others, there) = self.reports.recv().expect("the other thread reports every job");
        ((here + mean(there, others)) / 2.0, passes + others)
    }

    /// Runs one pass on the other thread.
    pub(crate) fn elsewhere(&self, pass: &Pass) {
        let gate = Arc::new(Gate::default());
        gate.arrived.store(1, Ordering::Relaxed);
        gate.closed.store(true, Ordering::Relaxed);
        let job = Job { pass: Arc::clone(pass), gate };
        self.jobs.send(job).expect("the other thread waits for jobs");
        self.reports.recv().expect("the other thread reports every job");
    }
}

impl Gate {
    /// Both start at the same moment.
    fn wait_for_two(&self) {
        self.arrived.fetch_add(1, Ordering::AcqRel);
        while self.arrived.load(Ordering::Acquire) < 2 {
            std::hint::spin_loop();
        }
    }
}

/// Binds the calling thread to a CPU, where the system lets us.
pub(crate) fn pin(core: Option<CoreId>) {
    if let Some(core) = core {
        core_affinity::set_for_current(core);
    }
}

fn mean(taken: Duration, passes: u64) -> f64 {
    taken.as_secs_f64() * 1e9 / passes as f64
}

fn until_closed(job: &Job) -> (u64, Duration) {
    job.gate.wait_for_two();
    let start = Instant::now();
    let mut passes = 0;
    loop {
        (job.pass)();
        passes += 1;
        if job.gate.closed.load(Ordering::Relaxed) {
            return (passes, start.elapsed());
        }
    }
}
