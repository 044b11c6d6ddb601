//! Work on all processors: alerts do not depend on each other.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::promql::Results;

/// How much work is too little to be spread.
const FEW: usize = 16;

/// Does something for each number from zero on, in whatever order; gives what came of it in order.
pub(crate) fn spread<T: Send>(
    results: &Results<'_>,
    number: usize,
    of: impl Fn(&Results<'_>, usize) -> T + Sync,
) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    if number < FEW || processors == 1 {
        return (0..number).map(|at| of(results, at)).collect();
    }
    let next = AtomicUsize::new(0);
    let (catalog, handwritten) = results.sources();
    let work = || {
        // What was asked before is remembered by each on its own.
        let results = Results::new(catalog, handwritten);
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= number {
                return done;
            }
            done.push((at, of(&results, at)));
        }
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (1..processors).map(|_| scope.spawn(work)).collect();
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
