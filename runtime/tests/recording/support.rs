//! Short ways to describe a component and to record into it.

use streamhouse_metrics::__private::on::{
    Component, Handle, Kind, Label, LabelSet, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::{Format, Registry};

pub(crate) const OPENMETRICS: Format = Format::OpenMetrics;

/// A metric without unit, constant labels and buckets, to be completed by `..`.
pub(crate) const fn metric(name: &'static str, kind: Kind, number: Number, set: usize) -> Metric {
    let help = "Help";
    Metric { name, help, unit: None, kind, number, set, const_labels: &[], buckets: &[] }
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
#[derive(Clone, Copy)]
pub(crate) struct Labels<'a, const SET: usize>(pub(crate) &'a [Value<'a>], pub(crate) usize);

impl<const SET: usize> LabelSet for Labels<'_, SET> {
    type Component = ();
    type Bound = ();
    const SET: usize = SET;

    fn with<R>(self, record: impl FnOnce(&[Value<'_>], usize) -> R) -> R {
        record(self.0, self.1)
    }
}

/// The first metric of set `SET`, with one open text label.
pub(crate) fn text<'a, const SET: usize, H: Handle<'a>>(recorder: &'a Recorder, value: &str) -> H {
    recorder.get(Labels::<SET>(&[Value::Text(value)], 0), Slot::new(0))
}

/// The first metric of set `SET`, which has no labels.
pub(crate) fn plain<'a, const SET: usize, H: Handle<'a>>(recorder: &'a Recorder) -> H {
    recorder.get(Labels::<SET>(&[], 0), Slot::new(0))
}

/// A component in a registry of its own.
pub(crate) fn registered(component: &'static Component) -> (Registry, Recorder) {
    let mut registry = Registry::new();
    let recorder = Recorder::new(&mut registry, component);
    (registry, recorder)
}

/// The samples of an exposition, without the lines that describe them.
pub(crate) fn samples(registry: &Registry) -> Vec<String> {
    let body = registry.encode(OPENMETRICS);
    body.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}
