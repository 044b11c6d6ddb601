//! What a record of each kind costs, in a loop with warm caches.

use std::hint::black_box;
use std::time::{Duration, Instant};

use streamhouse_metrics::{Registry, StreamhouseMetrics};

use self::producer::{Topic, TopicPartition};

/// What a producer records.
#[derive(Debug, StreamhouseMetrics)]
#[metrics(component = "producer", spec = "../../metrics.toml")]
#[allow(dead_code, reason = "one metric of each kind is enough")]
struct ProducerMetrics(ProducerRecorder);

/// Calls in a round, and rounds; the fastest one counts, which nobody disturbed.
const CALLS: u32 = 100_000;
const ROUNDS: u32 = 50;

/// Nanoseconds of a counter's step, a gauge's step, one observation, 64 observations together, and
/// a look at the clock.
pub(crate) fn cost() -> [f64; 5] {
    let metrics = ProducerMetrics::new(&mut Registry::new());
    let lane = metrics.bind(TopicPartition { topic: "orders", partition: 0 });
    let topic = metrics.bind(Topic { topic: "orders" });
    // As in a batch: those that were sent first have waited longest.
    let waited = (0..64).map(|number| Duration::from_micros(4_000 - number));
    [
        nanoseconds(|| lane.records_sent().inc_by(black_box(1))),
        nanoseconds(|| lane.pending_records().add(black_box(1))),
        nanoseconds(|| topic.send_duration_seconds().observe(black_box(Duration::from_millis(4)))),
        nanoseconds(|| topic.send_duration_seconds().observe_all(black_box(waited.clone()))),
        nanoseconds(|| _ = black_box(Instant::now())),
    ]
}

fn nanoseconds(call: impl Fn()) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        (0..CALLS).for_each(|_| call());
        begin.elapsed().as_nanos() as f64 / f64::from(CALLS)
    });
    rounds.fold(f64::INFINITY, f64::min)
}
