//! Labels: their names, and which values they take.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, Domain, Label, LabelType};
use crate::diagnostic::Diagnostic;
use crate::name::{is_keyword, to_camel_case};
use crate::rule;
use crate::source::Spanned;
use crate::spec::{self, Allow, Spec, Text};

use super::name;
use super::report::Report;

/// The labels of a specification, in file order.
pub(super) fn labels(spec: &Spec, report: &mut Report<'_>) -> Vec<Label> {
    spec.labels.iter().map(|written| label(written, report)).collect()
}

fn label(written: &spec::Label, report: &mut Report<'_>) -> Label {
    let spec::Label { key, name, help, kind, limit, values, allow } = written;
    let exposed = name.as_ref().unwrap_or(key);
    // A reserved name is reported as that, below.
    let reserved = name.is_none() && key.starts_with("__");
    if !reserved && name::check("label", key, report) {
        name::keyword("label", key, report);
    }
    exposed_name(exposed, allow, name.is_some(), report);
    let domain = match (limit, values) {
        (Some(limit), None) => open(kind.as_ref(), limit, report),
        (None, Some(values)) => closed(kind.as_ref(), values, report),
        (Some(limit), Some(values)) => {
            let message = format!("label `{}` is both open and closed", key.value);
            let diagnostic = Diagnostic::new(&rule::LABEL_DOMAIN, limit.span, message)
                .label("a limit makes it open");
            report.push(
                diagnostic
                    .related(values.span, "values make it closed")
                    .help("keep one of the two"),
            );
            closed(None, values, report)
        }
        (None, None) => {
            let message = format!("label `{}` has neither `limit` nor `values`", key.value);
            let help = "add `limit = 100` for any value, or `values = [\"…\"]` for a fixed set";
            report.push(Diagnostic::new(&rule::LABEL_DOMAIN, key.span, message).help(help));
            Domain::Open { kind: label_type(kind.as_ref()), limit: 1 }
        }
    };
    Label {
        key: key.value.clone(),
        name: exposed.value.clone(),
        help: help.value.trim().to_owned(),
        domain,
    }
}

/// Reports names that Prometheus or every scrape uses itself.
pub(super) fn exposed_name(
    name: &Text,
    allow: &[Allow],
    check_form: bool,
    report: &mut Report<'_>,
) {
    if name.starts_with("__") || ["le", "quantile"].contains(&&*name.value) {
        let message = format!("label name `{}` is reserved by Prometheus", name.value);
        report.push(
            Diagnostic::new(&rule::RESERVED_LABEL, name.span, message).help("choose another name"),
        );
    } else if ["job", "instance"].contains(&&*name.value) {
        let message = format!("every scrape adds `{}` itself", name.value);
        let help = format!("drop it: the program's own would be renamed `exported_{}`", name.value);
        report.lint(allow, Diagnostic::new(&rule::TARGET_LABEL, name.span, message).help(help));
    } else if check_form {
        name::check("label", name, report);
    }
}

fn label_type(kind: Option<&Text>) -> LabelType {
    kind.and_then(|kind| LabelType::from_word(kind)).unwrap_or(LabelType::String)
}

fn open(kind: Option<&Text>, limit: &Spanned<u64>, report: &mut Report<'_>) -> Domain {
    if limit.value == 0 {
        let diagnostic =
            Diagnostic::new(&rule::LABEL_DOMAIN, limit.span, "a label without values says nothing");
        report.push(diagnostic.help("allow at least one value"));
    }
    Domain::Open { kind: label_type(kind), limit: limit.value }
}

fn closed(kind: Option<&Text>, values: &Spanned<Vec<Text>>, report: &mut Report<'_>) -> Domain {
    if let Some(kind) = kind {
        let message = "a closed label is an enum; it has no `type`";
        report.push(Diagnostic::new(&rule::LABEL_DOMAIN, kind.span, message).help("delete `type`"));
    }
    if values.is_empty() {
        let message = "a closed label needs at least one value";
        report.push(
            Diagnostic::new(&rule::LABEL_DOMAIN, values.span, message).help("list its values"),
        );
    }
    let mut variants: HashMap<String, &Text> = HashMap::new();
    for value in &values.value {
        let variant = to_camel_case(value);
        if let Some(first) = variants.get(&variant) {
            report.push(twice(first, value, &variant));
        } else if value.starts_with("__") {
            let message = format!("value `{}` is reserved", value.value);
            let help = "values that start with two underscores say what happened to a label";
            report.push(Diagnostic::new(&rule::RESERVED_LABEL, value.span, message).help(help));
        } else if variant.is_empty() || is_keyword(&variant) {
            let message = format!("value `{}` makes no Rust name", value.value);
            let help = "a value needs an ASCII letter or digit, and `self` is taken";
            report.push(Diagnostic::new(&rule::KEYWORD, value.span, message).help(help));
        } else {
            variants.insert(variant, value);
        }
    }
    Domain::Closed { values: values.iter().map(|value| value.value.clone()).collect() }
}

fn twice(first: &Text, second: &Text, variant: &str) -> Diagnostic {
    let (rule, message) = match first.value == second.value {
        true => (&rule::DUPLICATE_VALUE, format!("value `{}` is listed twice", second.value)),
        false => (
            &rule::FOLDED_NAME,
            format!("`{}` and `{}` both become `{variant}` in Rust", first.value, second.value),
        ),
    };
    Diagnostic::new(rule, second.span, message).related(first.span, "first here")
}

/// Reports labels that no metric carries.
pub(super) fn unused(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let used: HashSet<usize> =
        catalog.metrics().flat_map(|(_, metric)| &metric.labels).copied().collect();
    for (at, label) in spec.labels.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        debug_assert_eq!(catalog.labels[at].key, label.key.value);
        let message = format!("no metric has label `{}`", label.key.value);
        report.lint(
            &label.allow,
            Diagnostic::new(&rule::UNUSED_LABEL, label.key.span, message).help("delete it"),
        );
    }
}
