//! Every mistake with its diagnostic drawn beneath it.
//!
//! Each file in `mistakes/` is a specification with carets under what is wrong. The carets are
//! taken away, the rest is checked, and what is found is drawn back: the file must not change.
//! `BLESS=1 cargo test --test mistakes` redraws them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::Path;

use streamhouse_metrics_spec::diagnostic::Diagnostic;
use streamhouse_metrics_spec::rule::{self, Level};
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Sources, check_text};

#[test]
fn every_mistake_is_drawn_where_it_stands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut changed = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 40, "the folder of mistakes is nearly empty");
    for file in files {
        let drawn = fs::read_to_string(&file).unwrap();
        let redrawn = redraw(&without_carets(&drawn));
        if drawn != redrawn {
            changed.push(format!("{}:\n{redrawn}", file.display()));
            if std::env::var_os("BLESS").is_some() {
                fs::write(&file, redrawn).unwrap();
            }
        }
    }
    assert!(changed.is_empty(), "drawn differently now:\n\n{}", changed.join("\n"));
}

#[test]
fn every_rule_is_shown_by_a_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let texts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    // What needs files instead of a text is tested in `files.rs`; rustc reports unrecorded metrics,
    // and the query checker what expressions mean.
    let elsewhere = ["unreadable", "not-utf8", "too-many", "unrecorded"];
    let of_queries = rule::QUERIES.iter().map(|rule| rule.id);
    let elsewhere: Vec<_> = elsewhere.into_iter().chain(of_queries).collect();
    for rule in rule::ALL.iter().filter(|rule| !elsewhere.contains(&rule.id)) {
        let shown = format!("[{}]", rule.id);
        assert!(texts.iter().any(|text| text.contains(&shown)), "no mistake shows `{}`", rule.id);
    }
}

/// A drawn specification without its drawings.
fn without_carets(drawn: &str) -> String {
    let is_source = |line: &&str| !line.trim_start().starts_with(['^', '~', '>']);
    drawn.split_inclusive('\n').filter(is_source).collect()
}

/// A specification with what is wrong drawn under its lines.
fn redraw(text: &str) -> String {
    let (diagnostics, sources) = match check_text(text) {
        Ok(checked) => (checked.diagnostics, checked.sources),
        Err(rejected) => (rejected.diagnostics, rejected.sources),
    };
    assert!(!diagnostics.is_empty(), "nothing is wrong with:\n{text}");
    let mut drawn = String::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        drawn += line;
        for diagnostic in &diagnostics {
            drawn += &drawing(diagnostic, at + 1, &sources);
        }
    }
    drawn
}

/// What a diagnostic says about a line.
fn drawing(diagnostic: &Diagnostic, line: usize, sources: &Sources) -> String {
    let Diagnostic { rule, level, message, span, label, related, help } = diagnostic;
    let mut drawn = String::new();
    if let Some(margin) = margin(*span, line, '^', sources) {
        let level = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info | Level::Allow => "info",
        };
        drawn += &format!("{margin} {level}[{}]: {message}\n", rule.id);
        if !label.is_empty() {
            drawn += &format!("> {label}\n");
        }
        if let Some(help) = help {
            drawn += &format!("> help: {help}\n");
        }
    }
    for (span, label) in related {
        if let Some(margin) = margin(*span, line, '~', sources) {
            drawn += &format!("{margin} {label}\n");
        }
    }
    drawn
}

/// Marks under a span, if it starts on a line.
fn margin(span: Span, line: usize, mark: char, sources: &Sources) -> Option<String> {
    let (start, column) = sources.position(span);
    let width = sources.text(span).lines().next().map_or(0, |first| first.chars().count()).max(1);
    (start == line).then(|| " ".repeat(column - 1) + &mark.to_string().repeat(width))
}
