//! Counting by two open labels that are looked up in each call.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const AIMS: [Targets; 2] = [Targets::new(0.25, 2.0), Targets::new(0.25, 2.0)];

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::two_labels(),
        peers: vec![
            prometheus_client::two_labels(),
            prometheus_client::two_owned_labels(),
            prometheus::two_labels(),
            measured::two_labels(),
            metrics::two_labels(),
        ],
        limit: Some(limit::recording::two_labels()),
    };
    let rows = contest.on_one_and_two_threads(bench, "two labels a call", AIMS);
    Findings { rows, ..Findings::default() }
}
