//! Diagnostics for people, programs and GitHub.

use clap::ValueEnum;
use serde::Serialize;
use streamhouse_metrics_spec::rule::Level;
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Diagnostic, Sources, render};

use super::terminal::{self, say};
use crate::output::Failure;

/// The form in which diagnostics are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, on stderr
    Human,
    /// One JSON object a line, on stdout
    Json,
    /// GitHub workflow commands, on stdout
    Github,
}

/// Shows diagnostics where their form belongs.
pub(super) fn show(
    format: Format,
    diagnostics: &[Diagnostic],
    sources: &Sources,
) -> Result<(), Failure> {
    match format {
        Format::Human => {
            people(diagnostics, sources);
            Ok(())
        }
        Format::Json => {
            terminal::print(&lines(diagnostics, |diagnostic| json(diagnostic, sources)))
        }
        Format::Github => {
            terminal::print(&lines(diagnostics, |diagnostic| github(diagnostic, sources)))
        }
    }
}

/// Shows diagnostics the way rustc does.
pub(super) fn people(diagnostics: &[Diagnostic], sources: &Sources) {
    for diagnostic in diagnostics {
        say(&render::render(diagnostic, sources, render::Style::Coloured));
        say("");
    }
}

fn lines(diagnostics: &[Diagnostic], line: impl Fn(&Diagnostic) -> String) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic) + "\n").collect()
}

/// A diagnostic as one JSON object.
#[derive(Serialize)]
struct Finding<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    level: &'static str,
    id: &'static str,
    message: &'a str,
    label: Option<&'a str>,
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
}

/// Where something is; lines and columns count from one, columns in characters.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let (line, column) = sources.position(span);
    let (end_line, end_column) = sources.position(Span { start: span.end, ..span });
    Place { file: &sources.get(span.file).shown, line, column, end_line, end_column }
}

fn json(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Diagnostic { rule, level, message, span, label, related, help } = diagnostic;
    let finding = Finding {
        place: place(*span, sources),
        level: word(*level),
        id: rule.id,
        message,
        label: (!label.is_empty()).then_some(label),
        help: help.as_deref(),
        related: related
            .iter()
            .map(|(span, label)| Related { place: place(*span, sources), label })
            .collect(),
    };
    // Strings and numbers: nothing in here can fail to serialise.
    serde_json::to_string(&finding).expect("plain data serialises")
}

fn github(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Place { file, line, column, end_line, end_column } = place(diagnostic.span, sources);
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Allow => "notice",
    };
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let details = [&*diagnostic.label, &help].concat();
    let separator = if diagnostic.label.is_empty() { "" } else { "\n" };
    format!(
        "::{command} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}",
        property(file),
        property(diagnostic.rule.id),
        data(&format!("{}{separator}{details}", diagnostic.message))
    )
}

/// Text after the last `::` of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text between the commas of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

pub(super) fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Allow => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_are_escaped() {
        assert_eq!(data("100% of\nit: a, b"), "100%25 of%0Ait: a, b");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
