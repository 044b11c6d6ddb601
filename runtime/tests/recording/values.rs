//! What handles do with ordinary values, and with values that would poison a total.

use std::thread;
use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Info, Kind, Metric, Number, Recorder,
};

use crate::support::{By, EMPTY, metric, open, plain, registered, samples, text};

static VALUES: Component = Component {
    name: "values",
    labels: &[open("topic", 10)],
    sets: &[&[0], &[]],
    metrics: &[
        metric("values_count", Kind::Counter, Number::Integer, 0),
        metric("values_amount", Kind::Counter, Number::Float, 1),
        metric("values_level", Kind::Gauge, Number::Float, 1),
        metric("values_state", Kind::Info, Number::Integer, 0),
        Metric {
            buckets: &[(0.25, "0.25"), (1.0, "1.0")],
            ..metric("values_degrees", Kind::Histogram, Number::Float, 1)
        },
        Metric {
            buckets: &[(1e-7, "1e-7"), (2.5e-6, "0.0000025"), (1e5, "100000.0")],
            ..metric("values_seconds", Kind::Histogram, Number::Duration, 1)
        },
    ],
    ..EMPTY
};

fn degrees(recorder: &Recorder) -> Histogram<'_, f64, By<'_, 1, 0>> {
    plain(recorder, 4)
}

fn seconds(recorder: &Recorder) -> Histogram<'_, Duration, By<'_, 1, 0>> {
    plain(recorder, 5)
}

#[test]
fn bad_increments_are_dropped() {
    let (_registry, recorder) = registered(&VALUES);
    let amount: Counter<'_, f64, _> = plain::<1, _>(&recorder, 1);
    for increment in [1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -0.0] {
        amount.inc_by(increment);
    }
    assert_eq!(amount.get(), 1.5);
}

#[test]
fn bad_observations_are_dropped() {
    let (_registry, recorder) = registered(&VALUES);
    for observation in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.5, 7.0] {
        degrees(&recorder).observe(observation);
    }
    assert_eq!((degrees(&recorder).count(), degrees(&recorder).sum()), (2, 7.5));

    for observation in [f64::NAN, f64::INFINITY, -1e-3, 1e300, 0.25] {
        seconds(&recorder).observe_seconds(observation);
    }
    assert_eq!((seconds(&recorder).count(), seconds(&recorder).sum()), (1, 0.25));
}

#[test]
fn an_observation_on_a_bound_is_within_it() {
    let (registry, recorder) = registered(&VALUES);
    for nanoseconds in [100, 101, 2_500, 2_501] {
        seconds(&recorder).observe(Duration::from_nanos(nanoseconds));
    }
    seconds(&recorder).observe(Duration::from_secs(100_000));
    let samples = samples(&registry);
    let buckets: Vec<_> =
        samples.iter().filter_map(|line| line.strip_prefix("values_seconds_bucket")).collect();
    let expected =
        [r#"{le="1e-7"} 1"#, r#"{le="0.0000025"} 3"#, r#"{le="100000.0"} 5"#, r#"{le="+Inf"} 5"#];
    assert_eq!(buckets, expected);
}

/// More than are taken together, in every order of buckets.
#[test]
fn observations_together_are_those_one_at_a_time() {
    let (together, recorder) = registered(&VALUES);
    let nanoseconds = (0..1_000_u64).map(|number| number * number * 7_919 % 5_000_001);
    seconds(&recorder).observe_all(nanoseconds.clone().map(Duration::from_nanos));
    let halves = (0..130).map(|number| f64::from(number) / 2.0);
    let bad = [f64::NAN, f64::INFINITY, -1.0];
    degrees(&recorder).observe_all(halves.clone().chain(bad));
    degrees(&recorder).observe_all([]);

    let (alone, recorder) = registered(&VALUES);
    nanoseconds.for_each(|number| seconds(&recorder).observe(Duration::from_nanos(number)));
    halves.chain(bad).for_each(|number| degrees(&recorder).observe(number));
    assert_eq!(samples(&together), samples(&alone));
    assert_eq!(seconds(&recorder).count(), 1_000);
}

#[test]
fn a_series_is_exposed_from_its_first_recording() {
    let (registry, recorder) = registered(&VALUES);
    let exposed = |name: &str| samples(&registry).iter().any(|line| line.starts_with(name));
    // Without labels, counters and histograms are there from the start.
    assert!(exposed("values_amount_total 0.0") && exposed("values_degrees_count 0"));
    assert!(!exposed("values_level") && !exposed("values_count") && !exposed("values_state"));

    let count: Counter<'_, u64, _> = text::<0, _>(&recorder, 0, "a");
    let state: Info<'_, _> = text::<0, _>(&recorder, 3, "a");
    let level: Gauge<'_, f64, _> = plain::<1, _>(&recorder, 2);
    assert!(!exposed("values_level") && !exposed("values_count") && !exposed("values_state"));

    count.init();
    assert!(exposed(r#"values_count_total{topic="a"} 0"#));
    level.set(0.0);
    assert!(exposed("values_level 0.0"));
    state.set();
    assert!(state.is_set() && exposed(r#"values_state_info{topic="a"} 1"#));
}

#[test]
fn gauges_go_up_and_down() {
    let (_registry, recorder) = registered(&VALUES);
    let level: Gauge<'_, f64, _> = plain::<1, _>(&recorder, 2);
    level.set(10.0);
    level.inc();
    level.dec();
    level.add(0.5);
    level.sub(2.5);
    assert_eq!(level.get(), 8.0);
}

#[test]
fn a_timer_records_on_drop_on_stop_and_not_when_discarded() {
    let (_registry, recorder) = registered(&VALUES);
    let wait = Duration::from_millis(5);
    {
        let _timer = seconds(&recorder).start_timer();
        thread::sleep(wait);
    }
    assert_eq!(seconds(&recorder).count(), 1);
    assert!(seconds(&recorder).sum() >= wait.as_secs_f64());

    let elapsed = {
        let timer = seconds(&recorder).start_timer();
        thread::sleep(wait);
        timer.stop()
    };
    assert_eq!(seconds(&recorder).count(), 2);
    assert!(elapsed >= wait);

    seconds(&recorder).start_timer().discard();
    assert_eq!(seconds(&recorder).count(), 2);
}

#[test]
fn a_timer_records_while_a_thread_unwinds() {
    let (_registry, recorder) = registered(&VALUES);
    let worker = recorder.clone();
    let outcome = thread::spawn(move || {
        let _timer = seconds(&worker).start_timer();
        panic!("on purpose: the timer must survive it");
    })
    .join();
    assert!(outcome.is_err());
    assert_eq!(seconds(&recorder).count(), 1);
}
