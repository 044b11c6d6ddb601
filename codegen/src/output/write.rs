//! Carrying out a plan so that every file is wholly old or wholly new, whenever the run is killed.
//!
//! All new contents are on disk, in temporary files beside their targets, before the first target
//! is replaced: a full disk or a read-only folder is met while every old file is still in place.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use tempfile::TempPath;

use super::plan::ManifestChange;
use super::scaffold::Scaffold;
use super::{Failure, Lock, Plan, leftover};
use crate::spread::spread_waiting;

/// Makes the disk as it should be; the lock was taken before the plan was made.
pub fn write(plan: &Plan, _lock: &Lock) -> Result<(), Failure> {
    plan.folders.iter().for_each(|folder| leftover::clean(folder));

    // Before the temporary files, so that it goes after them and finds its folders empty.
    let mut scaffold = Scaffold::default();
    let during = plan.manifest.iter().map(|ManifestChange { path, during, .. }| (path, during));
    let changed = plan.changes.iter();
    let changed = changed.filter_map(|change| Some((&change.path, change.new.as_ref()?)));
    let after = plan.manifest.iter().map(|ManifestChange { path, new, .. }| (path, new));
    let new: Vec<_> = during.chain(changed).chain(after).collect();
    new.iter().try_for_each(|(path, _)| scaffold.make(folder_of(path)))?;
    let staged = spread_waiting(new.len(), |at| stage(new[at].0, new[at].1));
    let mut staged = staged.into_iter().collect::<Result<Vec<_>, _>>()?;
    let manifest = plan.manifest.as_ref().and_then(|_| staged.pop());

    staged.into_iter().try_for_each(replace)?;
    let stale = plan.changes.iter().filter(|change| change.new.is_none());
    stale.into_iter().try_for_each(|change| remove(&change.path, &plan.folder))?;
    manifest.into_iter().try_for_each(replace)?;
    plan.folders.iter().for_each(|folder| sync(folder));
    Ok(())
}

/// New content on its way to its place; dropped, it is removed.
struct Staged<'a> {
    file: TempPath,
    path: &'a Path,
}

/// A temporary file beside its target that holds the new content and has reached the disk.
fn stage<'a>(path: &'a Path, text: &str) -> Result<Staged<'a>, Failure> {
    let failure = |error| Failure::disk("write", path, error);
    // Asked for even where nothing can be yet: a name too long for the disk is met here.
    let old = match fs::metadata(path) {
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(failure(error)),
    };
    // Made and written through `File`: its errors do not name the temporary file, and its
    // permissions are those of any new file.
    let mut file = leftover::builder()
        .make_in(folder_of(path), |path| File::create_new(path))
        .map_err(failure)?;
    file.as_file_mut().write_all(text.as_bytes()).map_err(failure)?;
    if let Some(permissions) = old {
        file.as_file().set_permissions(permissions).map_err(failure)?;
    }
    file.as_file().sync_all().map_err(failure)?;
    // Closed here: a large specification has more outputs than a process may have open files.
    Ok(Staged { file: file.into_temp_path(), path })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

fn replace(staged: Staged<'_>) -> Result<(), Failure> {
    let Staged { file, path } = staged;
    file.persist(path).map_err(|error| Failure::disk("replace", path, error.error))
}

/// Removes a stale file, and the folders that it leaves empty.
fn remove(path: &Path, base: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Failure::disk("remove", path, error));
        }
        _ => {}
    }
    let inside = path.ancestors().skip(1).take_while(|folder| *folder != base);
    for folder in inside {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes renames in a folder survive a power cut, where folders can be synced.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        _ = folder.sync_all();
    }
}
