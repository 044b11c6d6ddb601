//! Temporary files, and those that a killed run left behind.

use std::fs;
use std::path::Path;

const PREFIX: &str = ".streamhouse-metrics-";
const SUFFIX: &str = ".tmp";

/// A builder of temporary files whose names tell that they are ours.
pub(super) fn builder<'a>() -> tempfile::Builder<'a, 'a> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder
}

/// Removes what a killed run left in a folder.
///
/// Failing to is no failure: the leftovers are hidden, and nobody reads them.
pub(super) fn clean(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours =
            name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            _ = fs::remove_file(entry.path());
        }
    }
}
