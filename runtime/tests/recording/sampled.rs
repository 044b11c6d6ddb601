//! A sampled histogram counts one of so many observations, for all of them.

use streamhouse_metrics::__private::on::{Component, Histogram, Kind, Metric, Number};

use crate::support::{EMPTY, metric, plain, registered, samples};

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
    for observation in 0..OBSERVATIONS {
        ratio.observe(f64::from(observation % 2));
    }
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
