//! Components: every metric under its component, deprecations resolved.

use std::collections::HashMap;
use std::time::Duration;

use crate::catalog::{Component, Label, Metric};
use crate::diagnostic::Diagnostic;
use crate::name::to_title;
use crate::spec::{self, Spec};
use crate::suggest::question;
use crate::{duration, rule};

use super::report::Report;
use super::{kubernetes, metric, name, unit};

/// The components of a specification that have metrics.
pub(super) fn components(
    spec: &Spec,
    namespace: &str,
    labels: &[Label],
    report: &mut Report<'_>,
) -> Vec<Component> {
    let surroundings = metric::Surroundings::new(spec, namespace, labels);
    service_labels(spec, report);
    let mut components = Vec::new();
    for written in &spec.components {
        let spec::Component { key, title, help, job, targets, selector, idle_timeout: _, metrics } =
            written;
        if metrics.is_empty() {
            let message = format!("component `{}` has no metrics", key.value);
            let known = spec.components.iter().filter(|component| !component.metrics.is_empty());
            let nearest = report.nearest(key, known.map(|component| &*component.key.value));
            let help = nearest.map(question);
            report.push(Diagnostic::new(&rule::UNKNOWN_KEY, key.span, message).maybe_help(help));
            continue;
        }
        if name::check("component", key, report) {
            name::keyword("component", key, report);
            if is_in_scope(key) {
                let message =
                    format!("`{}` is a crate or a type that every module sees", key.value);
                report.push(
                    Diagnostic::new(&rule::KEYWORD, key.span, message).help("choose a longer name"),
                );
            }
            unit::in_prefix(key, report);
        }
        let metrics: Vec<_> = metrics
            .iter()
            .map(|metric| metric::metric(key, metric, &surroundings, report))
            .collect();
        components.push(Component {
            key: key.value.clone(),
            title: title.as_ref().map_or_else(|| to_title(key), |title| title.value.clone()),
            help: help.as_ref().map_or_else(String::new, |help| help.value.trim().to_owned()),
            job: job.as_ref().map(|job| job.value.clone()),
            targets: targets.iter().map(|target| target.value.clone()).collect(),
            selector: kubernetes::labels(selector, report),
            idle_timeout: idle_timeout(written, &metrics, labels, report),
            metrics,
        });
    }
    replacements(spec, &mut components, report);
    components
}

/// After how long a component's idle series are removed, where that removes anything.
fn idle_timeout(
    written: &spec::Component,
    metrics: &[Metric],
    labels: &[Label],
    report: &mut Report<'_>,
) -> Option<Duration> {
    let text = written.idle_timeout.as_ref()?;
    // What is no duration has been reported.
    let timeout = duration::parse(text)?;
    let mut carried = metrics.iter().flat_map(|metric| &metric.labels);
    let is_open = carried.any(|&label| labels[label].is_open());
    // A label that is not known is reported as that, and may be open.
    let mut pairs = metrics.iter().zip(&written.metrics);
    let all_known = pairs.all(|(metric, written)| metric.labels.len() == written.labels.len());
    if timeout.is_zero() {
        let message = "no series is ever recorded into without a pause";
        let diagnostic = Diagnostic::new(&rule::IDLE_TIMEOUT, text.span, message);
        report.push(diagnostic.help("wait some time, such as `1h`, or delete `idle_timeout`"));
        return None;
    }
    if all_known && !is_open {
        let message = format!("component `{}` has no open label", written.key.value);
        let diagnostic = Diagnostic::new(&rule::IDLE_TIMEOUT, text.span, message);
        let label = "closed labels keep all their series";
        report.push(diagnostic.label(label).help("delete `idle_timeout`"));
        return None;
    }
    Some(timeout)
}

/// Whether a component's module would hide what its own code names.
fn is_in_scope(key: &str) -> bool {
    const CRATES: &[&str] = &["core", "std", "alloc", "streamhouse_metrics"];
    const TYPES: &[&str] = &[
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64",
    ];
    CRATES.contains(&key) || TYPES.contains(&key)
}

/// Reports names of the service's own constant labels.
fn service_labels(spec: &Spec, report: &mut Report<'_>) {
    for (label, _) in &spec.const_labels {
        super::label::exposed_name(label, &[], true, report);
    }
}

/// Turns `component.key` of a replacement into the exposed name.
fn replacements(spec: &Spec, components: &mut [Component], report: &mut Report<'_>) {
    let mut exposed = HashMap::new();
    for component in &*components {
        for metric in &component.metrics {
            let deprecated = metric.deprecated.is_some();
            exposed.insert(
                format!("{}.{}", component.key, metric.key),
                (metric.exposed(), deprecated),
            );
        }
    }
    let written = spec.components.iter().filter(|component| !component.metrics.is_empty());
    for (component, written) in components.iter_mut().zip(written) {
        for (metric, written) in component.metrics.iter_mut().zip(&written.metrics) {
            let deprecations = metric.deprecated.as_mut().zip(written.deprecated.as_ref());
            let Some((resolved, replacement)) =
                deprecations.and_then(|(to, from)| Some((to, from.replacement.as_ref()?)))
            else {
                continue;
            };
            match exposed.get(&replacement.value) {
                Some((name, false)) => resolved.replacement = Some(name.clone()),
                Some((name, true)) => {
                    resolved.replacement = Some(name.clone());
                    let message = format!("`{}` is deprecated itself", replacement.value);
                    let diagnostic =
                        Diagnostic::new(&rule::DEPRECATED_METRIC, replacement.span, message);
                    report.lint(
                        &written.allow,
                        diagnostic.help("name what is to be read in the end"),
                    );
                }
                None => {
                    let message = format!("unknown metric `{}`", replacement.value);
                    let nearest = report.nearest(replacement, exposed.keys().map(|key| &**key));
                    let help =
                        nearest.map_or_else(|| "name it as `component.key`".to_owned(), question);
                    report.push(
                        Diagnostic::new(&rule::UNKNOWN_METRIC, replacement.span, message)
                            .help(help),
                    );
                }
            }
        }
    }
}
