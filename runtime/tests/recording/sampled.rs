//! A sampled histogram counts one of so many observations, for all of them.

use streamhouse_metrics::__private::on::{Component, Histogram, Kind, Metric, Number};

use crate::support::{By, EMPTY, metric, open, overflow, plain, registered, samples, text};

const SAMPLE: u32 = 16;

static SAMPLED: Component = Component {
    name: "sampled",
    sets: &[&[]],
    metrics: &[Metric {
        buckets: &[(0.5, "0.5")],
        sample: SAMPLE,
        ..metric("sampled_ratio", Kind::Histogram, Number::Float, 0)
    }],
    ..EMPTY
};

#[test]
fn count_and_sum_are_estimates() {
    const OBSERVATIONS: u32 = 1_000_000;
    let (registry, recorder) = registered(&SAMPLED);
    let ratio: Histogram<'_, f64, _> = plain::<0, _>(&recorder, 0);
    for observation in 0..OBSERVATIONS / 2 {
        ratio.observe(f64::from(observation % 2));
    }
    ratio.observe_all((0..OBSERVATIONS / 2).map(|observation| f64::from(observation % 2)));
    // Each counts `SAMPLE` times with a probability of one in so many: six standard deviations.
    let deviation = (f64::from(OBSERVATIONS) * f64::from(SAMPLE - 1)).sqrt();
    let off = |estimate: f64, truth: u32| (estimate - f64::from(truth)).abs();
    assert!(off(ratio.count() as f64, OBSERVATIONS) < 6.0 * deviation, "{}", ratio.count());
    assert!(off(ratio.sum(), OBSERVATIONS / 2) < 6.0 * deviation, "{}", ratio.sum());
    assert_eq!(ratio.count() % u64::from(SAMPLE), 0);

    let samples = samples(&registry);
    let number = |name: &str| {
        let line = samples.iter().find_map(|line| line.strip_prefix(name)).expect("a sample");
        line.parse::<u64>().expect("a number")
    };
    let all = number("sampled_ratio_count ");
    assert_eq!(number("sampled_ratio_bucket{le=\"+Inf\"} "), all);
    assert!(number("sampled_ratio_bucket{le=\"0.5\"} ") < all);
}

static LIMITED: Component = Component {
    name: "sampled",
    labels: &[open("topic", 1)],
    sets: &[&[0]],
    metrics: &[Metric {
        buckets: &[(0.5, "0.5")],
        sample: SAMPLE,
        ..metric("sampled_ratio", Kind::Histogram, Number::Float, 0)
    }],
    overflow: overflow("sampled_overflow", &["topic"]),
    ..EMPTY
};

/// The count of what is past the limit says as much as the count of the series that it went to.
#[test]
fn an_overflow_is_estimated_too() {
    let (registry, recorder) = registered(&LIMITED);
    for number in 0..10_000 {
        let topic = if number < 5000 { "first" } else { "second" };
        let ratio: Histogram<'_, f64, By<'_, 0, 1>> = text(&recorder, 0, topic);
        ratio.observe(1.0);
    }
    let samples = samples(&registry);
    let number = |start: &str| {
        let value = samples.iter().find_map(|line| line.strip_prefix(start)).expect("a sample");
        value.parse::<u64>().expect("a number")
    };
    let overflown = number("sampled_ratio_count{topic=\"__overflow__\"} ");
    assert!(overflown > 0);
    assert_eq!(number("sampled_overflow_total{label=\"topic\"} "), overflown);
}
