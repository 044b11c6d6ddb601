//! promtool accepts the tests that follow from alerts of every shape that people write, whatever the
//! service; where none follow, it is said why.
//!
//! That the tests refuse every mutant of these alerts is tried by the target `long`, of a third of the
//! alerts whenever tests run.

mod corpus;

use streamhouse_metrics_codegen::{check, trials};
use streamhouse_metrics_spec::check_text;
use streamhouse_metrics_tests::survivors;

use corpus::{ALERTS, followed};

/// Tests of what none follow for.
const WRITTEN: &str = include_str!("written.toml");

/// What is said where none follow.
const UNCOVERED: &[&str] = &[
    "no test can be made for `GroupOf`: a value that cannot be had",
    "no test can be made for `QuantileFirst`: a value that cannot be had",
    "no test can be made for `CountOverTime`: a value that cannot be had",
    "no test can be made for `PresentOverTime`: a value that cannot be had",
    "no test can be made for `BackupOld`: this function",
    "no test can be made for `CertificateEnds`: this function",
    "no test can be made for `Restarted`: this function",
    "no test can be made for `Resets`: this function",
    "no test can be made for `Derivative`: this function",
    "no test can be made for `Forecast`: this function",
    "no test can be made for `ForecastBelow`: this function",
    "no test can be made for `Top`: this aggregation",
    "no test can be made for `QuantileOfGauges`: this aggregation",
    "no test can be made for `Deviation`: this aggregation",
    "no test can be made for `DeviationOverTime`: this function",
    "no test can be made for `Offset`: another time",
    "no test can be made for `Subquery`: this range",
    "no test can be made for `Replaced`: this function",
    "no test can be made for `Hours`: a condition that reads no series",
];

#[test]
fn what_has_no_tests_says_why() {
    let rejected = check(check_text(ALERTS).expect("true as far as it goes"));
    let diagnostics = rejected.expect_err("some alerts have no tests").diagnostics;
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.rule.id == "uncovered");
    let messages: Vec<_> = errors.map(|error| &*error.message).collect();
    assert_eq!(messages, UNCOVERED);
    let both = format!("{ALERTS}\n{WRITTEN}");
    let checked = check(check_text(&both).expect("written tests are tests"));
    let alerts = checked.expect("all have tests").catalog.alerts;
    assert_eq!(alerts.iter().filter(|alert| !alert.tests.is_empty()).count(), messages.len() + 1);
}

#[test]
fn promtool_accepts_every_test() {
    let both = format!("{ALERTS}\n{WRITTEN}");
    let mut trials = trials(&check_text(&both).expect("true as far as it goes").catalog);
    // One mutant of each alert shows that its tests are of that alert, and that it fires.
    trials.iter_mut().for_each(|trial| trial.mutants.retain(|(what, _)| what.starts_with("sev")));
    assert!(trials.len() > followed().len());
    assert_eq!(survivors(&trials.iter().collect::<Vec<_>>()), [].into());
}
