//! Finding and loading the specification.

use std::path::{Path, PathBuf};

use streamhouse_metrics_spec::{Checked, Rejected, disk, rule};

use super::progress;
use super::terminal::Outcome;
use crate::output::Failure;
use crate::promql;
use crate::testing::Tests;

/// A specification on disk.
pub(super) struct Specification {
    /// Its file.
    pub(super) path: PathBuf,
    /// What loading it gave.
    pub(super) loaded: Result<Checked, Rejected>,
    /// The tests of its alerts, if they were made on the way.
    pub(super) tests: Option<Tests>,
}

/// Holds a specification against itself, and gives what was made for that.
type Check = fn(Checked) -> Result<(Checked, Option<Tests>), Rejected>;

impl Specification {
    /// Loads the named specification, or the nearest one above the working directory, and holds its
    /// expressions against it.
    pub(super) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        Self::read(named, promql::check_with_tests)
    }

    /// Loads it, whatever its expressions are worth.
    pub(super) fn load_without_expressions(named: Option<&Path>) -> Result<Self, Failure> {
        Self::read(named, |checked| Ok((checked, None)))
    }

    fn read(named: Option<&Path>, check: Check) -> Result<Self, Failure> {
        let path = match named {
            // Absolute, so that paths compare whatever way they were written.
            Some(path) => {
                std::path::absolute(path).map_err(|error| Failure::disk("find", path, error))?
            }
            None => nearest()?,
        };
        let loaded = progress::during(&format!("checking {}", disk::shown(&path)), || {
            streamhouse_metrics_spec::load(&path).and_then(check)
        });
        Ok(match loaded {
            Ok((checked, tests)) => Self { path, loaded: Ok(checked), tests },
            Err(rejected) => Self { path, loaded: Err(rejected), tests: None },
        })
    }

    /// The folder that its paths are relative to.
    pub(super) fn root(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }
}

fn nearest() -> Result<PathBuf, Failure> {
    let here =
        std::env::current_dir().map_err(|error| Failure::disk("use", Path::new("."), error))?;
    let why = "neither here nor in a folder above; name one with `--spec PATH`";
    disk::find(&here).ok_or_else(|| Failure::disk("find", Path::new(disk::FILE_NAME), why))
}

/// How it went with a specification that was refused: a file that cannot be read is no finding.
pub(super) fn outcome(rejected: &Rejected) -> Outcome {
    let unreadable =
        rejected.diagnostics.iter().any(|diagnostic| diagnostic.rule == &rule::UNREADABLE);
    if unreadable { Outcome::Failed } else { Outcome::Findings }
}
