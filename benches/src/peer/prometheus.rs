//! prometheus, with prometheus-static-metric where all label values are known beforehand.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};
use prometheus_static_metric::make_static_metric;

use crate::candidate::Candidate;
use crate::input::{self, Pair, Triple};
use crate::nothing_folded;
use crate::store::{CONSUMED, Memory, Store};

pub(crate) const NAME: &str = "prometheus";

mod requests {
    use super::*;

    make_static_metric! {
        pub label_enum Method { produce, fetch, commit, list }
        pub label_enum Status { ok, refused, timeout, error }
        pub struct Requests: IntCounter { "method" => Method, "status" => Status }
    }
}
use requests::{Method, Requests, Status};

const METHODS: [&str; 4] = ["produce", "fetch", "commit", "list"];
const STATUSES: [&str; 4] = ["ok", "refused", "timeout", "error"];

fn counter(name: &str, labels: &[&str]) -> IntCounterVec {
    IntCounterVec::new(Opts::new(name, "Events"), labels).expect("the names are right")
}

fn options() -> HistogramOpts {
    HistogramOpts::new(
        "bench_recording_send_duration_seconds",
        "Time until a send was acknowledged",
    )
    .buckets(input::BOUNDS.to_vec())
}

fn histogram() -> Histogram {
    Histogram::with_opts(options()).expect("the name is right")
}

pub(crate) fn bound_counter() -> Candidate {
    let counter = IntCounter::new("records_sent_total", "Events").expect("the name is right");
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
    let family = counter("records_sent_total", &["topic", "partition"]);
    let (pairs, held) = (input::pairs(), family.clone());
    let pass = move || {
        for &Pair { topic, partition } in pairs {
            let mut digits = itoa::Buffer::new();
            family.with_label_values(&[topic, digits.format(partition)]).inc();
            nothing_folded();
        }
    };
    let total = move |&Pair { topic, partition }: &Pair| {
        held.with_label_values(&[topic, &partition.to_string()]).get()
    };
    Candidate::counting(NAME, pass, move || pairs.iter().map(&total).sum())
}

pub(crate) fn closed_labels() -> Candidate {
    let (family, closed) = (counter("requests_total", &["method", "status"]), input::closed());
    let held = family.clone();
    let pass = move || {
        for closed in closed {
            let (method, status) = (METHODS[closed.method], STATUSES[closed.status]);
            family.with_label_values(&[method, status]).inc();
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || closed_total(&held))
}

pub(crate) fn static_labels() -> Candidate {
    let family = counter("requests_total", &["method", "status"]);
    let requests = Requests::from(&family);
    let methods = [Method::produce, Method::fetch, Method::commit, Method::list];
    let statuses = [Status::ok, Status::refused, Status::timeout, Status::error];
    let labels: Vec<(Method, Status)> = input::closed()
        .iter()
        .map(|closed| (methods[closed.method], statuses[closed.status]))
        .collect();
    let pass = move || {
        for &(method, status) in &labels {
            requests.get(method).get(status).inc();
            nothing_folded();
        }
    };
    Candidate::counting("prometheus-static-metric", pass, move || closed_total(&family))
}

fn closed_total(family: &IntCounterVec) -> u64 {
    let all = METHODS.iter().flat_map(|method| STATUSES.map(|status| [*method, status]));
    all.map(|labels| family.with_label_values(&labels).get()).sum()
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
    Candidate::counting(NAME, pass, move || held.get_sample_count())
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
    Candidate::counting(NAME, pass, move || held.get_sample_count())
}

pub(crate) fn timer() -> Candidate {
    let histogram = histogram();
    let held = histogram.clone();
    let pass = move || {
        for _ in 0..input::CALLS {
            drop(histogram.start_timer());
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || held.get_sample_count())
}

pub(crate) fn labelled_histogram() -> Candidate {
    let family = HistogramVec::new(options(), &["topic"]).expect("the names are right");
    let (observed, held) = (input::observed(), family.clone());
    let pass = move || {
        for &(topic, value) in observed {
            family.with_label_values(&[topic]).observe(value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let mut topics: Vec<_> = observed.iter().map(|(topic, _)| *topic).collect();
        topics.sort_unstable();
        topics.dedup();
        topics.iter().map(|topic| held.with_label_values(&[topic]).get_sample_count()).sum()
    })
}

pub(crate) fn gauge() -> Candidate {
    let gauge = IntGauge::new("pending_records", "Records that wait").expect("the name is right");
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
pub(crate) struct Prometheus {
    registry: Registry,
    sent: IntCounterVec,
    durations: HistogramVec,
    consumed: [IntCounterVec; 5],
}

impl Prometheus {
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        let register = |family: Box<dyn prometheus::core::Collector>| {
            registry.register(family).expect("every name is there once");
        };
        let sent = counter("bench_recording_records_sent_total", &["topic", "partition"]);
        register(Box::new(sent.clone()));
        let durations = HistogramVec::new(options(), &["topic"]).expect("the names are right");
        register(Box::new(durations.clone()));
        let consumed = CONSUMED.map(|name| {
            let family = counter(&format!("{name}_total"), &["topic", "partition", "group"]);
            register(Box::new(family.clone()));
            family
        });
        Self { registry, sent, durations, consumed }
    }
}

impl Store for Prometheus {
    fn send(&self, &Pair { topic, partition }: &Pair, records: u64) {
        let mut digits = itoa::Buffer::new();
        self.sent.with_label_values(&[topic, digits.format(partition)]).inc_by(records);
    }

    fn observe(&self, topic: &'static str, seconds: f64) {
        self.durations.with_label_values(&[topic]).observe(seconds);
    }

    fn consume(&self, counter: usize, &Triple { topic, partition, group }: &Triple) {
        let mut digits = itoa::Buffer::new();
        self.consumed[counter].with_label_values(&[topic, digits.format(partition), group]).inc();
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        memory.text.clear();
        let encoded = TextEncoder::new().encode_utf8(&self.registry.gather(), &mut memory.text);
        encoded.expect("a string takes all text");
        memory.text.as_bytes()
    }
}
