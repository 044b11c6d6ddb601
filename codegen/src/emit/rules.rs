//! `prometheus/rules/`: a file of alerts for each component, and one of what is recorded.

use super::Artifact;
use crate::promql::Results;
use crate::rules;
use crate::text::PREAMBLE;

/// Makes the rule files.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let files = rules::files(results).into_iter();
    let artifacts = files.map(|file| Artifact {
        path: format!("prometheus/rules/{}.yml", file.name),
        text: format!("# {PREAMBLE}\ngroups:\n{}", rules::yaml(&file.groups, 2)),
    });
    artifacts.collect()
}
