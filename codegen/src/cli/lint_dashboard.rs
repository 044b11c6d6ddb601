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
use crate::linter::{Finding, Known, lint};
use crate::output::Failure;
use crate::text::number::counted;

/// Which dashboards, and how to show what is found in them.
#[derive(Args, Debug)]
pub struct LintDashboard {
    /// Dashboards in the classic JSON model
    #[arg(value_name = "FILE", required = true)]
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
        let known = Known::new(&checked.catalog);
        let mut number = 0;
        for path in &self.files {
            let file = disk::shown(path);
            let findings = lint(&dashboard(path)?, &known);
            number += findings.len();
            for finding in &findings {
                match self.format {
                    Format::Human => say(&human(&file, finding)),
                    Format::Json => print(&json(&file, finding))?,
                }
            }
        }
        let counts = [
            counted(self.files.len(), "dashboard", "dashboards"),
            counted(number, "finding", "findings"),
        ];
        say(&counts.join(", "));
        Ok(if number == 0 { Outcome::Fine } else { Outcome::Findings })
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
    let Finding { rule, dashboard: _, panel, target, message } = finding;
    let panel = panel.as_ref().map(|panel| format!(": panel `{panel}`")).unwrap_or_default();
    let target = target.as_ref().map(|target| format!(", query `{target}`")).unwrap_or_default();
    let head = format!("\x1b[1;31merror[{rule}]\x1b[0m\x1b[1m: {message}\x1b[0m");
    format!("{head}\n --> {file}{panel}{target}\n")
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
