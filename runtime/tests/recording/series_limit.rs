//! A metric's own limit: how many combinations of open label values it keeps apart.

use std::thread;
use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};

use crate::support::{
    By, EMPTY, Labels, check, closed, metric, open, overflow, registered, samples, text,
};

/// Of the metrics by topic, only the first one is limited.
const LIMITED: Component = Component {
    name: "series",
    labels: &[open("topic", 100), closed("outcome", &["ok", "error"])],
    sets: &[&[0], &[0, 1]],
    metrics: &[
        Metric { series_limit: 2, ..metric("series_few", Kind::Counter, Number::Integer, 0) },
        metric("series_many", Kind::Counter, Number::Integer, 0),
        Metric { series_limit: 1, ..metric("series_calls", Kind::Counter, Number::Integer, 1) },
        Metric { series_limit: 1, ..metric("series_lag", Kind::Gauge, Number::Integer, 0) },
    ],
    overflow: overflow("series_overflow", &["topic", "__series__"]),
    ..EMPTY
};

fn few<'a>(recorder: &'a Recorder, topic: &'a str) -> Counter<'a, u64, By<'a, 0, 1>> {
    text(recorder, 0, topic)
}

fn many<'a>(recorder: &'a Recorder, topic: &'a str) -> Counter<'a, u64, By<'a, 0, 1>> {
    text(recorder, 1, topic)
}

fn calls<'a>(
    recorder: &'a Recorder,
    topic: &'a str,
    outcome: usize,
) -> Counter<'a, u64, By<'a, 1, 1>> {
    recorder.get(Labels([Value::Text(topic)], outcome), Slot::new(2))
}

fn lag<'a>(recorder: &'a Recorder, topic: &'a str) -> Gauge<'a, i64, By<'a, 0, 1>> {
    text(recorder, 3, topic)
}

fn of_topic(topic: &str) -> Labels<'_, 0, 1> {
    Labels([Value::Text(topic)], 0)
}

#[test]
fn one_metric_is_limited_and_its_neighbour_is_not() {
    let (registry, recorder) = registered(&LIMITED);
    for topic in ["a", "b", "c", "d", "a"] {
        many(&recorder, topic).inc();
        few(&recorder, topic).inc_by(10);
    }
    let expected = r#"series_few_total{topic="a"} 20
series_few_total{topic="b"} 10
series_few_total{topic="__overflow__"} 20
series_many_total{topic="a"} 2
series_many_total{topic="b"} 1
series_many_total{topic="c"} 1
series_many_total{topic="d"} 1
series_overflow_total{label="topic"} 0
series_overflow_total{label="__series__"} 2"#;
    check(&registry, expected);
}

#[test]
fn only_who_records_takes_a_place() {
    let (registry, recorder) = registered(&LIMITED);
    // The entries are there, made by the neighbour; the limited metric has no series in them.
    ["a", "b", "c"].iter().for_each(|topic| many(&recorder, topic).inc());
    few(&recorder, "c").inc();
    few(&recorder, "d").inc();
    few(&recorder, "a").inc();
    let expected = r#"series_few_total{topic="c"} 1
series_few_total{topic="d"} 1
series_few_total{topic="__overflow__"} 1
series_many_total{topic="a"} 1
series_many_total{topic="b"} 1
series_many_total{topic="c"} 1
series_overflow_total{label="topic"} 0
series_overflow_total{label="__series__"} 1"#;
    check(&registry, expected);
}

#[test]
fn removal_gives_room_back() {
    let (registry, recorder) = registered(&LIMITED);
    ["a", "b", "c"].iter().for_each(|topic| few(&recorder, topic).inc());
    assert!(recorder.remove(of_topic("a")));
    // From now on `c` has a series of its own, and `d` none.
    few(&recorder, "c").inc();
    few(&recorder, "d").inc();
    let mut samples = samples(&registry);
    samples.sort_unstable();
    let expected = [
        r#"series_few_total{topic="__overflow__"} 2"#,
        r#"series_few_total{topic="b"} 1"#,
        r#"series_few_total{topic="c"} 1"#,
        r#"series_overflow_total{label="__series__"} 2"#,
        r#"series_overflow_total{label="topic"} 0"#,
    ];
    assert_eq!(samples, expected);

    // It was given back once, not once a series that was never there.
    many(&recorder, "e").inc();
    assert!(recorder.remove(of_topic("e")));
    few(&recorder, "e").inc();
    assert_eq!(few(&recorder, "e").get(), 0);
}

#[test]
fn closed_labels_take_one_place_together() {
    let (registry, recorder) = registered(&LIMITED);
    calls(&recorder, "a", 1).inc();
    calls(&recorder, "a", 0).inc();
    calls(&recorder, "b", 1).inc();
    calls(&recorder, "b", 1).inc();
    let expected = r#"series_calls_total{topic="a",outcome="ok"} 1
series_calls_total{topic="a",outcome="error"} 1
series_calls_total{topic="__overflow__",outcome="error"} 2
series_overflow_total{label="topic"} 0
series_overflow_total{label="__series__"} 2"#;
    check(&registry, expected);

    assert!(recorder.remove(Labels::<1, _>([Value::Text("a")], 0)));
    calls(&recorder, "c", 0).inc();
    calls(&recorder, "d", 0).inc();
    assert_eq!((calls(&recorder, "c", 0).get(), calls(&recorder, "d", 0).get()), (1, 0));
}

#[test]
fn a_gauge_past_it_is_dropped_and_counted() {
    let (registry, recorder) = registered(&LIMITED);
    lag(&recorder, "a").set(1);
    lag(&recorder, "b").set(2);
    lag(&recorder, "a").set(3);
    lag(&recorder, "b").dec();
    let expected = r#"series_lag{topic="a"} 3
series_overflow_total{label="topic"} 0
series_overflow_total{label="__series__"} 2"#;
    check(&registry, expected);
}

#[test]
fn what_is_bound_is_admitted_when_it_first_records() {
    let (registry, recorder) = registered(&LIMITED);
    let bound = ["a", "b", "c"].map(|topic| recorder.bind(of_topic(topic)));
    for bound in bound.iter().rev() {
        let few: Counter<'_, u64> = bound.get(Slot::new(0));
        few.inc();
        few.inc();
    }
    let expected = r#"series_few_total{topic="b"} 2
series_few_total{topic="c"} 2
series_few_total{topic="__overflow__"} 2
series_overflow_total{label="topic"} 0
series_overflow_total{label="__series__"} 2"#;
    check(&registry, expected);
}

/// Two labels of which one is full while the metric has room.
static PARTLY: Component = Component {
    name: "partly",
    labels: &[open("topic", 1), open("partition", 100)],
    sets: &[&[0, 1]],
    metrics: &[
        Metric { series_limit: 3, ..metric("partly_few", Kind::Counter, Number::Integer, 0) },
        metric("partly_many", Kind::Counter, Number::Integer, 0),
    ],
    overflow: overflow("partly_overflow", &["topic", "partition", "__series__"]),
    ..EMPTY
};

/// Otherwise each of the partitions would be one more series of an overflown topic.
#[test]
fn what_is_past_the_limit_of_a_label_besides_has_one_series() {
    let (registry, recorder) = registered(&PARTLY);
    let labels =
        |topic, partition| Labels::<0, _>([Value::Text(topic), Value::Unsigned(partition)], 0);
    let few = |topic, partition| -> Counter<'_, u64, By<'_, 0, 2>> {
        recorder.get(labels(topic, partition), Slot::new(0))
    };
    let many = |topic, partition| -> Counter<'_, u64, By<'_, 0, 2>> {
        recorder.get(labels(topic, partition), Slot::new(1))
    };
    few("a", 0).inc();
    // Some by a lookup, some in an entry that its neighbour has made, some by a handle.
    (1..4).for_each(|partition| few("b", partition).inc());
    many("b", 4).inc();
    few("b", 4).inc();
    let bound = recorder.bind(labels("b", 5));
    let bound_few: Counter<'_, u64> = bound.get(Slot::new(0));
    bound_few.inc();
    (1..5).for_each(|partition| few("a", partition).inc());
    let expected = r#"partly_few_total{topic="a",partition="0"} 1
partly_few_total{topic="__overflow__",partition="__overflow__"} 7
partly_few_total{topic="a",partition="1"} 1
partly_few_total{topic="a",partition="2"} 1
partly_many_total{topic="__overflow__",partition="4"} 1
partly_overflow_total{label="topic"} 6
partly_overflow_total{label="partition"} 0
partly_overflow_total{label="__series__"} 2"#;
    check(&registry, expected);
}

/// All metrics of the label set are limited, far below the limit of the label.
static FLAT: Component = Component {
    name: "flat",
    labels: &[open("topic", 100)],
    sets: &[&[0]],
    metrics: &[
        Metric { series_limit: 1, ..metric("flat_sent", Kind::Counter, Number::Integer, 0) },
        Metric { series_limit: 1, ..metric("flat_seconds", Kind::Histogram, Number::Duration, 0) },
    ],
    overflow: overflow("flat_overflow", &["topic", "__series__"]),
    ..EMPTY
};

#[test]
fn what_is_past_it_takes_no_memory() {
    let (registry, recorder) = registered(&FLAT);
    let sent = |topic| -> Counter<'_, u64, By<'_, 0, 1>> { text(&recorder, 0, topic) };
    let seconds = |topic| -> Histogram<'_, Duration, By<'_, 0, 1>> { text(&recorder, 1, topic) };
    sent("a").inc();
    seconds("a").observe(Duration::ZERO);
    for topic in ["b", "c"] {
        sent(topic).inc();
        seconds(topic).observe(Duration::ZERO);
        seconds(topic).start_timer().discard();
        let _ = seconds(topic).start_timer().stop();
        let bound = recorder.bind(of_topic(topic));
        let sent: Counter<'_, u64> = bound.get(Slot::new(0));
        sent.inc();
    }
    let samples = samples(&registry);
    let expected = [
        r#"flat_sent_total{topic="a"} 1"#,
        r#"flat_sent_total{topic="__overflow__"} 4"#,
        r#"flat_seconds_count{topic="__overflow__"} 4"#,
        r#"flat_overflow_total{label="topic"} 0"#,
        r#"flat_overflow_total{label="__series__"} 8"#,
    ];
    for expected in expected {
        assert!(samples.iter().any(|sample| sample == expected), "{expected}: {samples:#?}");
    }
    // There is nothing to be removed.
    let removed = ["a", "b", "c"].map(|topic| recorder.remove(of_topic(topic)));
    assert_eq!(removed, [true, false, false]);
}

#[test]
fn totals_are_exact_while_threads_race_for_the_last_place() {
    for _ in 0..200 {
        let (registry, recorder) = registered(&LIMITED);
        thread::scope(|scope| {
            for topic in ["a", "b", "c", "d"] {
                let recorder = &recorder;
                scope.spawn(move || (0..25).for_each(|_| few(recorder, topic).inc()));
            }
        });
        let samples = samples(&registry);
        let value = |line: &String| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap();
        let own: Vec<&String> =
            samples.iter().filter(|line| line.starts_with("series_few")).collect();
        assert_eq!(own.len(), 3, "{samples:?}");
        assert_eq!(own.iter().map(|line| value(line)).sum::<u64>(), 100);
        assert!(samples.contains(&r#"series_overflow_total{label="__series__"} 50"#.to_owned()));
    }
}
