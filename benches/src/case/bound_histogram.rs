//! Observing floats by a handle that was resolved before.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const AIMS: [Targets; 2] = [Targets::new(0.3, 1.5), Targets::new(0.12, 1.5)];

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::bound_histogram(),
        peers: vec![
            prometheus_client::bound_histogram(),
            prometheus::bound_histogram(),
            measured::bound_histogram(),
            metrics::bound_histogram(),
        ],
        limit: Some(limit::recording::bound_histogram()),
    };
    let rows = contest.on_one_and_two_threads(bench, "bound histogram", AIMS);
    Findings { rows, ..Findings::default() }
}
