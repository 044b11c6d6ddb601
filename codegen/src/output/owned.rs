//! Whose file is it?
//!
//! `[generate]` and `--out` may name a place where somebody's work already is, and no mistyped
//! path may cost it. A file in the place of an output is replaced only when it is known to be
//! ours:
//!
//! - the [manifest](super::manifest) lists it, or
//! - one of its first lines is the comment with which our Markdown and YAML open, or
//! - it is JSON whose description is that sentence, as the schema's is.
//!
//! Nothing else is known well enough: a dashboard that no manifest lists may as well be one that
//! somebody exported, so it stays, and the message says how to go on. A file that holds what it
//! should needs no replacing, and hand-written Markdown changes between its markers only.

use std::collections::HashSet;
use std::path::PathBuf;

use serde_json::Value;
use streamhouse_metrics_spec::disk;

use super::{Change, Failure};
use crate::text::PREAMBLE;

/// Most names that a refusal lists.
const LISTED: usize = 10;

/// How many lines may stand before the opening comment, such as a `---`, and itself.
const FIRST_LINES: usize = 3;

/// Whether a file says of itself that it was generated.
pub(super) fn says_so(content: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(content) else { return false };
    text.lines().take(FIRST_LINES).any(is_opening)
        || serde_json::from_str::<Value>(text)
            .is_ok_and(|file| file["description"].as_str().is_some_and(opens))
}

/// Refuses to replace files of somebody's own.
pub(super) fn spare(places: &[PathBuf]) -> Result<(), Failure> {
    if places.is_empty() {
        return Ok(());
    }
    let names: Vec<_> =
        places.iter().take(LISTED).map(|place| format!("`{}`", disk::shown(place))).collect();
    let more = match places.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names.join(", ");
    Err(Failure::in_the_way(format!(
        "cannot replace {names}{more}: not known to be generated; move or delete what is there"
    )))
}

/// Refuses to replace or remove files of the specification, whoever else claims them.
pub(super) fn spare_sources(changes: &[Change], sources: &[PathBuf]) -> Result<(), Failure> {
    let sources: HashSet<_> = sources.iter().map(|source| disk::canonical(source)).collect();
    let is_source =
        |change: &&Change| change.old.is_some() && sources.contains(&disk::canonical(&change.path));
    match changes.iter().find(is_source) {
        Some(Change { path, .. }) => {
            Err(Failure::disk("replace", path, "it is a file of the specification"))
        }
        None => Ok(()),
    }
}

/// Whether a line is a comment that opens with our sentence.
pub(super) fn is_opening(line: &str) -> bool {
    ["# ", "<!-- "].iter().any(|comment| line.strip_prefix(comment).is_some_and(opens))
}

/// Whether a text opens with our sentence; how to remake the file may be worded otherwise.
fn opens(text: &str) -> bool {
    let sentence = PREAMBLE.split_once(':').map_or(PREAMBLE, |(sentence, _)| sentence);
    text.starts_with(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_files_say_so() {
        let ours = |text: &str| says_so(text.as_bytes());
        assert!(ours(&format!("# {PREAMBLE}\ngroups:\n")));
        assert!(ours(&format!("---\r\n# {PREAMBLE}\r\ngroups:\r\n")));
        assert!(ours("<!-- Generated from metrics.toml, not edited: as years ago. -->\n"));
        assert!(ours(&crate::schema::text()));
    }

    #[test]
    fn other_files_do_not() {
        let ours = |text: &str| says_so(text.as_bytes());
        assert!(!ours(""));
        assert!(!ours("# Metrics\n\nOur words.\n"));
        assert!(!ours(&format!("fn main() {{\n    print(\"# {PREAMBLE}\");\n}}\n")));
        assert!(!ours(&format!("1\n2\n3\n# {PREAMBLE}\n")));
        assert!(!ours("{ \"description\": \"Our dashboard\" }"));
        assert!(!ours("{ \"panels\": [] }"));
        assert!(!ours("[\"description\"]"));
        assert!(!says_so(b"# Generated from metrics.toml, not edited\n\xff"));
    }
}
