//! Our recorder: every call of the crate under test is here.

use std::time::{Duration, Instant};

use streamhouse_metrics::{Format, Registry, StreamhouseMetrics};

use crate::candidate::Candidate;
use crate::input::{self, Pair, Triple};
use crate::nothing_folded;
use crate::store::{Memory, Store};

/// What is recorded.
#[derive(StreamhouseMetrics)]
#[metrics(component = "recording")]
pub(crate) struct Metrics(pub(crate) RecordingRecorder);

/// What is recorded on a label set of its own.
#[derive(StreamhouseMetrics)]
#[metrics(component = "single")]
pub(crate) struct Single(pub(crate) SingleRecorder);

use recording::{Method, MethodStatus, Status, Topic, TopicPartition, TopicPartitionGroup};

/// The same recorder without the feature.
pub(crate) mod off {
    use streamhouse_metrics::StreamhouseMetrics;

    /// What is not recorded.
    #[allow(dead_code, reason = "one metric stands for all that leave nothing")]
    #[derive(StreamhouseMetrics)]
    #[metrics(component = "recording", feature = "silent")]
    pub(crate) struct Metrics(pub(crate) RecordingRecorder);
    pub(crate) use recording::TopicPartition;
}

pub(crate) const NAME: &str = "ours";

const METHODS: [Method; 4] = [Method::Produce, Method::Fetch, Method::Commit, Method::List];
const STATUSES: [Status; 4] = [Status::Ok, Status::Refused, Status::Timeout, Status::Error];

/// The only pair of the bound handles.
const BOUND: TopicPartition<'static> = TopicPartition { topic: "orders", partition: 3 };

fn metrics() -> Metrics {
    Metrics::new(&mut Registry::new())
}

pub(crate) fn bound_counter() -> Candidate {
    let metrics = metrics();
    let bound = metrics.bind(BOUND);
    let pass = move || {
        let counter = bound.records_sent();
        for _ in 0..input::CALLS {
            counter.inc();
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || metrics.records_sent(BOUND).get())
}

pub(crate) fn two_labels() -> Candidate {
    let (metrics, pairs) = (metrics(), input::pairs());
    let recorder = metrics.clone();
    let pass = move || {
        for &Pair { topic, partition } in pairs {
            recorder.records_sent(TopicPartition { topic, partition }).inc();
            nothing_folded();
        }
    };
    let total = move |&Pair { topic, partition }: &Pair| {
        metrics.records_sent(TopicPartition { topic, partition }).get()
    };
    Candidate::counting(NAME, pass, move || pairs.iter().map(&total).sum())
}

pub(crate) fn closed_labels() -> Candidate {
    let (metrics, closed) = (metrics(), input::closed());
    let labels: Vec<MethodStatus> = closed
        .iter()
        .map(|closed| MethodStatus {
            method: METHODS[closed.method],
            status: STATUSES[closed.status],
        })
        .collect();
    let recorder = metrics.clone();
    let pass = move || {
        for &labels in &labels {
            recorder.requests(labels).inc();
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let all = METHODS
            .iter()
            .flat_map(|&method| STATUSES.map(|status| MethodStatus { method, status }));
        all.map(|labels| metrics.requests(labels).get()).sum()
    })
}

pub(crate) fn bound_histogram() -> Candidate {
    let (metrics, values) = (metrics(), input::values());
    let bound = metrics.bind(Topic { topic: "orders" });
    let pass = move || {
        let histogram = bound.batch_fill_ratio();
        for &value in values {
            histogram.observe(value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        metrics.batch_fill_ratio(Topic { topic: "orders" }).count()
    })
}

pub(crate) fn bound_duration() -> Candidate {
    let (metrics, durations) = (metrics(), input::durations());
    let bound = metrics.bind(Topic { topic: "orders" });
    let pass = move || {
        let histogram = bound.send_duration_seconds();
        for &duration in durations {
            histogram.observe(duration);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        metrics.send_duration_seconds(Topic { topic: "orders" }).count()
    })
}

pub(crate) fn timer() -> Candidate {
    let metrics = metrics();
    let bound = metrics.bind(Topic { topic: "orders" });
    let pass = move || {
        let histogram = bound.send_duration_seconds();
        for _ in 0..input::CALLS {
            drop(histogram.start_timer());
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        metrics.send_duration_seconds(Topic { topic: "orders" }).count()
    })
}

/// What a timer does, by hand and with the system's clock.
pub(crate) fn timer_by_hand() -> Candidate {
    let metrics = metrics();
    let bound = metrics.bind(Topic { topic: "orders" });
    let pass = move || {
        let histogram = bound.send_duration_seconds();
        for _ in 0..input::CALLS {
            let start = Instant::now();
            histogram.observe(start.elapsed());
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        metrics.send_duration_seconds(Topic { topic: "orders" }).count()
    })
}

pub(crate) fn labelled_histogram() -> Candidate {
    let (metrics, observed) = (metrics(), input::observed());
    let recorder = metrics.clone();
    let pass = move || {
        for &(topic, value) in observed {
            recorder.batch_fill_ratio(Topic { topic }).observe(value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let mut topics: Vec<_> = observed.iter().map(|(topic, _)| *topic).collect();
        topics.sort_unstable();
        topics.dedup();
        topics.iter().map(|topic| metrics.batch_fill_ratio(Topic { topic }).count()).sum()
    })
}

pub(crate) fn gauge() -> Candidate {
    let metrics = metrics();
    let bound = metrics.bind(BOUND);
    let pass = move || {
        let gauge = bound.pending_records();
        for value in 0..input::CALLS as i64 {
            gauge.set(value);
            nothing_folded();
        }
    };
    let last = input::CALLS as i64 - 1;
    Candidate::setting(NAME, pass, last, move || metrics.pending_records(BOUND).get())
}

pub(crate) fn off() -> Candidate {
    let (metrics, pairs) = (off::Metrics::new(&mut Registry::new()), input::pairs());
    Candidate::unchecked(NAME, input::CALLS, move || {
        for &Pair { topic, partition } in pairs {
            metrics.records_sent(off::TopicPartition { topic, partition }).inc();
            nothing_folded();
        }
    })
}

/// A registry of ours with the recorder in it.
pub(crate) struct Ours {
    registry: Registry,
    metrics: Metrics,
    single: Single,
}

impl Ours {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::new();
        let metrics = Metrics::new(&mut registry);
        let single = Single::new(&mut registry);
        Self { registry, metrics, single }
    }
}

impl Store for Ours {
    fn send(&self, &Pair { topic, partition }: &Pair, records: u64) {
        self.metrics.records_sent(TopicPartition { topic, partition }).inc_by(records);
    }

    fn observe(&self, topic: &'static str, seconds: f64) {
        let histogram = self.metrics.send_duration_seconds(Topic { topic });
        histogram.observe(Duration::from_secs_f64(seconds));
    }

    fn consume_alone(&self, &Triple { topic, partition, group }: &Triple) {
        self.single.records_consumed(single::TopicPartitionGroup { topic, partition, group }).inc();
    }

    fn consume(&self, counter: usize, &Triple { topic, partition, group }: &Triple) {
        let labels = TopicPartitionGroup { topic, partition, group };
        match counter {
            0 => self.metrics.records_consumed(labels).inc(),
            1 => self.metrics.batches_consumed(labels).inc(),
            2 => self.metrics.offsets_committed(labels).inc(),
            3 => self.metrics.polls_answered(labels).inc(),
            _ => self.metrics.rebalances_joined(labels).inc(),
        }
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        memory.bytes.clear();
        self.registry.encode_into(Format::OpenMetrics, &mut memory.bytes);
        &memory.bytes
    }
}
