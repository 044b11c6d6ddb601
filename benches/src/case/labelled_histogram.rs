//! Observing floats by one open label that is looked up in each call.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

const AIMS: [Targets; 2] = [Targets::new(0.3, 2.0), Targets::new(0.2, 2.0)];

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::labelled_histogram(),
        peers: vec![
            prometheus_client::labelled_histogram(),
            prometheus::labelled_histogram(),
            measured::labelled_histogram(),
            metrics::labelled_histogram(),
        ],
        limit: Some(limit::recording::labelled_histogram()),
    };
    let rows = contest.on_one_and_two_threads(bench, "histogram with one label a call", AIMS);
    Findings { rows, ..Findings::default() }
}
