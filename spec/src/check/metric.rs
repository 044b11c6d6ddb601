//! One metric: its name, type, labels and values.

use std::collections::HashMap;

use crate::catalog::{Allowed, Deprecation, Kind, Label, Metric, Stability, ValueType};
use crate::diagnostic::Diagnostic;
use crate::name::is_recorder_method;
use crate::rule;
use crate::spec::{self, Spec, Text};
use crate::suggest::{nearest, question};
use crate::unit::{BASE, COUNTING, Unit};

use super::recording::{Recording, recording};
use super::report::Report;
use super::{bucket, label, name, panel, unit, word};

/// What a metric is checked against.
pub(super) struct Surroundings<'a> {
    spec: &'a Spec,
    namespace: &'a str,
    labels: &'a [Label],
    by_key: HashMap<&'a str, usize>,
    by_name: HashMap<&'a str, usize>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(spec: &'a Spec, namespace: &'a str, labels: &'a [Label]) -> Self {
        let by_key = labels.iter().enumerate().map(|(at, label)| (&*label.key, at)).collect();
        let by_name = labels.iter().enumerate().map(|(at, label)| (&*label.name, at)).collect();
        Self { spec, namespace, labels, by_key, by_name }
    }
}

/// A metric as written, checked on its own; clashes with others are found later.
pub(super) fn metric(
    component: &Text,
    written: &spec::Metric,
    surroundings: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Metric {
    let spec::Metric { key, kind, unit, value, labels, const_labels, buckets, help, .. } = written;
    let spec::Metric { stability, deprecated, owner, allow, required, panel, .. } = written;
    if name::check("metric", key, report) {
        name::keyword("metric", key, report);
        recorder_method(key, report);
    }
    let kind = kind_of(kind.as_ref());
    misplaced(written, kind, report);
    let stem = stem(kind, key);
    let resolved_unit = unit::check(written, kind, surroundings.spec, report);
    let value = value_type(kind, value.as_ref(), &resolved_unit);
    if kind != Kind::Info && unit.is_none() {
        let message = format!("`{}` has no unit", key.value);
        let last =
            stem.rsplit('_').next().filter(|word| BASE.contains(word) || COUNTING.contains(word));
        let help = format!("add `unit = \"{}\"` or the like", last.unwrap_or("records"));
        report.push(Diagnostic::new(&rule::MISSING_KEY, key.span, message).help(help));
    }
    if kind == Kind::Info && labels.is_empty() && const_labels.is_empty() {
        let message = format!("info metric `{}` has no labels, so it says nothing", key.value);
        let help = "add `labels = [\"…\"]` or `const_labels = { … }`";
        report.push(Diagnostic::new(&rule::MISSING_KEY, key.span, message).help(help));
    }
    let labels = label_indices(labels, surroundings, report);
    let carried: Vec<_> = labels.iter().map(|&at| &surroundings.labels[at]).collect();
    let Recording { native, exemplars, sample, series_limit } =
        recording(written, kind, &carried, report);
    Metric {
        family: format!("{}_{}_{stem}", surroundings.namespace, component.value),
        key: key.value.clone(),
        kind,
        value,
        unit: resolved_unit,
        labels,
        const_labels: fixed_labels(written, const_labels, surroundings, report),
        buckets: bucket::bounds(key, kind, value, buckets.as_ref(), report),
        native,
        exemplars,
        sample,
        series_limit,
        required: required.as_ref().is_some_and(|required| required.value),
        help: help.value.trim().to_owned(),
        stability: word(stability, Stability::from_word).unwrap_or(Stability::Stable),
        deprecated: deprecated.as_ref().map(|deprecated| Deprecation {
            replacement: None,
            note: deprecated.note.as_ref().map(|note| note.value.clone()),
        }),
        owner: owner.as_ref().map(|owner| owner.value.clone()),
        panel: panel::choice(panel, report),
        drained_by: None,
        follows: None,
        allowed: allow
            .iter()
            .map(|allow| Allowed { lint: allow.lint.value.clone(), reason: allow.reason.clone() })
            .collect(),
    }
}

fn recorder_method(key: &Text, report: &mut Report<'_>) {
    if is_recorder_method(key) {
        let message = format!("every recorder has a method `{}` already", key.value);
        report
            .push(Diagnostic::new(&rule::KEYWORD, key.span, message).help("choose a longer name"));
    }
}

/// The kind of a word; of a misspelt one, for the skeleton, the kind that was probably meant.
fn kind_of(word: Option<&Text>) -> Kind {
    let word = word.map_or("", |word| &word.value);
    let meant = || Kind::from_word(nearest(word, Kind::WORDS.iter().copied())?);
    Kind::from_word(word).or_else(meant).unwrap_or(Kind::Counter)
}

/// A key without the suffix that its kind adds.
fn stem(kind: Kind, key: &str) -> &str {
    let suffix = match kind {
        Kind::Counter => "_total",
        Kind::Info => "_info",
        Kind::Gauge | Kind::Histogram => "",
    };
    key.strip_suffix(suffix).unwrap_or(key)
}

/// Reports keys that say nothing about a metric of this kind.
fn misplaced(metric: &spec::Metric, kind: Kind, report: &mut Report<'_>) {
    let mut refuse = |place: &Text, message: &str, key: &str| {
        let diagnostic = Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, place.span, message);
        report.push(diagnostic.help(format!("delete `{key}`")));
    };
    if let (Kind::Info, Some(unit)) = (kind, &metric.unit) {
        refuse(unit, "an info metric has no unit", "unit");
    }
    if let (Kind::Info, Some(value)) = (kind, &metric.value) {
        refuse(value, "an info metric has no value to choose", "value");
    }
    let seconds = metric.unit.as_ref().is_some_and(|unit| unit.value == "seconds");
    if let (Kind::Histogram, true, Some(value)) = (kind, seconds, &metric.value) {
        refuse(value, "a histogram of seconds records durations", "value");
    }
}

fn value_type(kind: Kind, word: Option<&Text>, unit: &Unit) -> ValueType {
    let seconds = unit.as_str() == "seconds";
    match word.map(|word| &*word.value) {
        _ if kind == Kind::Histogram && seconds => ValueType::Duration,
        Some("float") => ValueType::Float,
        Some(_) => ValueType::Integer,
        None if unit.is_fractional() => ValueType::Float,
        None => ValueType::Integer,
    }
}

/// The metric's labels, each once, in the order of `[labels]`.
fn label_indices(
    written: &[Text],
    surroundings: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Vec<usize> {
    let mut labels: Vec<(usize, &Text)> = Vec::new();
    // What misspellings stand for: in the skeleton, so that code that spells them right compiles.
    let mut meant = Vec::new();
    for text in written {
        let Some(&at) = surroundings.by_key.get(&*text.value) else {
            let label = meant_label(text, surroundings, report);
            report.push(unknown_label(text, label.map(|at| &surroundings.labels[at])));
            meant.extend(label);
            continue;
        };
        let name = &surroundings.labels[at].name;
        if let Some((_, first)) =
            labels.iter().find(|&&(other, _)| surroundings.labels[other].name == *name)
        {
            let message = format!("label name `{name}` is repeated");
            let diagnostic = Diagnostic::new(&rule::REPEATED_LABEL, text.span, message);
            report.push(diagnostic.related(first.span, "first here").help("keep one of the two"));
            continue;
        }
        labels.push((at, text));
    }
    let mut indices: Vec<_> = labels.into_iter().map(|(at, _)| at).chain(meant).collect();
    indices.sort_unstable();
    indices.dedup();
    indices
}

/// The label that an unknown name probably stands for: it is exposed so, or spelt much like it.
fn meant_label(
    text: &Text,
    surroundings: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Option<usize> {
    let exposed = surroundings.by_name.get(&*text.value).copied();
    exposed.or_else(|| {
        let keys = surroundings.labels.iter().map(|label| &*label.key);
        surroundings.by_key.get(report.nearest(text, keys)?).copied()
    })
}

fn unknown_label(text: &Text, meant: Option<&Label>) -> Diagnostic {
    let help = match meant {
        Some(label) if label.name == text.value => {
            format!("labels are used by their keys: write `{}`", label.key)
        }
        Some(label) => question(&label.key),
        None => {
            format!(
                "define it: `{} = {{ help = \"…\", limit = 100 }}` under `[labels]`",
                text.value
            )
        }
    };
    let message = format!("unknown label `{}`", text.value);
    Diagnostic::new(&rule::UNKNOWN_LABEL, text.span, message).help(help)
}

/// Constant labels: the service's, then the metric's own.
fn fixed_labels(
    metric: &spec::Metric,
    own: &[(Text, Text)],
    surroundings: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Vec<(String, String)> {
    for (name, _) in own {
        label::exposed_name(name, &metric.allow, true, report);
    }
    let mut names: HashMap<&str, &Text> = HashMap::new();
    for key in &metric.labels {
        if let Some(&at) = surroundings.by_key.get(&*key.value) {
            names.insert(&surroundings.labels[at].name, key);
        }
    }
    let mut fixed = Vec::new();
    for (name, value) in surroundings.spec.const_labels.iter().chain(own) {
        match names.insert(&name.value, name) {
            None => fixed.push((name.value.clone(), value.value.clone())),
            Some(first) => {
                let message =
                    format!("`{}` has label name `{}` twice", metric.key.value, name.value);
                report.push(
                    Diagnostic::new(&rule::REPEATED_LABEL, name.span, message)
                        .related(first.span, "first here"),
                );
            }
        }
    }
    fixed
}
