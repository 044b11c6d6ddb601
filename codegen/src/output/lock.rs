//! One run at a time.
//!
//! A plan is true only while nobody else changes the disk, so a run that writes takes the lock
//! before it plans and keeps it until its last file is in place.

use std::fs::File;

use super::Folders;

/// The right to write; ends when dropped, or when the process does.
#[derive(Debug)]
pub struct Lock {
    _folder: Option<File>,
}

/// Waits until no other run of the same specification writes.
///
/// What is locked is the folder of the specification: it is there before anything was generated,
/// and runs with different output folders still renew the same Markdown. Where folders cannot be
/// locked, two runs may get into each other's way: files stay whole, and the loser says so.
pub fn lock(folders: &Folders) -> Lock {
    let folder = File::open(&folders.spec).ok().filter(|folder| folder.lock().is_ok());
    Lock { _folder: folder }
}
