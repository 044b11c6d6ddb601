//! Folders for new files, gone again when no file came.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Failure;

/// The folders that a run made; dropped, those that are still empty go.
///
/// So a run that fails before its first file leaves nothing behind.
#[derive(Default)]
pub(super) struct Scaffold {
    made: Vec<PathBuf>,
}

impl Scaffold {
    /// Makes a folder, and those that it is in, unless they are there.
    pub(super) fn make(&mut self, folder: &Path) -> Result<(), Failure> {
        let missing: Vec<_> = folder.ancestors().take_while(|folder| !folder.is_dir()).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => self.made.push(folder.to_owned()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(Failure::disk("create", folder, error)),
            }
        }
        Ok(())
    }
}

impl Drop for Scaffold {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Only an empty folder can be removed.
            _ = fs::remove_dir(folder);
        }
    }
}
