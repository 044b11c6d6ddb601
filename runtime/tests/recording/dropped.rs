//! What is dropped is counted.

use std::time::Duration;

use streamhouse_metrics::__private::on::{Component, Counter, Histogram, Kind, Metric, Number};

use crate::support::{EMPTY, errors, metric, plain, registered, samples};

static DROPS: Component = Component {
    name: "drops",
    sets: &[&[]],
    metrics: &[
        metric("drops_amount", Kind::Counter, Number::Float, 0),
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("drops_degrees", Kind::Histogram, Number::Float, 0)
        },
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("drops_seconds", Kind::Histogram, Number::Duration, 0)
        },
        Metric { exemplars: true, ..metric("drops_traced", Kind::Counter, Number::Integer, 0) },
    ],
    errors: errors("drops_metrics_errors"),
    ..EMPTY
};

#[test]
fn bad_values_and_bad_exemplars() {
    let (registry, recorder) = registered(&DROPS);
    let amount: Counter<'_, f64, _> = plain::<0, _>(&recorder, 0);
    let degrees: Histogram<'_, f64, _> = plain::<0, _>(&recorder, 1);
    let seconds: Histogram<'_, Duration, _> = plain::<0, _>(&recorder, 2);
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        amount.inc_by(bad);
        degrees.observe(bad);
        seconds.observe_seconds(bad);
    }
    let traced: Counter<'_, u64, _, true> = plain::<0, _>(&recorder, 3);
    let long = "x".repeat(129);
    for bad in [&[("1st", "a")][..], &[("a", &long)], &[("a", "1"), ("a", "2")], &[("", "")]] {
        traced.inc_by_with_exemplar(1, bad);
    }
    let samples = samples(&registry);
    for expected in [
        "drops_amount_total 0.0",
        "drops_degrees_count 0",
        "drops_seconds_count 0",
        // The events themselves count.
        "drops_traced_total 4",
        r#"drops_metrics_errors_total{reason="invalid_value"} 9"#,
        r#"drops_metrics_errors_total{reason="invalid_exemplar"} 4"#,
    ] {
        assert!(samples.iter().any(|line| line == expected), "{expected}\n{samples:#?}");
    }
}

#[test]
fn totals_wrap_and_sums_saturate_without_a_panic() {
    let (registry, recorder) = registered(&DROPS);
    let traced: Counter<'_, u64, _, true> = plain::<0, _>(&recorder, 3);
    traced.inc_by(u64::MAX);
    traced.inc_by(2);
    assert_eq!(traced.get(), 1);
    let seconds: Histogram<'_, Duration, _> = plain::<0, _>(&recorder, 2);
    seconds.observe(Duration::MAX);
    seconds.observe(Duration::MAX);
    assert_eq!(seconds.count(), 2);
    assert!(registry.to_text().ends_with("# EOF\n"));
}
