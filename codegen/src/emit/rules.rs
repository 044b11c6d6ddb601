//! `prometheus/rules/`: a file of alerts for each component, and one of what is recorded; and
//! `prometheus/tests/`, with tests of each file of alerts.

use super::Artifact;
use crate::promql::Results;
use crate::text::PREAMBLE;
use crate::{rules, testing};

/// Makes the rule files.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let files = rules::files(results).into_iter();
    let artifacts = files.map(|file| Artifact {
        path: format!("prometheus/rules/{}.yml", file.name),
        text: format!("# {PREAMBLE}\ngroups:\n{}", rules::yaml(&file.groups, 2)),
    });
    let tests = testing::files(results).into_iter().map(|file| Artifact {
        path: format!("prometheus/tests/{}.yml", file.name),
        text: testing::text(&file),
    });
    artifacts.chain(tests).collect()
}
