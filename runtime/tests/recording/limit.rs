//! Past the limit of a label, totals stay exact and memory stays flat.

use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};

use crate::support::{Labels, metric, open, registered, samples, text};

static LIMITED: Component = Component {
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
};

fn lag<'a>(recorder: &'a Recorder, topic: &str) -> Gauge<'a, i64> {
    recorder.get(Labels::<0>(&[Value::Text(topic)], 0), Slot::new(1))
}

fn seconds<'a>(recorder: &'a Recorder, topic: &str) -> Histogram<'a, Duration> {
    recorder.get(Labels::<0>(&[Value::Text(topic)], 0), Slot::new(2))
}

fn moved<'a>(recorder: &'a Recorder, topic: &str, partition: u64) -> Counter<'a, u64> {
    let labels = [Value::Text(topic), Value::Unsigned(partition)];
    recorder.get(Labels::<1>(&labels, 0), Slot::new(0))
}

#[test]
fn new_values_go_to_the_overflow_series() {
    let (registry, recorder) = registered(&LIMITED);
    for round in 1..=2 {
        for topic in ["a", "b", "c", "d", "a"] {
            let sent: Counter<'_, u64> = text::<0, _>(&recorder, topic);
            sent.inc();
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
    assert_eq!(samples(&registry).join("\n"), expected);
}

#[test]
fn a_limit_counts_values_over_all_label_sets() {
    let (registry, recorder) = registered(&LIMITED);
    moved(&recorder, "a", 0).inc();
    moved(&recorder, "b", 1).inc();
    // `c` is new to this set, but the component knows two topics already.
    let sent: Counter<'_, u64> = text::<0, _>(&recorder, "c");
    sent.inc();
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
    assert_eq!(samples(&registry).join("\n"), expected);
}

#[test]
fn the_overflow_marker_is_no_value_of_its_own() {
    let (registry, recorder) = registered(&LIMITED);
    for topic in ["__overflow__", "a", "b", "c"] {
        let sent: Counter<'_, u64> = text::<0, _>(&recorder, topic);
        sent.inc();
    }
    let expected = r#"limited_sent_total{topic="__overflow__"} 2
limited_sent_total{topic="a"} 1
limited_sent_total{topic="b"} 1"#;
    assert_eq!(samples(&registry).join("\n"), expected);
}

#[test]
fn an_empty_value_gets_a_name() {
    let (registry, recorder) = registered(&LIMITED);
    for topic in ["", "__empty__"] {
        let sent: Counter<'_, u64> = text::<0, _>(&recorder, topic);
        sent.inc();
    }
    assert_eq!(samples(&registry), [r#"limited_sent_total{topic="__empty__"} 2"#]);
}
