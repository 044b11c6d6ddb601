//! Counting by a handle that was resolved before.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const AIMS: [Targets; 2] = [Targets::new(0.15, 2.0), Targets::new(0.08, 2.0)];

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::bound_counter(),
        peers: vec![
            prometheus_client::bound_counter(),
            prometheus::bound_counter(),
            measured::bound_counter(),
            metrics::bound_counter(),
        ],
        limit: Some(limit::recording::bound_counter()),
    };
    let rows = contest.on_one_and_two_threads(bench, "bound counter", AIMS);
    Findings { rows, ..Findings::default() }
}
