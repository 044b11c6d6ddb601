//! `gen` and its narrower siblings.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use streamhouse_metrics_spec::{Sources, disk};

use super::load::{self, Specification};
use super::terminal::{Outcome, print, say};
use super::{progress, report};
use crate::emit::GrafanaSchema;
use crate::output::{self, Failure, Folders, Plan, Selection};
use crate::text::number::counted;

/// Most names of foreign files that a note lists.
const LISTED: usize = 10;

/// How to remake outputs.
#[derive(Args, Debug)]
pub struct Generate {
    /// Write nothing; fail with a diff on stdout when anything is stale
    #[arg(long)]
    check: bool,
    /// Write nothing; show on stdout what would change, and be content unless --check is given too
    #[arg(long)]
    diff: bool,
    /// The specification [default: the nearest metrics.toml here or above]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// The output folder [default: generated/ beside the specification]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// How to remake dashboards.
#[derive(Args, Debug)]
pub struct GenerateDashboards {
    #[command(flatten)]
    how: Generate,
    /// In which schemas dashboards are written
    #[arg(long, value_name = "SCHEMA", default_value = "classic")]
    grafana_schema: GrafanaSchema,
}

/// How to remake outputs, and which.
#[derive(Args, Debug)]
pub struct GenerateAll {
    #[command(flatten)]
    how: GenerateDashboards,
    /// Only these outputs
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', value_parser = names())]
    only: Vec<String>,
}

fn names() -> PossibleValuesParser {
    output::names()
        .map(|(name, about)| PossibleValue::new(name).help(about))
        .collect::<Vec<_>>()
        .into()
}

impl GenerateAll {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let only: Vec<_> = self.only.iter().map(String::as_str).collect();
        self.how.run(&only)
    }
}

impl GenerateDashboards {
    /// Makes the outputs of some names, or of all when there are none.
    pub(super) fn run(self, only: &[&str]) -> Result<Outcome, Failure> {
        self.how.run_with(only, self.grafana_schema)
    }
}

impl Generate {
    /// Makes the outputs of some names, none of which are dashboards.
    pub(super) fn run(self, only: &[&str]) -> Result<Outcome, Failure> {
        self.run_with(only, GrafanaSchema::default())
    }

    fn run_with(self, only: &[&str], grafana_schema: GrafanaSchema) -> Result<Outcome, Failure> {
        let mut specification = Specification::load(self.spec.as_deref())?;
        let tests = specification.tests.take();
        let checked = match &specification.loaded {
            Ok(checked) => checked,
            Err(rejected) => {
                report::people(&rejected.diagnostics, &rejected.sources);
                return Ok(load::outcome(rejected));
            }
        };
        report::people(&checked.diagnostics, &checked.sources);
        let folders = self.folders(&specification, &checked.sources)?;
        let selection = Selection::new(only.iter().copied());
        let shown = disk::shown(&specification.path);
        let plan = || {
            progress::during("generating", || {
                let catalog = &checked.catalog;
                let outputs =
                    output::outputs(catalog, tests, grafana_schema, &folders, &selection)?;
                Plan::new(outputs, &folders, &selection)
            })
        };
        if self.check || self.diff {
            return self.compare(&plan()?, &shown, grafana_schema);
        }
        let lock = progress::during("waiting for another run", || output::lock(&folders));
        let plan = plan()?;
        say_foreign(&plan.foreign);
        progress::during("writing", || output::write(&plan, &lock))?;
        say(&format!("{shown}: {}", done(&plan)));
        Ok(Outcome::Fine)
    }

    fn folders(
        &self,
        specification: &Specification,
        sources: &Sources,
    ) -> Result<Folders, Failure> {
        let spec = specification.root().to_owned();
        let output = match &self.out {
            Some(out) => {
                std::path::absolute(out).map_err(|error| Failure::disk("find", out, error))?
            }
            None => spec.join("generated"),
        };
        let sources = sources.paths().map(Path::to_owned).collect();
        Ok(Folders { spec, output, sources })
    }

    /// Shows what would change, and judges it if asked to.
    fn compare(
        &self,
        plan: &Plan,
        shown: &str,
        grafana_schema: GrafanaSchema,
    ) -> Result<Outcome, Failure> {
        say_foreign(&plan.foreign);
        print(&progress::during("comparing", || output::difference(plan)))?;
        if !self.check {
            return Ok(Outcome::Fine);
        }
        if plan.is_current() {
            say(&format!("{shown}: {}", up_to_date(plan)));
            return Ok(Outcome::Fine);
        }
        let remedy = match (plan.written() + plan.removed(), grafana_schema) {
            (0, _) => "move or delete what nobody generates",
            (_, GrafanaSchema::Classic) => "run `gen` and commit the result",
            (_, GrafanaSchema::V2) => "run `gen --grafana-schema v2` and commit the result",
        };
        say(&format!("{shown}: {}; {remedy}", stale(plan)));
        Ok(Outcome::Findings)
    }
}

/// What was done.
fn done(plan: &Plan) -> String {
    let (written, removed) = (plan.written(), plan.removed());
    if written + removed == 0 {
        return up_to_date(plan);
    }
    let removed = if removed > 0 { format!("{removed} removed, ") } else { String::new() };
    format!("{} written, {removed}{} unchanged", files(written), plan.unchanged)
}

/// That there is nothing to do.
fn up_to_date(plan: &Plan) -> String {
    format!("{} up to date", files(plan.unchanged))
}

/// What `--check` found.
fn stale(plan: &Plan) -> String {
    let found =
        [(plan.written() + plan.removed(), "stale"), (plan.foreign.len(), "nobody generates")];
    let found = found.into_iter().filter(|(number, _)| *number > 0);
    found.map(|(number, what)| format!("{} {what}", files(number))).collect::<Vec<_>>().join(", ")
}

fn files(number: usize) -> String {
    counted(number, "file", "files")
}

/// Names files that are in the output folder for no reason; they are never removed.
fn say_foreign(foreign: &[PathBuf]) {
    for path in foreign.iter().take(LISTED) {
        say(&format!(
            "\x1b[1mnote\x1b[0m: nobody generates `{}`; move or delete it",
            disk::shown(path)
        ));
    }
    if foreign.len() > LISTED {
        say(&format!("\x1b[1mnote\x1b[0m: nor {} more", files(foreign.len() - LISTED)));
    }
}
