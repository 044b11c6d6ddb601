//! Timing: the observation of a duration alone, and with the clock read before and after.

use super::Bench;
use crate::candidate::Candidate;
use crate::contest::{Contest, Targets};
use crate::measure::Load;
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const OBSERVATION: Targets = Targets::new(0.2, 2.0);

pub(crate) fn run(bench: &Bench) -> Findings {
    let row = |contest: Contest, title: &str, targets| {
        contest.checked(bench).row(bench, Load::OneThread, title.to_owned(), targets)
    };
    let observation = Contest {
        ours: ours::bound_duration(),
        peers: vec![
            prometheus_client::bound_duration(),
            prometheus::bound_duration(),
            measured::bound_duration(),
            metrics::bound_duration(),
        ],
        limit: Some(limit::recording::bound_duration()),
    };
    let mut rows = vec![row(observation, "timer's observation without the clock", OBSERVATION)];
    let clocks = match cfg!(feature = "tsc") {
        true => vec![
            (ours::timer(), "by the time-stamp counter"),
            (ours::timer_by_hand(), "by the system's clock"),
        ],
        false => vec![(ours::timer(), "by the system's clock")],
    };
    rows.extend(clocks.into_iter().map(|(ours, clock)| {
        row(pair(ours), &format!("timer started and stopped, {clock}"), Targets::default())
    }));
    Findings { rows, ..Findings::default() }
}

/// Timers, which read the clock twice; at the limit, the time-stamp counter.
fn pair(ours: Candidate) -> Contest {
    Contest {
        ours,
        peers: vec![
            prometheus_client::timer(),
            prometheus::timer(),
            measured::timer(),
            metrics::timer(),
        ],
        limit: Some(limit::recording::timer()),
    }
}
