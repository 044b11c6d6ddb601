//! Alerts: their names and their texts.

use crate::catalog::{Alert, Severity};
use crate::diagnostic::Diagnostic;
use crate::name::is_camel_case;
use crate::rule;
use crate::spec::{self, Text};

use super::reads::Names;
use super::report::Report;
use super::word;

/// An alert as true.
pub(super) fn alert(written: &spec::Alert, names: &Names<'_>, report: &mut Report<'_>) -> Alert {
    let spec::Alert {
        name,
        expr,
        wait,
        keep_firing_for,
        severity,
        summary,
        description,
        runbook,
        allow,
    } = written;
    if !is_camel_case(name) {
        let message = format!("`{}` is no name for an alert", name.value);
        let camel = crate::name::to_camel_case(name);
        let help = (is_camel_case(&camel) && name.is_ascii()).then(|| format!("write `{camel}`"));
        report.push(
            Diagnostic::new(&rule::ALERT_NAME, name.span, message)
                .label("not CamelCase")
                .maybe_help(help),
        );
    }
    if let Some(start) = summary.value.find("{{") {
        let end = summary.value[start..].find("}}").map_or(2, |length| length + 2);
        let span = names.spec.sources.piece(summary.span, start..start + end);
        let diagnostic = Diagnostic::new(&rule::TEMPLATE, span, "a summary is constant");
        report.push(diagnostic.help("values belong in the `description`"));
    }
    let owned = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Alert {
        name: name.value.clone(),
        expr: expr.value.trim().to_owned(),
        wait: owned(wait),
        keep_firing_for: owned(keep_firing_for),
        severity: word(severity, Severity::from_word).unwrap_or(Severity::Warning),
        summary: summary.value.trim().to_owned(),
        description: description.as_ref().map(|text| text.value.trim().to_owned()),
        runbook: owned(runbook),
        reads: names.reads(expr, allow, report),
    }
}
