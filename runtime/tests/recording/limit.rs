//! Past the limit of a label, totals stay exact and memory stays flat.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};

use crate::support::{By, EMPTY, Labels, check, metric, open, overflow, registered, samples, text};

const LIMITED: Component = Component {
    name: "limited",
    labels: &[open("topic", 2), open("partition", 3)],
    sets: &[&[0], &[0, 1]],
    metrics: &[
        metric("limited_sent", Kind::Counter, Number::Integer, 0),
        metric("limited_lag", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("limited_seconds", Kind::Histogram, Number::Duration, 0)
        },
        metric("limited_moved", Kind::Counter, Number::Integer, 1),
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

fn moved<'a>(
    recorder: &'a Recorder,
    topic: &'a str,
    partition: u64,
) -> Counter<'a, u64, By<'a, 1, 2>> {
    let labels = [Value::Text(topic), Value::Unsigned(partition)];
    recorder.get(Labels(labels, 0), Slot::new(3))
}

#[test]
fn new_values_go_to_the_overflow_series() {
    let (registry, recorder) = registered(&LIMITED);
    for round in 1..=2 {
        for topic in ["a", "b", "c", "d", "a"] {
            sent(&recorder, topic).inc();
            lag(&recorder, topic).set(round);
            seconds(&recorder, topic).observe(Duration::from_secs(1));
        }
    }
    let expected = r#"limited_sent_total{topic="a"} 4
limited_sent_total{topic="b"} 2
limited_sent_total{topic="__overflow__"} 4
limited_lag{topic="a"} 2
limited_lag{topic="b"} 2
limited_seconds_sum{topic="a"} 4.0
limited_seconds_count{topic="a"} 4
limited_seconds_bucket{le="1.0",topic="a"} 4
limited_seconds_bucket{le="+Inf",topic="a"} 4
limited_seconds_sum{topic="b"} 2.0
limited_seconds_count{topic="b"} 2
limited_seconds_bucket{le="1.0",topic="b"} 2
limited_seconds_bucket{le="+Inf",topic="b"} 2
limited_seconds_sum{topic="__overflow__"} 4.0
limited_seconds_count{topic="__overflow__"} 4
limited_seconds_bucket{le="1.0",topic="__overflow__"} 4
limited_seconds_bucket{le="+Inf",topic="__overflow__"} 4"#;
    check(&registry, expected);
}

#[test]
fn a_limit_counts_values_over_all_label_sets() {
    let (registry, recorder) = registered(&LIMITED);
    moved(&recorder, "a", 0).inc();
    moved(&recorder, "b", 1).inc();
    // `c` is new to this set, but the component knows two topics already.
    sent(&recorder, "c").inc();
    // Of two labels, only the one past its limit is lost.
    moved(&recorder, "c", 2).inc();
    moved(&recorder, "a", 3).inc();
    moved(&recorder, "z", 4).inc();
    let expected = r#"limited_sent_total{topic="__overflow__"} 1
limited_moved_total{topic="a",partition="0"} 1
limited_moved_total{topic="b",partition="1"} 1
limited_moved_total{topic="__overflow__",partition="2"} 1
limited_moved_total{topic="a",partition="__overflow__"} 1
limited_moved_total{topic="__overflow__",partition="__overflow__"} 1"#;
    check(&registry, expected);
}

#[test]
fn the_overflow_marker_is_no_value_of_its_own() {
    let (registry, recorder) = registered(&LIMITED);
    for topic in ["__overflow__", "a", "b", "c"] {
        sent(&recorder, topic).inc();
    }
    let expected = r#"limited_sent_total{topic="__overflow__"} 2
limited_sent_total{topic="a"} 1
limited_sent_total{topic="b"} 1"#;
    check(&registry, expected);
}

#[test]
fn an_empty_value_gets_a_name() {
    let (registry, recorder) = registered(&LIMITED);
    for topic in ["", "__empty__"] {
        sent(&recorder, topic).inc();
    }
    assert_eq!(samples(&registry), [r#"limited_sent_total{topic="__empty__"} 2"#]);
}

/// The same, with metrics that say so.
const COUNTED: Component =
    Component { overflow: overflow("limited_overflow", &["topic", "partition"]), ..LIMITED };

#[test]
fn every_record_past_a_limit_is_counted_by_the_label_that_reached_it() {
    let (registry, recorder) = registered(&COUNTED);
    for topic in ["a", "b", "c", "d", "c"] {
        sent(&recorder, topic).inc_by(10);
    }
    seconds(&recorder, "c").observe(Duration::from_secs(1));
    for partition in 0..5 {
        moved(&recorder, "a", partition).inc();
    }
    // Both labels are full: the first one is blamed.
    moved(&recorder, "z", 9).inc();
    let expected = r#"limited_sent_total{topic="a"} 10
limited_sent_total{topic="b"} 10
limited_sent_total{topic="__overflow__"} 30
limited_seconds_sum{topic="__overflow__"} 1.0
limited_seconds_count{topic="__overflow__"} 1
limited_seconds_bucket{le="1.0",topic="__overflow__"} 1
limited_seconds_bucket{le="+Inf",topic="__overflow__"} 1
limited_moved_total{topic="a",partition="0"} 1
limited_moved_total{topic="a",partition="1"} 1
limited_moved_total{topic="a",partition="2"} 1
limited_moved_total{topic="a",partition="__overflow__"} 2
limited_moved_total{topic="__overflow__",partition="__overflow__"} 1
limited_overflow_total{label="topic"} 5
limited_overflow_total{label="partition"} 2"#;
    check(&registry, expected);
}

#[test]
fn gauges_past_a_limit_are_dropped_and_counted() {
    let (registry, recorder) = registered(&COUNTED);
    for (value, topic) in (1..).zip(["a", "b", "c", "d", "a"]) {
        lag(&recorder, topic).set(value);
    }
    lag(&recorder, "c").inc();
    let expected = r#"limited_lag{topic="a"} 5
limited_lag{topic="b"} 2
limited_overflow_total{label="topic"} 3
limited_overflow_total{label="partition"} 0"#;
    check(&registry, expected);
}

#[test]
fn what_is_bound_past_a_limit_is_counted_too() {
    let (registry, recorder) = registered(&COUNTED);
    ["a", "b"].iter().for_each(|topic| sent(&recorder, topic).inc());
    let bound = recorder.bind(Labels::<0, _>([Value::Text("c")], 0));
    let (sent, lag): (Counter<'_, u64>, Gauge<'_, i64>) =
        (bound.get(Slot::new(0)), bound.get(Slot::new(1)));
    (0..3).for_each(|_| sent.inc_by(2));
    lag.set(7);
    let expected = r#"limited_sent_total{topic="a"} 1
limited_sent_total{topic="b"} 1
limited_sent_total{topic="__overflow__"} 6
limited_overflow_total{label="topic"} 4
limited_overflow_total{label="partition"} 0"#;
    check(&registry, expected);
}

#[test]
fn totals_are_exact_while_threads_race_over_the_limit() {
    const THREADS: u64 = 8;
    const ROUNDS: u64 = 500;
    let (registry, recorder) = registered(&COUNTED);
    let topics: Vec<String> = (0..16).map(|topic| format!("topic-{topic}")).collect();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (recorder, topics) = (&recorder, &topics);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    for topic in 0..topics.len() {
                        let topic = &topics[(topic * (2 * thread as usize + 1)) % topics.len()];
                        sent(recorder, topic).inc();
                        moved(recorder, topic, round % 5).inc();
                    }
                }
            });
        }
    });

    let samples: HashMap<String, u64> = samples(&registry)
        .iter()
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(series, value)| (series.to_owned(), value.parse().unwrap()))
        .collect();
    let total = |name: &str, part: &str| -> u64 {
        let of_name = |series: &str| series.starts_with(name) && series.contains(part);
        samples.iter().filter(|(series, _)| of_name(series)).map(|(_, value)| value).sum()
    };
    let all = THREADS * ROUNDS * 16;
    assert_eq!((total("limited_sent", ""), total("limited_moved", "")), (all, all));
    let overflown = [r#"topic="__overflow__""#, r#"partition="__overflow__""#];
    let by_topic = total("limited_sent", overflown[0]) + total("limited_moved", overflown[0]);
    assert_eq!(samples[r#"limited_overflow_total{label="topic"}"#], by_topic);
    let both = format!("{},{}", overflown[0], overflown[1]);
    let by_partition = total("limited_moved", overflown[1]) - total("limited_moved", &both);
    assert_eq!(samples[r#"limited_overflow_total{label="partition"}"#], by_partition);
    let series = samples.keys().filter(|series| series.starts_with("limited_sent")).count();
    assert_eq!(series, 3);
}
