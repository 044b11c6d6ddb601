//! measured: interned labels, dense grids, sharded maps.

use std::sync::Arc;

use measured::label::{LabelValue, LabelVisitor, StaticLabelSet};
use measured::metric::histogram::Thresholds;
use measured::{
    Counter, CounterVec, FixedCardinalityLabel, Gauge, Histogram, HistogramVec, LabelGroup,
    MetricGroup,
};
use paracord::ParaCord;

use crate::candidate::Candidate;
use crate::input::{self, BOUNDS, Pair, Triple};
use crate::nothing_folded;
use crate::store::{Memory, Store, sum};

pub(crate) const NAME: &str = "measured";

const SENT: &str = "bench_recording_records_sent_total";
const DURATIONS_COUNT: &str = "bench_recording_send_duration_seconds_count";

#[derive(Clone, Copy, LabelGroup)]
#[label(set = PairSet)]
struct PairLabels<'a> {
    #[label(dynamic_with = ParaCord, default)]
    topic: &'a str,
    partition: Partition,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = TripleSet)]
struct TripleLabels<'a> {
    #[label(dynamic_with = ParaCord, default)]
    topic: &'a str,
    partition: Partition,
    #[label(dynamic_with = ParaCord, default)]
    group: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = TopicSet)]
struct TopicLabel<'a> {
    #[label(dynamic_with = ParaCord, default)]
    topic: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = ClosedSet)]
struct ClosedLabels {
    method: Method,
    status: Status,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Method {
    Produce,
    Fetch,
    Commit,
    List,
}

#[derive(Clone, Copy, FixedCardinalityLabel)]
enum Status {
    Ok,
    Refused,
    Timeout,
    Error,
}

/// A number below a fixed one: never a text, neither here nor in a key.
#[derive(Clone, Copy)]
struct Partition(u32);

impl LabelValue for Partition {
    fn visit<V: LabelVisitor>(&self, visitor: V) -> V::Output {
        visitor.write_int(self.0.into())
    }
}

impl FixedCardinalityLabel for Partition {
    fn cardinality() -> usize {
        256
    }

    fn encode(&self) -> usize {
        self.0 as usize
    }

    fn decode(value: usize) -> Self {
        Self(value as u32)
    }
}

type Durations = HistogramVec<TopicSet, { BOUNDS.len() }>;

fn thresholds() -> Thresholds<{ BOUNDS.len() }> {
    Thresholds::with_buckets(BOUNDS)
}

pub(crate) fn bound_counter() -> Candidate {
    let counter = Arc::new(Counter::new());
    let held = Arc::clone(&counter);
    let pass = move || {
        for _ in 0..input::CALLS {
            counter.inc();
            nothing_folded();
        }
    };
    let total = move || held.get_metric().count.load(std::sync::atomic::Ordering::Relaxed);
    Candidate::counting(NAME, pass, total)
}

pub(crate) fn two_labels() -> Candidate {
    let (store, pairs) = (Arc::new(Measured::new()), input::pairs());
    let held = Arc::clone(&store);
    let pass = move || {
        for &Pair { topic, partition } in pairs {
            store.sent.inc(PairLabels { topic, partition: Partition(partition) });
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&held.text(), SENT))
}

pub(crate) fn closed_labels() -> Candidate {
    let methods = [Method::Produce, Method::Fetch, Method::Commit, Method::List];
    let statuses = [Status::Ok, Status::Refused, Status::Timeout, Status::Error];
    let labels: Vec<ClosedLabels> = input::closed()
        .iter()
        .map(|closed| ClosedLabels {
            method: methods[closed.method],
            status: statuses[closed.status],
        })
        .collect();
    let store = Arc::new(Measured::new());
    let held = Arc::clone(&store);
    let pass = move || {
        for &labels in &labels {
            store.requests.inc(labels);
            nothing_folded();
        }
    };
    let requests = "bench_recording_requests_total";
    Candidate::counting(NAME, pass, move || sum(&held.text(), requests))
}

/// A histogram without labels, shown where it can be checked.
#[derive(MetricGroup)]
struct Single {
    bench_recording_send_duration_seconds: Histogram<{ BOUNDS.len() }>,
}

fn observing(pass: impl Fn(&Histogram<{ BOUNDS.len() }>) + Send + Sync + 'static) -> Candidate {
    let histogram = Histogram::with_metadata(thresholds());
    let held = Arc::new(Single { bench_recording_send_duration_seconds: histogram });
    let single = Arc::clone(&held);
    let pass = move || pass(&single.bench_recording_send_duration_seconds);
    Candidate::counting(NAME, pass, move || {
        let mut encoder = measured::text::BufferedTextEncoder::new();
        match held.collect_group_into(&mut encoder) {
            Ok(()) => sum(&String::from_utf8_lossy(&encoder.finish()), DURATIONS_COUNT),
            Err(never) => match never {},
        }
    })
}

pub(crate) fn bound_histogram() -> Candidate {
    let values = input::values();
    observing(move |histogram| {
        for &value in values {
            histogram.observe(value);
            nothing_folded();
        }
    })
}

pub(crate) fn bound_duration() -> Candidate {
    let durations = input::durations();
    observing(move |histogram| {
        for &duration in durations {
            histogram.get_metric().observe_duration(duration);
            nothing_folded();
        }
    })
}

pub(crate) fn timer() -> Candidate {
    observing(move |histogram| {
        for _ in 0..input::CALLS {
            drop(histogram.start_timer());
            nothing_folded();
        }
    })
}

pub(crate) fn labelled_histogram() -> Candidate {
    let (store, observed) = (Arc::new(Measured::new()), input::observed());
    let held = Arc::clone(&store);
    let pass = move || {
        for &(topic, value) in observed {
            store.durations.observe(TopicLabel { topic }, value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || sum(&held.text(), DURATIONS_COUNT))
}

pub(crate) fn gauge() -> Candidate {
    let gauge = Arc::new(Gauge::new());
    let held = Arc::clone(&gauge);
    let pass = move || {
        for value in 0..input::CALLS as i64 {
            gauge.set(value);
            nothing_folded();
        }
    };
    let value = move || held.get_metric().count.load(std::sync::atomic::Ordering::Relaxed);
    Candidate::setting(NAME, pass, input::CALLS as i64 - 1, value)
}

/// All families; the names of the fields are theirs.
#[derive(MetricGroup)]
pub(crate) struct Measured {
    #[metric(rename = "bench_recording_records_sent_total")]
    sent: CounterVec<PairSet>,
    #[metric(rename = "bench_recording_requests_total")]
    requests: CounterVec<ClosedSet>,
    #[metric(rename = "bench_recording_send_duration_seconds")]
    durations: Durations,
    #[metric(rename = "bench_recording_records_consumed_total")]
    records: CounterVec<TripleSet>,
    #[metric(rename = "bench_recording_batches_consumed_total")]
    batches: CounterVec<TripleSet>,
    #[metric(rename = "bench_recording_offsets_committed_total")]
    offsets: CounterVec<TripleSet>,
    #[metric(rename = "bench_recording_polls_answered_total")]
    polls: CounterVec<TripleSet>,
    #[metric(rename = "bench_recording_rebalances_joined_total")]
    rebalances: CounterVec<TripleSet>,
}

impl Measured {
    pub(crate) fn new() -> Self {
        let triples = || {
            CounterVec::with_label_set(TripleSet {
                topic: ParaCord::default(),
                partition: StaticLabelSet::new(),
                group: ParaCord::default(),
            })
        };
        let pairs = PairSet { topic: ParaCord::default(), partition: StaticLabelSet::new() };
        let closed = ClosedSet { method: StaticLabelSet::new(), status: StaticLabelSet::new() };
        let topics = TopicSet { topic: ParaCord::default() };
        Self {
            sent: CounterVec::with_label_set(pairs),
            requests: CounterVec::with_label_set(closed),
            durations: HistogramVec::with_label_set_and_metadata(topics, thresholds()),
            records: triples(),
            batches: triples(),
            offsets: triples(),
            polls: triples(),
            rebalances: triples(),
        }
    }
}

impl Store for Measured {
    fn send(&self, &Pair { topic, partition }: &Pair, records: u64) {
        self.sent.inc_by(PairLabels { topic, partition: Partition(partition) }, records);
    }

    fn observe(&self, topic: &'static str, seconds: f64) {
        self.durations.observe(TopicLabel { topic }, seconds);
    }

    fn consume(&self, counter: usize, &Triple { topic, partition, group }: &Triple) {
        let family = match counter {
            0 => &self.records,
            1 => &self.batches,
            2 => &self.offsets,
            3 => &self.polls,
            _ => &self.rebalances,
        };
        family.inc(TripleLabels { topic, partition: Partition(partition), group });
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        // The text before is given back, so that its memory can be used again.
        memory.handed_out = Default::default();
        match self.collect_group_into(&mut memory.measured) {
            Ok(()) => memory.handed_out = memory.measured.finish(),
            Err(never) => match never {},
        }
        &memory.handed_out
    }
}
