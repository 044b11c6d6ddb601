//! prometheus-client: families of shared atomics behind a read-write lock.

use std::sync::Arc;
use std::time::Instant;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::candidate::Candidate;
use crate::input::{self, Pair, Triple};
use crate::nothing_folded;
use crate::store::{CONSUMED, Memory, Store, sum};

pub(crate) const NAME: &str = "prometheus-client";

/// Labels that happen to live as long as the program: no copy is made to look them up.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct StaticLabels {
    topic: &'static str,
    partition: u32,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct OwnedLabels {
    topic: String,
    partition: u32,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct ThreeLabels {
    topic: String,
    partition: u32,
    group: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct TopicLabel {
    topic: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct ClosedLabels {
    method: Method,
    status: Status,
}

#[derive(Clone, Copy, Debug, EncodeLabelValue, Eq, Hash, PartialEq)]
enum Method {
    Produce,
    Fetch,
    Commit,
    List,
}

#[derive(Clone, Copy, Debug, EncodeLabelValue, Eq, Hash, PartialEq)]
enum Status {
    Ok,
    Refused,
    Timeout,
    Error,
}

const METHODS: [Method; 4] = [Method::Produce, Method::Fetch, Method::Commit, Method::List];
const STATUSES: [Status; 4] = [Status::Ok, Status::Refused, Status::Timeout, Status::Error];

fn histogram() -> Histogram {
    Histogram::new(input::BOUNDS)
}

/// How many observations a histogram holds; only its text tells.
fn count(histogram: Histogram) -> impl Fn() -> u64 {
    let mut registry = Registry::default();
    registry.register("histogram", "Observations", histogram);
    move || {
        let mut text = String::new();
        text::encode(&mut text, &registry).expect("a string takes all text");
        sum(&text, "histogram_count")
    }
}

pub(crate) fn bound_counter() -> Candidate {
    let counter = <Counter>::default();
    let held = counter.clone();
    let pass = move || {
        for _ in 0..input::CALLS {
            counter.inc();
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || held.get())
}

pub(crate) fn two_labels() -> Candidate {
    let (family, pairs) = (Family::<StaticLabels, Counter>::default(), input::pairs());
    let held = family.clone();
    let pass = move || {
        for &Pair { topic, partition } in pairs {
            family.get_or_create(&StaticLabels { topic, partition }).inc();
            nothing_folded();
        }
    };
    let total = move |&Pair { topic, partition }: &Pair| {
        held.get_or_create(&StaticLabels { topic, partition }).get()
    };
    Candidate::counting("prometheus-client, `&'static str` keys", pass, move || {
        pairs.iter().map(&total).sum()
    })
}

pub(crate) fn two_owned_labels() -> Candidate {
    let (family, pairs) = (Family::<OwnedLabels, Counter>::default(), input::pairs());
    let held = family.clone();
    let labels =
        |pair: &Pair| OwnedLabels { topic: pair.topic.to_owned(), partition: pair.partition };
    let pass = move || {
        for pair in pairs {
            family.get_or_create(&labels(pair)).inc();
            nothing_folded();
        }
    };
    Candidate::counting("prometheus-client, `String` keys", pass, move || {
        pairs.iter().map(|pair| held.get_or_create(&labels(pair)).get()).sum()
    })
}

pub(crate) fn closed_labels() -> Candidate {
    let family = Family::<ClosedLabels, Counter>::default();
    let labels: Vec<ClosedLabels> = input::closed()
        .iter()
        .map(|closed| ClosedLabels {
            method: METHODS[closed.method],
            status: STATUSES[closed.status],
        })
        .collect();
    let held = family.clone();
    let pass = move || {
        for labels in &labels {
            family.get_or_create(labels).inc();
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let all = METHODS
            .iter()
            .flat_map(|&method| STATUSES.map(|status| ClosedLabels { method, status }));
        all.map(|labels| held.get_or_create(&labels).get()).sum()
    })
}

pub(crate) fn bound_histogram() -> Candidate {
    let (histogram, values) = (histogram(), input::values());
    let held = histogram.clone();
    let pass = move || {
        for &value in values {
            histogram.observe(value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, count(held))
}

pub(crate) fn bound_duration() -> Candidate {
    let (histogram, durations) = (histogram(), input::durations());
    let held = histogram.clone();
    let pass = move || {
        for duration in durations {
            histogram.observe(duration.as_secs_f64());
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, count(held))
}

pub(crate) fn timer() -> Candidate {
    let histogram = histogram();
    let held = histogram.clone();
    let pass = move || {
        for _ in 0..input::CALLS {
            let start = Instant::now();
            histogram.observe(start.elapsed().as_secs_f64());
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, count(held))
}

pub(crate) fn labelled_histogram() -> Candidate {
    let store = Arc::new(PrometheusClient::new());
    let (family, observed) = (store.durations.clone(), input::observed());
    let pass = move || {
        for &(topic, value) in observed {
            family.get_or_create(&TopicLabel { topic }).observe(value);
            nothing_folded();
        }
    };
    Candidate::counting("prometheus-client, `&'static str` keys", pass, move || {
        sum(&store.text(), "bench_recording_send_duration_seconds_count")
    })
}

pub(crate) fn gauge() -> Candidate {
    let gauge = <Gauge>::default();
    let held = gauge.clone();
    let pass = move || {
        for value in 0..input::CALLS as i64 {
            gauge.set(value);
            nothing_folded();
        }
    };
    Candidate::setting(NAME, pass, input::CALLS as i64 - 1, move || held.get())
}

/// A registry with all families.
pub(crate) struct PrometheusClient {
    registry: Registry,
    sent: Family<OwnedLabels, Counter>,
    durations: Family<TopicLabel, Histogram, fn() -> Histogram>,
    consumed: [Family<ThreeLabels, Counter>; 5],
}

impl PrometheusClient {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::default();
        let sent = Family::default();
        registry.register("bench_recording_records_sent", "Records that were sent", sent.clone());
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register(
            "bench_recording_send_duration_seconds",
            "Time until a send was acknowledged",
            durations.clone(),
        );
        let consumed: [Family<ThreeLabels, Counter>; 5] = Default::default();
        for (name, family) in CONSUMED.iter().zip(&consumed) {
            registry.register(*name, "Events of a consumer", family.clone());
        }
        Self { registry, sent, durations, consumed }
    }
}

impl Store for PrometheusClient {
    fn send(&self, pair: &Pair, records: u64) {
        let labels = OwnedLabels { topic: pair.topic.to_owned(), partition: pair.partition };
        self.sent.get_or_create(&labels).inc_by(records);
    }

    fn observe(&self, topic: &'static str, seconds: f64) {
        self.durations.get_or_create(&TopicLabel { topic }).observe(seconds);
    }

    fn consume(&self, counter: usize, triple: &Triple) {
        let labels = ThreeLabels {
            topic: triple.topic.to_owned(),
            partition: triple.partition,
            group: triple.group.to_owned(),
        };
        self.consumed[counter].get_or_create(&labels).inc();
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        memory.text.clear();
        text::encode(&mut memory.text, &self.registry).expect("a string takes all text");
        memory.text.as_bytes()
    }
}
