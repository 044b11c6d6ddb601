//! `lint-dashboard`: do dashboards that people wrote keep the rules?

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::Value;
use streamhouse_metrics_spec::disk;

use super::load::{self, Specification};
use super::report;
use super::terminal::{Outcome, print, say};
use crate::emit::artifacts;
use crate::handwritten::Handwritten;
use crate::linter::{Finding, Known, except, except_all, lint};
use crate::output::Failure;
use crate::text::number::counted;

/// Which dashboards, and how to show what is found in them.
#[derive(Args, Debug)]
pub struct LintDashboard {
    /// Dashboards in the classic JSON model [default: those that the specification generates]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The specification, which says what is a metric of whom [default: the nearest metrics.toml
    /// here or above]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// How to show findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// The form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, on stderr
    Human,
    /// One JSON object a line, on stdout
    Json,
}

impl LintDashboard {
    /// Shows every finding; any of them fails.
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let specification = Specification::load_without_expressions(self.spec.as_deref())?;
        let checked = match specification.loaded {
            Ok(checked) => checked,
            Err(rejected) => {
                report::people(&rejected.diagnostics, &rejected.sources);
                return Ok(load::outcome(&rejected));
            }
        };
        let catalog = &checked.catalog;
        let known = Known::new(catalog);
        let mut found = Vec::new();
        let mut number = 0;
        if self.files.is_empty() {
            let made = artifacts(catalog, &Handwritten::default(), |name| name == "dashboards");
            number = made.len();
            let mut findings = Vec::new();
            for (_, artifact) in made {
                let dashboard = serde_json::from_str(&artifact.text);
                let dashboard = dashboard.map_err(|error| Failure::input(error.to_string()))?;
                findings.extend(lint(&dashboard, &known));
            }
            let findings = except_all(findings, catalog).into_iter();
            let shown = disk::shown(&specification.path);
            found.extend(findings.map(|finding| (shown.clone(), finding)));
        }
        for path in &self.files {
            number += 1;
            let findings = except(lint(&dashboard(path)?, &known), catalog).into_iter();
            found.extend(findings.map(|finding| (disk::shown(path), finding)));
        }
        for (file, finding) in &found {
            match self.format {
                Format::Human => say(&human(file, finding)),
                Format::Json => print(&json(file, finding))?,
            }
        }
        let counts = [
            counted(number, "dashboard", "dashboards"),
            counted(found.len(), "finding", "findings"),
        ];
        say(&counts.join(", "));
        Ok(if found.is_empty() { Outcome::Fine } else { Outcome::Findings })
    }
}

/// Reads a dashboard; what is none is not judged.
fn dashboard(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::disk("read", path, error))?;
    let shown = disk::shown(path);
    let dashboard: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::input(format!("`{shown}` is no JSON: {error}")))?;
    if ["panels", "rows"].iter().any(|key| dashboard[key].is_array()) {
        return Ok(dashboard);
    }
    let message = format!("`{shown}` is no dashboard in the classic model: it has no `panels`");
    Err(Failure::input(message))
}

fn human(file: &str, finding: &Finding) -> String {
    let Finding { rule, dashboard, panel, target, message } = finding;
    let dashboard =
        if file.ends_with(".json") { String::new() } else { format!(": `{dashboard}`") };
    let panel = panel.as_ref().map(|panel| format!(": panel `{panel}`")).unwrap_or_default();
    let target = target.as_ref().map(|target| format!(", query `{target}`")).unwrap_or_default();
    let head = format!("\x1b[1;31merror[{rule}]\x1b[0m\x1b[1m: {message}\x1b[0m");
    format!("{head}\n --> {file}{dashboard}{panel}{target}\n")
}

/// A finding for programs.
#[derive(Serialize)]
struct Found<'a> {
    file: &'a str,
    dashboard: &'a str,
    panel: Option<&'a str>,
    query: Option<&'a str>,
    level: &'static str,
    id: &'static str,
    message: &'a str,
}

fn json(file: &str, finding: &Finding) -> String {
    let Finding { rule, dashboard, panel, target, message } = finding;
    let found = Found {
        file,
        dashboard,
        panel: panel.as_deref(),
        query: target.as_deref(),
        level: "error",
        id: rule,
        message,
    };
    // Strings: nothing in here can fail to serialise.
    serde_json::to_string(&found).expect("plain data serialises") + "\n"
}
