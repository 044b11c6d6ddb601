//! promtool runs the generated tests of every alert; and tests that let a mistake pass are found out.

use std::collections::BTreeSet;
use std::fs;

use streamhouse_metrics_codegen::trials;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Condition;
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
    // `and` takes series that agree in all labels: where one side says which objective it is of,
    // the others need not.
    let catalog = catalog();
    let of_objectives = catalog.alerts.iter().zip(&trials).flat_map(|(alert, trial)| {
        let of_objective = match alert.condition {
            Condition::Burn { slo, .. } => Some(format!("no `slo=\"{}\"`", catalog.slos[slo].id)),
            _ => None,
        };
        let mistakes = trial.mutants.iter().map(|(mistake, _)| mistake);
        let is_equivalent = move |mistake: &&String| {
            of_objective.as_ref().is_some_and(|equivalent| mistake.starts_with(equivalent))
        };
        mistakes.filter(is_equivalent).map(|mistake| (alert.name.clone(), mistake.clone()))
    });
    let equivalent: BTreeSet<_> = equivalent.chain(of_objectives).collect();
    assert_eq!(survivors, equivalent, "of {mutants} mutants");
}

/// The sample of docs/alerting.md says what its text says of it.
#[test]
fn the_sample_of_the_document() {
    let document = fs::read_to_string(workspace_root().join("docs/alerting.md")).expect("a text");
    let sample = document.split("```toml\n").nth(1).and_then(|rest| rest.split_once("\n```"));
    let (sample, _) = sample.expect("a sample");
    let checked = streamhouse_metrics_spec::check_text(sample).expect("in order");
    let checked = streamhouse_metrics_codegen::check(checked).expect("in order");
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let trials = trials(&checked.catalog);
    let names: Vec<_> = trials.iter().map(|trial| &*trial.alert).collect();
    let expected = [
        "OrdersWait",
        "OrdersPileUp",
        "OrdersFail",
        "OrdersAreSlow",
        "CheckoutDown",
        "CheckoutDepthAbsent",
    ];
    assert_eq!(names, expected);
    let conditions = [
        (0, "max by (store) (shop_checkout_depth) > 100"),
        (2, "sum by (store) (rate(shop_checkout_order_errors_total[5m])) > 0.5"),
        (
            3,
            "histogram_quantile(0.99, sum by (store, le) \
             (rate(shop_checkout_order_duration_seconds_bucket[5m]))) > 1",
        ),
    ];
    for (at, condition) in conditions {
        assert!(
            trials[at].rules.contains(&format!("expr: \"{condition}\"")),
            "{}",
            trials[at].rules
        );
        assert!(document.contains(&format!("`{condition}`")), "{condition}");
    }
    assert_eq!(survivors(&trials.iter().collect::<Vec<_>>()), [].into());
}
