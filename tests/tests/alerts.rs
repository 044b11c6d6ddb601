//! promtool runs the generated tests of every alert; and tests that let a mistake pass are found out.

use std::collections::BTreeSet;

use streamhouse_metrics_codegen::trials;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_tests::{
    accepted, generated_files, promtool_test_rules, survivors, workspace_root,
};

/// Mutants that differ from their alert in nothing that anybody could see, each with the reason.
const EQUIVALENT: [(&str, &str, &str); 2] = [
    (
        "NoActivePartitions",
        "`max` for `sum` of `streamhouse_agent_active_partitions`",
        "the sum of what is never below zero is above zero where the largest is",
    ),
    (
        "ConsumerStalled",
        "`max` for `sum` of `rate(streamhouse_consumer_records_consumed_total[5m])`",
        "the sum of what is never below zero is above zero where the largest is",
    ),
];

fn catalog() -> Catalog {
    let specification = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    specification.expect("metrics.toml is in order").catalog
}

#[test]
fn the_generated_tests_pass() {
    let files = generated_files(".yml").into_iter();
    let is_test =
        |path: &std::path::Path| path.parent().is_some_and(|folder| folder.ends_with("tests"));
    let tests: Vec<_> = files.filter(|(path, _)| is_test(path)).collect();
    assert!(tests.len() >= 3);
    for (path, _) in &tests {
        accepted(promtool_test_rules(path));
    }
    // A test of an alert that is not there passes when it expects nothing.
    let all: String = tests.into_iter().map(|(_, text)| text).collect();
    for alert in catalog().alerts {
        let name = format!("alertname: \"{}\"\n        exp_alerts:", alert.name);
        let expectations: BTreeSet<_> =
            all.split(&name).skip(1).map(|rest| rest.starts_with(" []")).collect();
        assert_eq!(expectations.len(), 2, "{} must fire and rest", alert.name);
    }
}

#[test]
fn every_mutant_is_refused() {
    let trials = trials(&catalog());
    let mutants: usize = trials.iter().map(|trial| trial.mutants.len()).sum();
    assert!(mutants > 50, "{mutants} mutants");
    let survivors = survivors(&trials.iter().collect::<Vec<_>>());
    let equivalent =
        EQUIVALENT.iter().map(|(alert, mistake, _)| ((*alert).to_owned(), (*mistake).to_owned()));
    assert_eq!(survivors, equivalent.collect(), "of {mutants} mutants");
}
