//! Short ways to describe a component and to record into it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use streamhouse_metrics::__private::on::{
    Component, Direct, Handle, Kind, Label, LabelSet, Metric, Number, OwnMetric, Recorder, Slot,
    Value,
};
use streamhouse_metrics::Registry;

/// A metric without unit, constant labels and buckets, to be completed by `..`.
pub(crate) const fn metric(name: &'static str, kind: Kind, number: Number, set: usize) -> Metric {
    let help = "Help";
    Metric {
        name,
        help,
        unit: None,
        kind,
        number,
        set,
        const_labels: &[],
        buckets: &[],
        native: false,
        exemplars: false,
        sample: 1,
        series_limit: 0,
    }
}

/// A component without metrics, to be completed by `..`.
pub(crate) const EMPTY: Component = Component {
    name: "",
    labels: &[],
    sets: &[],
    metrics: &[],
    idle_timeout: None,
    overflow: OwnMetric::NONE,
    errors: OwnMetric::NONE,
};

/// What says that limits were reached.
pub(crate) const fn overflow(name: &'static str, values: &'static [&'static str]) -> OwnMetric {
    OwnMetric { name, help: "Help", label: "label", values, const_labels: &[] }
}

/// What says that values were dropped.
pub(crate) const fn errors(name: &'static str) -> OwnMetric {
    let values = &["invalid_value", "invalid_exemplar"];
    OwnMetric { name, help: "Help", label: "reason", values, const_labels: &[] }
}

/// An open label.
pub(crate) const fn open(name: &'static str, limit: usize) -> Label {
    Label { name, values: &[], limit }
}

/// A closed label.
pub(crate) const fn closed(name: &'static str, values: &'static [&'static str]) -> Label {
    Label { name, values, limit: 0 }
}

/// Any labels for the set at position `SET`: open values, and the index of the closed ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labels<'a, const SET: usize, const OPEN: usize>(
    pub(crate) [Value<'a>; OPEN],
    pub(crate) usize,
);

/// Where a handle has its series from, if it is looked up at each record.
pub(crate) type By<'a, const SET: usize, const OPEN: usize> = Direct<'a, Labels<'a, SET, OPEN>>;

impl<const SET: usize, const OPEN: usize> LabelSet for Labels<'_, SET, OPEN> {
    type Component = ();
    type Bound = ();
    type Open<'v>
        = [Value<'v>; OPEN]
    where
        Self: 'v;
    const SET: usize = SET;

    fn open(&self) -> Self::Open<'_> {
        self.0
    }

    fn closed(&self) -> usize {
        self.1
    }
}

/// The metric in a slot, which has one open text label and set `SET`.
pub(crate) fn text<'a, const SET: usize, H: Handle<By<'a, SET, 1>>>(
    recorder: &'a Recorder,
    slot: usize,
    value: &'a str,
) -> H {
    recorder.get(Labels([Value::Text(value)], 0), Slot::new(slot))
}

/// The metric in a slot, which has no open labels and set `SET`.
pub(crate) fn plain<'a, const SET: usize, H: Handle<By<'a, SET, 0>>>(
    recorder: &'a Recorder,
    slot: usize,
) -> H {
    recorder.get(Labels([], 0), Slot::new(slot))
}

/// A component in a registry of its own.
pub(crate) fn registered(component: &'static Component) -> (Registry, Recorder) {
    let mut registry = Registry::new();
    let recorder = Recorder::new(&mut registry, component);
    (registry, recorder)
}

/// Fails unless these are all samples, a line each.
#[track_caller]
pub(crate) fn check(registry: &Registry, expected: &str) {
    assert_eq!(samples(registry).join("\n"), expected.trim_end());
}

/// The samples of an exposition, without the lines that describe them.
pub(crate) fn samples(registry: &Registry) -> Vec<String> {
    let body = registry.to_text();
    body.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Tells other threads to end, even if the test has failed.
pub(crate) struct Done<'a>(pub(crate) &'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}
