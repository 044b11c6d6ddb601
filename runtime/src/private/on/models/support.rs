//! What models have in common: how they run, and a component to record into.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use loom::model::Builder;
use loom::thread::JoinHandle;

use crate::__private::on::memory::end_thread;
use crate::__private::on::{Component, Counter, Direct, Label, Metric, OwnMetric, Recorder};
use crate::label::{LabelSet, Slot, Value};
use crate::{Format, Registry};

/// Runs a model in every order with at most so many preemptions, or `LOOM_MAX_PREEMPTIONS` if that
/// is more.
pub(super) fn model(preemptions: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = builder.preemption_bound.max(Some(preemptions));
    builder.max_branches = 20_000;
    let orders = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&orders);
    builder.check(move || {
        counted.fetch_add(1, Relaxed);
        run();
        end_thread();
    });
    println!("{} orders", orders.load(Relaxed));
}

/// Starts a thread that has given its block back when it is joined.
pub(super) fn spawn<T: 'static>(run: impl FnOnce() -> T + 'static) -> JoinHandle<T> {
    loom::thread::spawn(|| {
        let result = run();
        end_thread();
        result
    })
}

/// A component in which all metrics have one open label.
pub(super) const fn component(labels: &'static [Label], metrics: &'static [Metric]) -> Component {
    Component {
        name: "model",
        labels,
        sets: &[&[0]],
        metrics,
        idle_timeout: None,
        overflow: OwnMetric {
            name: "model_overflow",
            help: "",
            label: "label",
            values: &["topic"],
            const_labels: &[],
        },
        errors: OwnMetric::NONE,
    }
}

pub(super) const fn topic(limit: usize) -> Label {
    Label { name: "topic", values: &[], limit }
}

pub(super) const COUNTER: Metric = Metric { name: "model_events", help: "", ..Metric::COUNTER };

/// The label of the component.
#[derive(Clone, Copy, Debug)]
pub(super) struct Topic(pub(super) &'static str);

impl LabelSet for Topic {
    type Component = ();
    type Bound = ();
    type Open<'v> = [Value<'v>; 1];
    const SET: usize = 0;

    fn open(&self) -> Self::Open<'_> {
        [Value::Text(self.0)]
    }

    fn closed(&self) -> usize {
        0
    }
}

/// The counter of a topic, looked up when it is used.
pub(super) fn events<'a>(
    recorder: &'a Recorder,
    topic: &'static str,
) -> Counter<'a, u64, Direct<'a, Topic>> {
    recorder.get(Topic(topic), Slot::new(0))
}

/// A component in a registry of its own. The registry is dropped by who made it, after all threads.
pub(super) fn registered(component: &'static Component) -> (Registry, Recorder) {
    let mut registry = Registry::new();
    let recorder = Recorder::new(&mut registry, component);
    (registry, recorder)
}

/// What a scrape shows.
pub(super) struct Scrape(String);

impl Scrape {
    pub(super) fn new(registry: &Registry) -> Self {
        let body = registry.encode(Format::Prometheus);
        Self(String::from_utf8(body).unwrap())
    }

    /// The counter of a topic, if it is shown; fails if it is shown twice.
    pub(super) fn events(&self, topic: &str) -> Option<u64> {
        self.only(&format!("model_events_total{{topic=\"{topic}\"}} "))
    }

    /// How many records were past the limit.
    pub(super) fn overflown(&self) -> u64 {
        self.only("model_overflow_total{label=\"topic\"} ").unwrap()
    }

    /// The sum over all topics.
    pub(super) fn total(&self) -> u64 {
        self.values("model_events_total{").sum()
    }

    fn only(&self, start: &str) -> Option<u64> {
        let mut values = self.values(start);
        let value = values.next();
        assert_eq!(values.next(), None, "shown twice: {}", self.0);
        value
    }

    fn values(&self, start: &str) -> impl Iterator<Item = u64> {
        let lines = self.0.lines().filter(move |line| line.starts_with(start));
        lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
    }
}
