//! Why outputs could not be made or written.

use std::fmt;
use std::path::Path;

use streamhouse_metrics_spec::disk;

/// A reason to stop, as one line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong; names the file.
    pub message: String,
    /// Whether the user's input is wrong, rather than the disk in the way.
    pub is_input: bool,
}

impl Failure {
    /// A mistake in a hand-written file.
    pub(crate) fn input(message: String) -> Self {
        Self { message, is_input: true }
    }

    /// Something on disk that a person has to look at.
    pub(crate) fn in_the_way(message: String) -> Self {
        Self { message, is_input: false }
    }

    /// A file that cannot be read or written.
    pub(crate) fn disk(doing: &str, path: &Path, why: impl fmt::Display) -> Self {
        Self::in_the_way(format!("cannot {doing} `{}`: {why}", disk::shown(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
