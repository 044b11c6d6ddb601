//! Timing: the observation of a duration alone, and with the clock read before and after.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::measure::Load;
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const OBSERVATION: Targets = Targets::new(0.2, 2.0);

pub(crate) fn run(bench: &Bench) -> Findings {
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
    let timer = Contest {
        ours: ours::timer(),
        peers: vec![
            prometheus_client::timer(),
            prometheus::timer(),
            measured::timer(),
            metrics::timer(),
        ],
        // Two readings of the time-stamp counter.
        limit: Some(limit::recording::timer()),
    };
    let clock = if cfg!(feature = "tsc") { "time-stamp counter" } else { "`Instant`" };
    let row = |contest: Contest, title: String, targets| {
        contest.checked(bench).row(bench, Load::OneThread, title, targets)
    };
    let rows = vec![
        row(observation, "timer's observation without the clock".to_owned(), OBSERVATION),
        row(timer, format!("timer, started and stopped, {clock}"), Targets::default()),
    ];
    Findings { rows, ..Findings::default() }
}
