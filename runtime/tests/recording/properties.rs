//! Whatever is recorded, two encoders that share no code write the same.

use std::time::Duration;

use prometheus_client::encoding::text;
use proptest::prelude::*;
use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::Registry;

use crate::support::{EMPTY, Labels, closed, metric, open};

static ANYTHING: Component = Component {
    name: "anything",
    labels: &[open("text", 1000), open("number", 1000), closed("outcome", &["ok", "a\"b\\c\nd"])],
    sets: &[&[0, 1], &[0, 2], &[]],
    metrics: &[
        metric("anything_sent", Kind::Counter, Number::Integer, 0),
        Metric {
            const_labels: &[("zone", "é\"")],
            ..metric("anything_amount", Kind::Counter, Number::Float, 1)
        },
        metric("anything_level", Kind::Gauge, Number::Integer, 0),
        metric("anything_ratio", Kind::Gauge, Number::Float, 2),
        Metric {
            unit: Some("seconds"),
            buckets: &[(0.001, "0.001"), (0.1, "0.1"), (2.5, "2.5")],
            ..metric("anything_seconds", Kind::Histogram, Number::Duration, 0)
        },
        Metric {
            buckets: &[(0.5, "0.5"), (1e9, "1000000000.0")],
            ..metric("anything_size", Kind::Histogram, Number::Float, 1)
        },
    ],
    ..EMPTY
};

/// One round of records.
#[derive(Clone, Debug)]
struct Round {
    text: String,
    number: u64,
    outcome: usize,
    whole: u64,
    level: i64,
    amount: f64,
    ratio: f64,
}

fn round() -> impl Strategy<Value = Round> {
    let text = prop_oneof!["[a-z]{0,20}", "\\PC{0,40}", "[\"\\\\\n{}, =#]{0,9}", any::<String>()];
    let numbers = (any::<u64>(), 0..2_usize, any::<u64>(), any::<i64>());
    (text, numbers, 0.0..1e12_f64, any::<f64>()).prop_map(
        |(text, (number, outcome, whole, level), amount, ratio)| {
            // A total of floats is the same in any order only as long as nothing is rounded.
            Round {
                text,
                number,
                outcome,
                whole: whole >> 20,
                level,
                amount: amount.trunc(),
                ratio,
            }
        },
    )
}

fn record(recorder: &Recorder, rounds: &[Round]) {
    for Round { text, number, outcome, whole, level, amount, ratio } in rounds {
        let open = Labels::<0, 2>([Value::Text(text), Value::Unsigned(*number)], 0);
        let mixed = Labels::<1, 1>([Value::Text(text)], *outcome);
        let sent: Counter<'_, u64, _> = recorder.get(open, Slot::new(0));
        sent.inc_by(*whole);
        let total: Counter<'_, f64, _> = recorder.get(mixed, Slot::new(1));
        total.inc_by(*amount);
        let gauge: Gauge<'_, i64, _> = recorder.get(open, Slot::new(2));
        gauge.set(*level);
        let gauge: Gauge<'_, f64, _> = recorder.get(Labels::<2, 0>([], 0), Slot::new(3));
        gauge.set(*ratio);
        let seconds: Histogram<'_, Duration, _> = recorder.get(open, Slot::new(4));
        seconds.observe(Duration::from_nanos(*whole));
        let size: Histogram<'_, f64, _> = recorder.get(mixed, Slot::new(5));
        size.observe(*amount);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn prometheus_client_writes_the_same(rounds in prop::collection::vec(round(), 0..150)) {
        let mut ours = Registry::new();
        record(&Recorder::new(&mut ours, &ANYTHING), &rounds);
        let mut theirs = prometheus_client::registry::Registry::default();
        record(&Recorder::new(&mut theirs, &ANYTHING), &rounds);
        let mut body = String::new();
        text::encode(&mut body, &theirs).expect("a string takes everything");
        prop_assert_eq!(body, ours.to_text());
    }
}

#[test]
fn gauges_that_are_no_numbers_are_spelt_as_openmetrics_wants() {
    let mut registry = Registry::new();
    let recorder = Recorder::new(&mut registry, &ANYTHING);
    let gauge: Gauge<'_, f64, _> = recorder.get(Labels::<2, 0>([], 0), Slot::new(3));
    for (value, spelt) in
        [(f64::INFINITY, "+Inf"), (f64::NEG_INFINITY, "-Inf"), (f64::NAN, "NaN"), (-0.5, "-0.5")]
    {
        gauge.set(value);
        assert!(registry.to_text().contains(&format!("anything_ratio {spelt}\n")));
    }
}
