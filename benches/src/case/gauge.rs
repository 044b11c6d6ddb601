//! Setting a gauge.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::measure::Load;
use crate::peer::{measured, metrics, prometheus, prometheus_client};
use crate::report::Findings;
use crate::{limit, ours};

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest = Contest {
        ours: ours::gauge(),
        peers: vec![
            prometheus_client::gauge(),
            prometheus::gauge(),
            measured::gauge(),
            metrics::gauge(),
        ],
        limit: Some(limit::recording::gauge()),
    };
    let title = "gauge set".to_owned();
    let row = contest.checked(bench).row(bench, Load::OneThread, title, Targets::new(1.2, 1.2));
    Findings { rows: vec![row], ..Findings::default() }
}
