//! `check`: is the specification right?

use std::path::PathBuf;

use clap::Args;
use streamhouse_metrics_spec::disk;
use streamhouse_metrics_spec::rule::Level;

use super::load::{self, Specification};
use super::report::{self, Format};
use super::terminal::{Outcome, say};
use crate::output::{self, Failure};
use crate::text::number::counted;

/// What to check and how to show it.
#[derive(Args, Debug)]
pub struct Check {
    /// The specification [default: the nearest metrics.toml here or above]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// How to show findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Fail for warnings too, as CI may want to
    #[arg(long)]
    deny_warnings: bool,
}

impl Check {
    /// Shows every finding; errors fail, and `[lints]` makes an error of a warning.
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let specification = Specification::load(self.spec.as_deref())?;
        let shown = disk::shown(&specification.path);
        match &specification.loaded {
            Ok(checked) => {
                report::show(self.format, &checked.diagnostics, &checked.sources)?;
                output::renewed(&checked.catalog, specification.root())?;
                let catalog = &checked.catalog;
                let counts = [
                    counted(catalog.metrics().count(), "metric", "metrics"),
                    counted(catalog.alerts.len(), "alert", "alerts"),
                    counted(catalog.queries.len(), "query", "queries"),
                    counted(checked.diagnostics.len(), "finding", "findings"),
                ];
                say(&format!("{shown}: {}", counts.join(", ")));
                let warned =
                    checked.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Warning);
                match self.deny_warnings && warned {
                    true => Ok(Outcome::Findings),
                    false => Ok(Outcome::Fine),
                }
            }
            Err(rejected) => {
                report::show(self.format, &rejected.diagnostics, &rejected.sources)?;
                say(&format!(
                    "{shown}: {}",
                    counted(rejected.diagnostics.len(), "finding", "findings")
                ));
                Ok(load::outcome(rejected))
            }
        }
    }
}
