//! Places on disk that are safe to read and replace.
//!
//! A path below a base folder never leaves it: no `..`, no absolute path, no symbolic link on the
//! way. Whatever is in the way is named before anything is written.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::Failure;

/// The folder that an output's path starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `generated/`, or what `--out` says.
    OutputFolder,
    /// The folder of the specification.
    SpecFolder,
}

/// A path below a base folder; only plain names may lead there, after `./` if anything.
pub(super) fn below(base: &Path, path: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(path);
    let path = path.strip_prefix(".").unwrap_or(path);
    let plain = |part| matches!(part, Component::Normal(_));
    if path.as_os_str().is_empty() || !path.components().all(plain) {
        return Err(Failure::disk("use", &base.join(path), "the path leaves its folder"));
    }
    Ok(base.join(path))
}

/// What a file below a base folder holds now, if it is there.
pub(super) fn content(base: &Path, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    let file = below(base, path)?;
    if base.exists() && !base.is_dir() {
        return Err(Failure::disk("write into", base, "is not a folder"));
    }
    let mut place = base.to_owned();
    for part in file.strip_prefix(base).unwrap_or(&file).components() {
        place.push(part);
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::disk("look at", &place, error)),
        };
        let wrong = if metadata.is_symlink() {
            Some("is a symbolic link")
        } else if place != file && !metadata.is_dir() {
            Some("is not a folder")
        } else if place == file && metadata.is_dir() {
            Some("is a directory")
        } else if place == file && !metadata.is_file() {
            Some("is not a regular file")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            return Err(Failure::disk("replace", &place, wrong));
        }
    }
    fs::read(&file).map(Some).map_err(|error| Failure::disk("read", &file, error))
}

/// The text of a hand-written file, which must be there.
pub(crate) fn read_text(base: &Path, path: &str) -> Result<String, Failure> {
    let file = below(base, path)?;
    let bytes = content(base, path)?.ok_or_else(|| Failure::disk("read", &file, "no such file"))?;
    String::from_utf8(bytes).map_err(|error| Failure::disk("read", &file, error))
}
