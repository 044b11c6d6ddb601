//! promtool runs the generated tests of every alert; and tests that let a mistake pass are found out.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use streamhouse_metrics_codegen::{Trial, trials};
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Condition;
use streamhouse_metrics_tests::{
    Verdict, accepted, generated_files, promtool_test_rules, scratch_folder, workspace_root,
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

/// What promtool says of an alert's tests when its rule file is this.
fn verdict(trial: &Trial, rules: &str) -> Verdict {
    let folder = scratch_folder();
    for name in ["rules", "tests"] {
        fs::create_dir(folder.path().join(name)).expect("a scratch folder can be made");
    }
    fs::write(folder.path().join("rules/alert.yml"), rules).expect("writable");
    let tests = folder.path().join("tests/alert.yml");
    fs::write(&tests, &trial.tests).expect("writable");
    promtool_test_rules(&tests)
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
    let jobs: Vec<_> = trials
        .iter()
        .flat_map(|trial| trial.mutants.iter().map(move |mutant| (trial, mutant)))
        .collect();
    assert!(jobs.len() > 50, "{} mutants", jobs.len());
    for trial in &trials {
        accepted(verdict(trial, &trial.rules));
    }
    let (next, survivors) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((trial, (mistake, rules))) =
                    jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if verdict(trial, rules).is_ok() {
                        let survivor = (trial.alert.clone(), mistake.clone());
                        survivors.lock().expect("no thread panics").insert(survivor);
                    }
                }
            });
        }
    });
    let survivors = survivors.into_inner().expect("no thread panics");
    let equivalent =
        EQUIVALENT.iter().map(|(alert, mistake, _)| ((*alert).to_owned(), (*mistake).to_owned()));
    // `and` takes series that agree in all labels: where one side says which objective it is of,
    // the others need not.
    let catalog = catalog();
    let of_objectives = catalog.alerts.iter().filter_map(|alert| match alert.condition {
        Condition::Burn { slo, .. } => {
            let id = &catalog.slos[slo].id;
            Some((alert.name.clone(), format!("no `slo=\"{id}\"`")))
        }
        _ => None,
    });
    let equivalent: BTreeSet<_> = equivalent.chain(of_objectives).collect();
    assert_eq!(survivors, equivalent, "of {} mutants", jobs.len());
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
    for trial in &trials {
        accepted(verdict(trial, &trial.rules));
    }
}
