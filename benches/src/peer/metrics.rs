//! metrics with its Prometheus exporter.
//!
//! Its macros build a key and ask the installed recorder; we ask our recorder directly, since one
//! program can install only one.

use std::sync::Arc;
use std::time::Instant;

use metrics::{Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::candidate::Candidate;
use crate::input::{self, Pair, Triple};
use crate::nothing_folded;
use crate::store::{CONSUMED, Memory, Store, sum};

pub(crate) const NAME: &str = "metrics";

const SENT: &str = "bench_recording_records_sent_total";
const DURATIONS: &str = "bench_recording_send_duration_seconds";
const DURATIONS_COUNT: &str = "bench_recording_send_duration_seconds_count";
const METADATA: Metadata<'static> = Metadata::new("benches", Level::INFO, None);

const METHODS: [&str; 4] = ["produce", "fetch", "commit", "list"];
const STATUSES: [&str; 4] = ["ok", "refused", "timeout", "error"];

pub(crate) fn bound_counter() -> Candidate {
    let store = Arc::new(Exporter::new());
    let counter = store.recorder.register_counter(&Key::from_static_name(SENT), &METADATA);
    let pass = move || {
        for _ in 0..input::CALLS {
            counter.increment(1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&store.text(), SENT))
}

pub(crate) fn two_labels() -> Candidate {
    let (store, pairs) = (Arc::new(Exporter::new()), input::pairs());
    let held = Arc::clone(&store);
    let pass = move || {
        for pair in pairs {
            store.send(pair, 1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&held.text(), SENT))
}

pub(crate) fn closed_labels() -> Candidate {
    let (store, closed) = (Arc::new(Exporter::new()), input::closed());
    let held = Arc::clone(&store);
    let pass = move || {
        for closed in closed {
            let labels = vec![
                Label::from_static_parts("method", METHODS[closed.method]),
                Label::from_static_parts("status", STATUSES[closed.status]),
            ];
            let key = Key::from_parts("requests_total", labels);
            store.recorder.register_counter(&key, &METADATA).increment(1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&held.text(), "requests_total"))
}

fn histogram(store: &Exporter) -> metrics::Histogram {
    store.recorder.register_histogram(&Key::from_static_name(DURATIONS), &METADATA)
}

/// Observations wait in a list for the next upkeep, which is not measured.
fn observing(store: Exporter, pass: impl Fn() + Send + Sync + 'static) -> Candidate {
    let store = Arc::new(store);
    let held = Arc::clone(&store);
    Candidate::counting(NAME, pass, move || sum(&held.text(), DURATIONS_COUNT))
        .settling(move || store.handle.run_upkeep())
}

pub(crate) fn bound_histogram() -> Candidate {
    let (store, values) = (Exporter::new(), input::values());
    let histogram = histogram(&store);
    observing(store, move || {
        for &value in values {
            histogram.record(value);
            nothing_folded();
        }
    })
}

pub(crate) fn bound_duration() -> Candidate {
    let (store, durations) = (Exporter::new(), input::durations());
    let histogram = histogram(&store);
    observing(store, move || {
        for &duration in durations {
            histogram.record(duration);
            nothing_folded();
        }
    })
}

pub(crate) fn timer() -> Candidate {
    let store = Exporter::new();
    let histogram = histogram(&store);
    observing(store, move || {
        for _ in 0..input::CALLS {
            let start = Instant::now();
            histogram.record(start.elapsed());
            nothing_folded();
        }
    })
}

pub(crate) fn labelled_histogram() -> Candidate {
    let (store, observed) = (Arc::new(Exporter::new()), input::observed());
    let (held, settled) = (Arc::clone(&store), Arc::clone(&store));
    let pass = move || {
        for &(topic, value) in observed {
            store.observe(topic, value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&held.text(), DURATIONS_COUNT))
        .settling(move || settled.handle.run_upkeep())
}

pub(crate) fn gauge() -> Candidate {
    let store = Arc::new(Exporter::new());
    let gauge = store.recorder.register_gauge(&Key::from_static_name("pending"), &METADATA);
    let pass = move || {
        for value in 0..input::CALLS {
            gauge.set(value as f64);
            nothing_folded();
        }
    };
    let last = input::CALLS as i64 - 1;
    Candidate::setting(NAME, pass, last, move || sum(&store.text(), "pending") as i64)
}

/// A recorder with its exporter.
pub(crate) struct Exporter {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Exporter {
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATIONS.to_owned()), &input::BOUNDS);
        let recorder = builder.expect("there are buckets").build_recorder();
        let handle = recorder.handle();
        Self { recorder, handle }
    }
}

fn partition(partition: u32) -> Label {
    Label::new("partition", itoa::Buffer::new().format(partition).to_owned())
}

impl Store for Exporter {
    fn send(&self, pair: &Pair, records: u64) {
        let labels = vec![Label::new("topic", pair.topic.to_owned()), partition(pair.partition)];
        let key = Key::from_parts(SENT, labels);
        self.recorder.register_counter(&key, &METADATA).increment(records);
    }

    fn observe(&self, topic: &'static str, seconds: f64) {
        let key = Key::from_parts(DURATIONS, vec![Label::new("topic", topic.to_owned())]);
        self.recorder.register_histogram(&key, &METADATA).record(seconds);
    }

    fn consume(&self, counter: usize, triple: &Triple) {
        let labels = vec![
            Label::new("topic", triple.topic.to_owned()),
            partition(triple.partition),
            Label::new("group", triple.group.to_owned()),
        ];
        let key = Key::from_parts(CONSUMED[counter], labels);
        self.recorder.register_counter(&key, &METADATA).increment(1);
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        memory.bytes.clear();
        self.handle.render_to_write(&mut memory.bytes).expect("a vector takes all text");
        &memory.bytes
    }
}
