//! Exemplars stand behind the sample that they are an example of.

use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::Format;

use crate::support::{EMPTY, Labels, metric, open, registered, samples};

static TRACED: Component = Component {
    name: "traced",
    labels: &[open("topic", 10)],
    sets: &[&[0]],
    metrics: &[
        Metric { exemplars: true, ..metric("traced_sent", Kind::Counter, Number::Integer, 0) },
        Metric {
            exemplars: true,
            buckets: &[(0.5, "0.5"), (1.0, "1.0")],
            ..metric("traced_seconds", Kind::Histogram, Number::Duration, 0)
        },
    ],
    ..EMPTY
};

fn orders() -> Labels<'static, 0, 1> {
    Labels([Value::Text("orders")], 0)
}

fn record(recorder: &Recorder) {
    let sent: Counter<'_, u64, _, true> = recorder.get(orders(), Slot::new(0));
    sent.inc_by_with_exemplar(2, &[("trace_id", "old")]);
    sent.inc_by_with_exemplar(3, &[("trace_id", "a\"b"), ("span_id", "1")]);
    let seconds: Histogram<'_, Duration, _, true> = recorder.get(orders(), Slot::new(1));
    seconds.observe(Duration::from_millis(100));
    seconds.observe_with_exemplar(Duration::from_millis(750), &[("trace_id", "slow")]);
    let bound = recorder.bind(orders());
    let seconds: Histogram<'_, Duration, _, true> = bound.get(Slot::new(1));
    seconds.observe_with_exemplar(Duration::from_secs(9), &[]);
}

/// The samples, with their times of day masked.
fn masked(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        .map(|line| match line.split_once(" # ") {
            Some((_, exemplar)) => {
                let (kept, time) = line.rsplit_once(' ').expect("a time");
                let seconds: f64 = time.parse().expect("seconds since 1970");
                assert!(seconds > 1.7e9, "{exemplar}");
                format!("{kept} <time>")
            }
            None => line.clone(),
        })
        .collect()
}

#[test]
fn the_last_one_is_shown() {
    let (registry, recorder) = registered(&TRACED);
    record(&recorder);
    let expected = r#"traced_sent_total{topic="orders"} 5 # {trace_id="a\"b",span_id="1"} 3.0 <time>
traced_seconds_sum{topic="orders"} 9.85
traced_seconds_count{topic="orders"} 3
traced_seconds_bucket{le="0.5",topic="orders"} 1
traced_seconds_bucket{le="1.0",topic="orders"} 2 # {trace_id="slow"} 0.75 <time>
traced_seconds_bucket{le="+Inf",topic="orders"} 3 # {} 9.0 <time>"#;
    assert_eq!(masked(&samples(&registry)).join("\n"), expected);
}

#[test]
fn prometheus_text_has_none() {
    let (registry, recorder) = registered(&TRACED);
    record(&recorder);
    let body = String::from_utf8(registry.encode(Format::Prometheus)).expect("text");
    assert!(body.lines().all(|line| line.starts_with('#') || !line.contains(" # ")), "{body}");
}

#[test]
fn they_go_with_their_series() {
    let (registry, recorder) = registered(&TRACED);
    record(&recorder);
    assert!(recorder.remove(orders()));
    let sent: Counter<'_, u64, _, true> = recorder.get(orders(), Slot::new(0));
    sent.inc();
    assert_eq!(samples(&registry), [r#"traced_sent_total{topic="orders"} 1"#]);
}
