//! Work on several threads at once.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads wait for a disk at once: what they wait for, it does together.
const WAITING: usize = 8;

/// Does something for each number from zero on, in whatever order; gives what came of it in order.
pub(crate) fn spread<T: Send>(number: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    over(thread::available_parallelism().map_or(1, NonZero::get), number, of)
}

/// The same for what takes a disk more time than a processor.
pub(crate) fn spread_waiting<T: Send>(number: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    over(WAITING, number, of)
}

fn over<T: Send>(threads: usize, number: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= number {
                return done;
            }
            done.push((at, of(at)));
        }
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(number)).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for worker in workers {
            match worker.join() {
                Ok(others) => done.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
