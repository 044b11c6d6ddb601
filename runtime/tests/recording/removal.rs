//! Series that are removed by hand are gone, and begin anew when somebody records again.

use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Bound, Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::{Format, Registry};

use crate::support::{By, EMPTY, Labels, check, closed, metric, open, registered, samples, text};

static COMPONENT: Component = Component {
    name: "kept",
    labels: &[open("topic", 2), closed("outcome", &["ok", "error"])],
    sets: &[&[0], &[0, 1], &[]],
    metrics: &[
        metric("kept_sent", Kind::Counter, Number::Integer, 0),
        metric("kept_lag", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("kept_seconds", Kind::Histogram, Number::Duration, 0)
        },
        metric("kept_calls", Kind::Counter, Number::Integer, 1),
        metric("kept_ever", Kind::Counter, Number::Integer, 2),
    ],
    ..EMPTY
};

fn sent<'a>(recorder: &'a Recorder, topic: &'a str) -> Counter<'a, u64, By<'a, 0, 1>> {
    text(recorder, 0, topic)
}

fn lag<'a>(recorder: &'a Recorder, topic: &'a str) -> Gauge<'a, i64, By<'a, 0, 1>> {
    text(recorder, 1, topic)
}

fn seconds<'a>(recorder: &'a Recorder, topic: &'a str) -> Histogram<'a, Duration, By<'a, 0, 1>> {
    text(recorder, 2, topic)
}

fn calls<'a>(
    recorder: &'a Recorder,
    topic: &'a str,
    outcome: usize,
) -> Counter<'a, u64, By<'a, 1, 1>> {
    recorder.get(Labels([Value::Text(topic)], outcome), Slot::new(3))
}

fn of_topic(topic: &str) -> Labels<'_, 0, 1> {
    Labels([Value::Text(topic)], 0)
}

fn bound_sent(bound: &Bound) -> Counter<'_, u64> {
    bound.get(Slot::new(0))
}

#[test]
fn all_metrics_of_the_label_set_lose_the_series_and_others_keep_theirs() {
    let (registry, recorder) = registered(&COMPONENT);
    for topic in ["a", "b"] {
        sent(&recorder, topic).inc();
        lag(&recorder, topic).set(1);
        seconds(&recorder, topic).observe(Duration::from_secs(1));
        calls(&recorder, topic, 1).inc();
    }
    assert!(recorder.remove(of_topic("a")));
    let expected = r#"kept_sent_total{topic="b"} 1
kept_lag{topic="b"} 1
kept_seconds_sum{topic="b"} 1.0
kept_seconds_count{topic="b"} 1
kept_seconds_bucket{le="1.0",topic="b"} 1
kept_seconds_bucket{le="+Inf",topic="b"} 1
kept_calls_total{topic="a",outcome="ok"} 0
kept_calls_total{topic="a",outcome="error"} 1
kept_calls_total{topic="b",outcome="ok"} 0
kept_calls_total{topic="b",outcome="error"} 1
kept_ever_total 0"#;
    check(&registry, expected);

    // Whatever closed labels it is called with, all of them go.
    assert!(recorder.remove(Labels::<1, _>([Value::Text("b")], 0)));
    assert!(recorder.remove(of_topic("b")));
    let expected = r#"kept_calls_total{topic="a",outcome="ok"} 0
kept_calls_total{topic="a",outcome="error"} 1
kept_ever_total 0"#;
    check(&registry, expected);
}

#[test]
fn only_what_was_there_is_removed() {
    let (registry, recorder) = registered(&COMPONENT);
    assert!(!recorder.remove(of_topic("a")));
    sent(&recorder, "a").inc();
    assert!(!recorder.remove(of_topic("b")));
    assert!(!recorder.remove(Labels::<1, _>([Value::Text("a")], 0)));
    // What has no open labels stays.
    assert!(!recorder.remove(Labels::<2, _>([], 0)));
    assert!(recorder.remove(of_topic("a")));
    assert!(!recorder.remove(of_topic("a")));
    check(&registry, "kept_ever_total 0");
}

#[test]
fn no_format_shows_it_any_more() {
    let (mut registry, recorder) = registered(&COMPONENT);
    let mut theirs = prometheus_client::registry::Registry::default();
    let beside = Recorder::new(&mut theirs, &COMPONENT);
    for recorder in [&recorder, &beside] {
        sent(recorder, "vanishing").inc();
        lag(recorder, "vanishing").set(3);
        seconds(recorder, "vanishing").observe(Duration::ZERO);
    }
    let is_shown = |registry: &Registry, format: Format| {
        registry.encode(format).windows(9).any(|part| part == b"vanishing")
    };
    let formats = [Format::OpenMetrics, Format::Prometheus, Format::Protobuf];
    assert!(formats.iter().all(|format| is_shown(&registry, *format)));
    recorder.remove(of_topic("vanishing"));
    beside.remove(of_topic("vanishing"));
    assert!(!formats.iter().any(|format| is_shown(&registry, *format)));
    let mut body = String::new();
    prometheus_client::encoding::text::encode(&mut body, &theirs).unwrap();
    assert!(!body.contains("vanishing"));
    // Nor does it come back with a component that is registered again.
    let again = Recorder::new(&mut registry, &COMPONENT);
    assert_eq!(sent(&again, "vanishing").get(), 0);
    check(&registry, "kept_ever_total 0");
}

#[test]
fn who_records_again_begins_anew() {
    let (registry, recorder) = registered(&COMPONENT);
    for round in 1..=3 {
        sent(&recorder, "a").inc_by(round);
        lag(&recorder, "a").add(round as i64);
        seconds(&recorder, "a").observe(Duration::from_secs(round));
        calls(&recorder, "a", 0).inc_by(round);
        assert_eq!((sent(&recorder, "a").get(), lag(&recorder, "a").get()), (round, round as i64));
        assert_eq!(
            (seconds(&recorder, "a").count(), seconds(&recorder, "a").sum()),
            (1, round as f64)
        );
        assert_eq!((calls(&recorder, "a", 0).get(), calls(&recorder, "a", 1).get()), (round, 0));
        assert!(recorder.remove(of_topic("a")));
        assert!(recorder.remove(Labels::<1, _>([Value::Text("a")], 0)));
        check(&registry, "kept_ever_total 0");
    }
}

#[test]
fn a_new_series_in_the_place_of_a_removed_one_has_nothing_of_it() {
    let (registry, recorder) = registered(&COMPONENT);
    sent(&recorder, "a").inc_by(100);
    lag(&recorder, "a").set(100);
    seconds(&recorder, "a").observe(Duration::from_secs(100));
    recorder.remove(of_topic("a"));
    sent(&recorder, "b").inc();
    let expected = "kept_sent_total{topic=\"b\"} 1\nkept_ever_total 0";
    check(&registry, expected);
    lag(&recorder, "b").inc();
    seconds(&recorder, "b").observe(Duration::from_secs(1));
    assert_eq!((lag(&recorder, "b").get(), seconds(&recorder, "b").sum()), (1, 1.0));
}

#[test]
fn the_value_is_given_back_to_its_limit() {
    let (registry, recorder) = registered(&COMPONENT);
    ["a", "b", "c"].iter().for_each(|topic| sent(&recorder, topic).inc());
    // `a` still stands in another label set.
    calls(&recorder, "a", 0).inc();
    recorder.remove(of_topic("a"));
    sent(&recorder, "d").inc();
    assert_eq!(sent(&recorder, "d").get(), 0);
    // Now it does not.
    recorder.remove(Labels::<1, _>([Value::Text("a")], 0));
    sent(&recorder, "e").inc();
    assert_eq!(sent(&recorder, "e").get(), 1);
    let mut samples = samples(&registry);
    samples.sort_unstable();
    let expected = [
        "kept_ever_total 0",
        r#"kept_sent_total{topic="__overflow__"} 2"#,
        r#"kept_sent_total{topic="b"} 1"#,
        r#"kept_sent_total{topic="e"} 1"#,
    ];
    assert_eq!(samples, expected);
}

#[test]
fn the_overflow_series_can_be_removed_like_any_other() {
    let (registry, recorder) = registered(&COMPONENT);
    ["a", "b", "c"].iter().for_each(|topic| sent(&recorder, topic).inc());
    assert!(recorder.remove(of_topic("__overflow__")));
    sent(&recorder, "d").inc();
    let expected = r#"kept_sent_total{topic="a"} 1
kept_sent_total{topic="b"} 1
kept_sent_total{topic="__overflow__"} 1
kept_ever_total 0"#;
    check(&registry, expected);
}

#[test]
fn a_bound_handle_makes_its_series_anew_when_it_records() {
    let (registry, recorder) = registered(&COMPONENT);
    let bound = recorder.bind(of_topic("a"));
    let lag: Gauge<'_, i64> = bound.get(Slot::new(1));
    for round in 1..=3 {
        bound_sent(&bound).inc_by(round);
        lag.set(7);
        assert!(recorder.remove(of_topic("a")));
        // As long as it does not, there is none.
        check(&registry, "kept_ever_total 0");
        assert!(!recorder.remove(of_topic("a")));
    }
    bound_sent(&bound).inc_by(5);
    bound_sent(&bound).inc_by(5);
    lag.add(1);
    // It is the series that everybody else finds.
    sent(&recorder, "a").inc();
    check(&registry, "kept_sent_total{topic=\"a\"} 11\nkept_lag{topic=\"a\"} 1\nkept_ever_total 0");
}

#[test]
fn a_handle_of_a_removed_series_does_not_write_into_another_one() {
    let (registry, recorder) = registered(&COMPONENT);
    let bound = recorder.bind(of_topic("a"));
    let copy = bound.clone();
    bound_sent(&bound).inc();
    recorder.remove(of_topic("a"));
    sent(&recorder, "b").inc_by(100);
    bound_sent(&copy).inc();
    drop(bound);
    sent(&recorder, "b").inc();
    bound_sent(&copy).inc();
    drop(copy);
    sent(&recorder, "b").inc();
    check(
        &registry,
        "kept_sent_total{topic=\"b\"} 102\nkept_sent_total{topic=\"a\"} 2\nkept_ever_total 0",
    );
}

#[test]
fn a_handle_outlives_its_recorder() {
    let (registry, recorder) = registered(&COMPONENT);
    let bound = recorder.bind(of_topic("a"));
    recorder.remove(of_topic("a"));
    drop(recorder);
    bound_sent(&bound).inc();
    check(&registry, "kept_sent_total{topic=\"a\"} 1\nkept_ever_total 0");
    drop(registry);
    bound_sent(&bound).inc();
}

#[test]
fn a_timer_that_was_started_before_records_into_a_new_series() {
    let (registry, recorder) = registered(&COMPONENT);
    let timer = seconds(&recorder, "a").start_timer();
    recorder.remove(of_topic("a"));
    let other = seconds(&recorder, "b");
    other.observe(Duration::from_secs(100));
    check(&registry, &format!("{}\nkept_ever_total 0", histogram("b", "100.0", 0)));
    drop(timer);
    assert_eq!((seconds(&recorder, "a").count(), other.count()), (1, 1));
    assert!(recorder.remove(of_topic("a")));
    check(&registry, &format!("{}\nkept_ever_total 0", histogram("b", "100.0", 0)));
}

/// The lines of a histogram with one observation.
fn histogram(topic: &str, sum: &str, within: u64) -> String {
    format!(
        "kept_seconds_sum{{topic=\"{topic}\"}} {sum}\n\
         kept_seconds_count{{topic=\"{topic}\"}} 1\n\
         kept_seconds_bucket{{le=\"1.0\",topic=\"{topic}\"}} {within}\n\
         kept_seconds_bucket{{le=\"+Inf\",topic=\"{topic}\"}} 1"
    )
}
