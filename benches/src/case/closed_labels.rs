//! Counting by two closed labels, which are enums wherever the interface knows them.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const AIMS: [Targets; 2] = [Targets::new(0.2, 2.0), Targets::new(0.1, 2.0)];

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::closed_labels(),
        peers: vec![
            prometheus_client::closed_labels(),
            prometheus::static_labels(),
            prometheus::closed_labels(),
            measured::closed_labels(),
            metrics::closed_labels(),
        ],
        limit: Some(limit::recording::closed_labels()),
    };
    let rows = contest.on_one_and_two_threads(bench, "closed enums a call", AIMS);
    Findings { rows, ..Findings::default() }
}
