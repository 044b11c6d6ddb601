//! Reading: the only file of this crate that touches the file system.
//!
//! A specification may sit anywhere a user points: a directory, a pipe or a huge file is an error
//! at once, not a program that hangs.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest file that is read; 10,000 metrics take about 3 MiB.
const LARGEST: u64 = 8 << 20;

/// The name that is looked for.
pub const FILE_NAME: &str = "metrics.toml";

/// Reads a regular file of sensible size.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if metadata.is_dir() {
        return Err("is a directory".to_owned());
    }
    if !metadata.is_file() {
        return Err("is not a regular file".to_owned());
    }
    if metadata.len() > LARGEST {
        return Err(format!("has {} bytes; the limit is {LARGEST}", metadata.len()));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    let file = File::open(path).map_err(|error| error.to_string())?;
    // A file may grow between the two calls.
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// The nearest `metrics.toml` in a folder or the folders above it.
pub fn find(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

/// A path in its one true spelling, for telling whether two includes are the same file.
pub fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A path as people want to read it: relative to the working directory where it lies below it.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(&here).unwrap_or(path).display().to_string() {
        shown if shown.is_empty() => ".".to_owned(),
        shown => shown.replace('\\', "/"),
    }
}
