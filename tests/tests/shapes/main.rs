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
    "no test can be made for `GroupOf`: this is a value that cannot be had",
    "no test can be made for `CountOverTime`: this is a value that cannot be had",
    "no test can be made for `PresentOverTime`: this is a value that cannot be had",
    "no test can be made for `BackupOld`: the function `time` is not reproduced",
    "no test can be made for `CertificateEnds`: the function `time` is not reproduced",
    "no test can be made for `Restarted`: the function `changes` is not reproduced",
    "no test can be made for `Resets`: the function `resets` is not reproduced",
    "no test can be made for `Derivative`: the function `deriv` is not reproduced",
    "no test can be made for `Forecast`: the function `predict_linear` is not reproduced",
    "no test can be made for `ForecastBelow`: the function `predict_linear` is not reproduced",
    "no test can be made for `Top`: the aggregation `topk` is not reproduced",
    "no test can be made for `QuantileOfGauges`: the aggregation `quantile` is not reproduced",
    "no test can be made for `Deviation`: the aggregation `stddev` is not reproduced",
    "no test can be made for `DeviationOverTime`: the function `stddev_over_time` is not reproduced",
    "no test can be made for `Offset`: the offset `10m` is not reproduced",
    "no test can be made for `Subquery`: the subquery `sum(rate(depot_web_attempts_total[5m]))[30m:1m]` is not reproduced",
    "no test can be made for `Replaced`: the function `label_replace` is not reproduced",
    "no test can be made for `Hours`: this is a condition that reads no series",
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
    // One says more than what follows, and one always fires, which is another finding.
    assert_eq!(alerts.iter().filter(|alert| !alert.tests.is_empty()).count(), messages.len() + 2);
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
