//! docs/benchmarks.md, whose parts are made by different benchmarks.

use std::fs;
use std::path::PathBuf;

use crate::workspace;

/// What opens the part about a whole system; the rest comes before it.
pub(super) const SYSTEM: &str = "## A whole system";

/// Where it is.
pub(super) fn path() -> PathBuf {
    workspace().join("docs/benchmarks.md")
}

/// The part that a heading opens, up to the end.
pub(super) fn part(heading: &str) -> Option<String> {
    let text = fs::read_to_string(path()).ok()?;
    text.find(heading).map(|at| text[at..].to_owned())
}

/// Puts a part in place of the former one, behind all else.
pub(super) fn put(heading: &str, part: &str) -> Result<(), String> {
    let path = path();
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rest = text.find(heading).map_or(&*text, |at| &text[..at]);
    let text = format!("{}\n\n{}\n", rest.trim_end(), part.trim_end());
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
