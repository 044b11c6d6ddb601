//! Files in the output folder that nobody generates.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Files below a folder that are not among the known ones; hidden ones belong to other tools.
pub(super) fn below(folder: &Path, known: &HashSet<PathBuf>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(folder, known, &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, known: &HashSet<PathBuf>, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if hidden || known.contains(&path) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, known, found);
        } else {
            found.push(path);
        }
    }
}
