//! How candidates are measured beside each other.
//!
//! In every round each candidate runs once, and the next round starts with the next one. What
//! disturbs the machine for a while so disturbs all of them, and a ratio is the median of the
//! rounds' ratios, not the ratio of two medians.

use std::time::Duration;

use crate::candidate::Candidate;
use crate::thread::Threads;

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// What one candidate gets of a round.
    pub(crate) slice: Duration,
}

/// On how many threads a candidate records at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    OneThread,
    TwoThreads,
}

/// What a candidate took, in nanoseconds a call, by rounds; `None` where it sat out.
pub(crate) type Times = Vec<Option<f64>>;

/// A candidate whose single pass takes longer than so many slices sits out most rounds.
const PATIENCE: f64 = 20.0;

/// Measures candidates beside each other.
pub(crate) fn measure(
    threads: &Threads,
    plan: Plan,
    load: Load,
    candidates: &[&Candidate],
) -> Vec<Times> {
    let shares: Vec<Share> =
        candidates.iter().map(|candidate| share(threads, plan, load, candidate)).collect();
    let mut times = vec![Times::new(); candidates.len()];
    for round in 0..plan.rounds {
        for turn in 0..candidates.len() {
            let position = (round + turn) % candidates.len();
            let (candidate, share) = (candidates[position], shares[position]);
            times[position].push(
                round
                    .is_multiple_of(share.every)
                    .then(|| run(threads, load, candidate, share.passes) / candidate.calls as f64),
            );
        }
    }
    times
}

/// What a candidate does in a round that it takes part in.
#[derive(Clone, Copy)]
struct Share {
    passes: u64,
    every: usize,
}

/// Finds by trying how many passes fill a slice; that warms up everything too.
fn share(threads: &Threads, plan: Plan, load: Load, candidate: &Candidate) -> Share {
    let slice = plan.slice.as_secs_f64() * 1e9;
    let mut passes = 1;
    loop {
        let pass = run(threads, load, candidate, passes);
        if pass * passes as f64 >= slice / 4.0 {
            let every = (pass / (slice * PATIENCE)).ceil().max(1.0);
            return Share { passes: ((slice / pass) as u64).max(1), every: every as usize };
        }
        passes *= 4;
    }
}

/// How many nanoseconds a pass took in the mean of that many.
fn run(threads: &Threads, load: Load, candidate: &Candidate, passes: u64) -> f64 {
    let (pass, passes) = match load {
        Load::OneThread => (threads.alone(&candidate.pass, passes), passes),
        Load::TwoThreads => threads.together(&candidate.pass, passes),
    };
    candidate.passes.set(candidate.passes.get() + passes);
    candidate.settle();
    pass
}

/// Records on two threads at once, and aborts if anything is lost.
pub(crate) fn check(threads: &Threads, candidate: &Candidate) {
    run(threads, Load::TwoThreads, candidate, 64);
    candidate.check();
}

/// The middle one.
pub(crate) fn median(times: &Times) -> f64 {
    middle(times.iter().flatten().copied().collect())
}

/// The middle one of the rounds' ratios.
pub(crate) fn ratio(ours: &Times, theirs: &Times) -> f64 {
    let rounds = ours.iter().zip(theirs);
    middle(rounds.filter_map(|(ours, theirs)| Some((*ours)? / (*theirs)?)).collect())
}

/// The middle one, or not a number where there is none.
pub(crate) fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_rounds_that_both_took_part_in() {
        let ours = vec![Some(1.0), Some(2.0), Some(30.0), Some(4.0)];
        let theirs = vec![Some(2.0), None, Some(10.0), Some(4.0)];
        assert_eq!(ratio(&ours, &theirs), 1.0);
        assert_eq!(median(&theirs), 4.0);
    }
}
