//! Where there is no memory for cells of their own, threads share them and still count exactly.
//!
//! The limit is one of the process, so this test has one to itself.

#![cfg(feature = "metrics")]

#[path = "recording/support.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod support;

use std::thread;

use streamhouse_metrics::__private::on::{
    Component, Counter, Histogram, Kind, Metric, Number, Slot, Value,
};
use streamhouse_metrics::limit_cell_memory;

use support::{EMPTY, Labels, metric, open, registered};

const THREADS: u64 = 8;
const STEPS: u64 = 20_000;

static FULL: Component = Component {
    name: "full",
    labels: &[open("topic", 10)],
    sets: &[&[0]],
    metrics: &[
        metric("full_sent", Kind::Counter, Number::Integer, 0),
        metric("full_amount", Kind::Counter, Number::Float, 0),
        Metric {
            buckets: &[(0.5, "0.5")],
            ..metric("full_ratio", Kind::Histogram, Number::Float, 0)
        },
    ],
    ..EMPTY
};

#[test]
fn totals_are_exact_all_the_same() {
    limit_cell_memory(0);
    let (registry, recorder) = registered(&FULL);
    let orders = Labels::<0, 1>([Value::Text("orders")], 0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let bound = recorder.bind(orders);
                let amount: Counter<'_, f64> = bound.get(Slot::new(1));
                let ratio: Histogram<'_, f64> = bound.get(Slot::new(2));
                for step in 0..STEPS {
                    let sent: Counter<'_, u64, _> = recorder.get(orders, Slot::new(0));
                    sent.inc();
                    amount.inc_by(0.5);
                    ratio.observe((step % 2) as f64);
                }
            });
        }
    });
    let all = THREADS * STEPS;
    let text = registry.to_text();
    for line in [
        format!("full_sent_total{{topic=\"orders\"}} {all}"),
        format!("full_amount_total{{topic=\"orders\"}} {}.0", all / 2),
        format!("full_ratio_sum{{topic=\"orders\"}} {}.0", all / 2),
        format!("full_ratio_count{{topic=\"orders\"}} {all}"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}
