//! `prometheus/rules/`: a file of alerts for each component, and one of what is recorded; and
//! `prometheus/tests/`, with tests of each file of alerts and of what is recorded of SLOs.

use super::{Artifact, Sources};
use crate::rules::RuleFile;
use crate::spread::spread;
use crate::text::PREAMBLE;
use crate::{rules, testing};

/// Makes the rule files.
pub(super) fn emit(sources: &Sources<'_>) -> Vec<Artifact> {
    let (results, files) = (&sources.results, sources.rules());
    let artifacts = files.iter().map(|file| Artifact {
        path: path(file),
        text: format!("# {PREAMBLE}\ngroups:\n{}", rules::yaml(&file.groups, 2)),
    });
    let tests = sources.tests();
    let tests = spread(tests.len(), |at| Artifact {
        path: format!("prometheus/tests/{}.yml", tests[at].name),
        text: testing::text(&tests[at]),
    });
    let catalog = results.catalog();
    let proofs = catalog.slos.iter().map(|slo| Artifact {
        path: format!("prometheus/tests/{}.yml", rules::slo::recording_file(catalog, slo)),
        text: rules::slo::proof(catalog, slo),
    });
    artifacts.chain(tests).chain(proofs).collect()
}

/// The place of a rule file.
pub(super) fn path(file: &RuleFile) -> String {
    format!("prometheus/rules/{}.yml", file.name)
}
