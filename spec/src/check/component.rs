//! Components: every metric under its component, deprecations resolved.

use std::collections::HashMap;

use crate::catalog::{Component, Label};
use crate::diagnostic::Diagnostic;
use crate::name::to_title;
use crate::rule;
use crate::spec::{self, Spec};
use crate::suggest::question;

use super::report::Report;
use super::{metric, name, unit};

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
        let spec::Component { key, title, help, job, metrics } = written;
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
        components.push(Component {
            key: key.value.clone(),
            title: title.as_ref().map_or_else(|| to_title(key), |title| title.value.clone()),
            help: help.as_ref().map_or_else(String::new, |help| help.value.trim().to_owned()),
            job: job.as_ref().map(|job| job.value.clone()),
            metrics: metrics
                .iter()
                .map(|metric| metric::metric(key, metric, &surroundings, report))
                .collect(),
        });
    }
    replacements(spec, &mut components, report);
    components
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
