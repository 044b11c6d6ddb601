//! Runbooks: addresses, and files that become parts of generated pages.

use std::path::{Component, Path};

use crate::catalog::Runbook;
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::{Spec, Text};

use super::alert::placeholder;
use super::report::Report;

/// An alert's own runbook; a file that is named is there.
pub(super) fn runbook(
    written: &Option<Text>,
    spec: &Spec,
    report: &mut Report<'_>,
) -> Option<Runbook> {
    let written = written.as_ref()?;
    if let Some(placeholder) = placeholder(written) {
        let span = spec.sources.piece(written.span, placeholder);
        let diagnostic = Diagnostic::new(&rule::TEMPLATE, span, "a runbook is constant");
        let help = "one page tells what to do for all series: what differs belongs in the \
                    `description`";
        report.push(diagnostic.help(help));
        return None;
    }
    if written.contains("://") {
        return Some(Runbook::Address(written.value.clone()));
    }
    let ordinary = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let is_below = Path::new(&written.value).components().all(ordinary);
    if !is_below || !written.ends_with(".md") {
        let message = format!("`{}` is neither an address nor a Markdown file", written.value);
        let help =
            "write `https://…`, or the path of a `.md` file below the specification's folder";
        report.push(Diagnostic::new(&rule::RUNBOOK, written.span, message).help(help));
        return None;
    }
    // A specification that is no file has no folder to look into.
    let main = spec.sources.paths().next().and_then(Path::parent);
    if let Some(folder) = main
        && !folder.join(&written.value).is_file()
    {
        let message = format!("there is no file `{}`", written.value);
        let help = "write it, or leave `runbook` out: the alert's page is one";
        report.push(Diagnostic::new(&rule::RUNBOOK, written.span, message).help(help));
        return None;
    }
    Some(Runbook::File(written.value.clone()))
}
