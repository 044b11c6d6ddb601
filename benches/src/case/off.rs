//! Recording without the feature, beside a loop without a call.
//!
//! That no instruction is left is proven by comparing assembly, in the tests of the derive; here
//! stands only what that looks like on a clock.

use super::Bench;
use crate::contest::{Contest, Targets};
use crate::measure::Load;
use crate::report::Findings;
use crate::{limit, ours};

pub(crate) fn run(bench: &Bench) -> Findings {
    let contest =
        Contest { ours: ours::off(), peers: Vec::new(), limit: Some(limit::recording::empty()) };
    let title = "two labels a call, feature off, beside an empty loop".to_owned();
    // An aim of 1.0 would be missed every other time.
    let targets = Targets { peer: None, limit: Some(1.05) };
    let row = contest.row(bench, Load::OneThread, title, targets);
    Findings { rows: vec![row], ..Findings::default() }
}
