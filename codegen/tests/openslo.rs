//! Objectives as OpenSLO are read by a reader of others: `slokit`.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::collections::BTreeMap;

use slokit::spec::{Spec, openslo, validate_all};
use streamhouse_metrics_codegen::emit::artifacts;

/// The OpenSLO documents of the sample, by the key of the objective.
fn documents() -> BTreeMap<String, String> {
    let catalog = streamhouse_metrics_spec::check_text(include_str!("specs/slo.toml")).unwrap();
    let files = artifacts(&catalog.catalog, &Default::default(), |name| name == "openslo");
    let key = |path: &str| {
        path.strip_prefix("openslo/").unwrap().strip_suffix(".yml").unwrap().to_owned()
    };
    files.into_iter().map(|(_, file)| (key(&file.path), file.text)).collect()
}

fn read(document: &str) -> Result<(Vec<Spec>, Vec<String>), String> {
    let import = openslo::from_yaml(document).map_err(|error| error.to_string())?;
    let notes = import.notes.into_iter().map(|note| note.message).collect();
    validate_all(&import.specs).map_err(|error| error.to_string())?;
    Ok((import.specs, notes))
}

#[track_caller]
fn check(key: &str, objective: f64, period: &str, bad: &str, all: &str) {
    let (specs, notes) = read(&documents()[key]).unwrap();
    let [Spec { service, slos, .. }] = &specs[..] else { panic!("one service") };
    let [slo] = &slos[..] else { panic!("one objective") };
    assert_eq!((&**service, &*slo.name), ("shop", &*key.replace('_', "-")));
    assert_eq!((slo.objective, slo.period.as_deref()), (objective, Some(period)));
    // It takes windows of its own for ours.
    let events = slo.sli.events.as_ref().unwrap();
    let plain = |query: &str| {
        let words: Vec<_> = query.split_whitespace().collect();
        words.join(" ").replace("{{.window}}", "5m")
    };
    assert_eq!(plain(&events.error_query), bad);
    assert_eq!(plain(&events.total_query), all);
    let is_lost = |note: &&String| !note.contains("displayName") && !note.contains("window");
    assert_eq!(notes.iter().find(is_lost), None);
}

#[test]
fn two_counters() {
    check(
        "order_success",
        99.9,
        "30d",
        "sum by (store) (rate(shop_checkout_order_errors_total[5m])) or \
         0 * sum by (store) (rate(shop_checkout_orders_total[5m]))",
        "(sum by (store) (rate(shop_checkout_orders_total[5m])) or \
         0 * sum by (store) (rate(shop_checkout_order_errors_total[5m]))) + \
         (sum by (store) (rate(shop_checkout_order_errors_total[5m])) or \
         0 * sum by (store) (rate(shop_checkout_orders_total[5m])))",
    );
}

#[test]
fn values_of_a_label() {
    check(
        "delivery",
        97.5,
        "28d",
        "sum(rate(shop_checkout_deliveries_total{status!=\"ok\"}[5m])) or \
         0 * sum(rate(shop_checkout_deliveries_total[5m]))",
        "sum(rate(shop_checkout_deliveries_total[5m]))",
    );
}

#[test]
fn a_time() {
    check(
        "payment_latency",
        99.95,
        "28d",
        "sum by (store) (rate(shop_checkout_payment_duration_seconds_count[5m])) - \
         sum by (store) (rate(shop_checkout_payment_duration_seconds_bucket{le=~\"1\\\\.0|1\"}[5m]))",
        "sum by (store) (rate(shop_checkout_payment_duration_seconds_count[5m]))",
    );
}

/// It says of no other key that it does not know it, only of the method.
#[test]
fn a_gauge_is_of_a_method_that_the_reader_does_not_have() {
    let document = &documents()["queue"];
    let refused = read(document).unwrap_err();
    assert!(
        refused.contains("spec.budgetingMethod 'Timeslices' is not representable"),
        "{refused}"
    );
    // What is left is read as far as its metric, which is no histogram there.
    let counted = document.replace("Timeslices", "Occurrences");
    let refused = read(&counted).unwrap_err();
    assert!(refused.contains("thresholdMetric"), "{refused}");
}

#[test]
fn a_document_that_is_wrong_is_refused() {
    let documents = documents();
    let document = &documents["order_success"];
    for (right, wrong) in [
        ("openslo/v1", "openslo/v9"),
        ("targetPercent: 99.9", "targetPercent: 999"),
        ("duration: \"30d\"", "duration: \"1M\""),
        ("ratioMetric", "rationMetric"),
        ("metricSource", "source"),
    ] {
        assert!(document.contains(right), "{right}");
        assert!(read(&document.replace(right, wrong)).is_err(), "{wrong}");
    }
}
