//! Carrying out a plan so that every file is wholly old or wholly new, whenever the run is killed.
//!
//! All new contents are on disk, in temporary files beside their targets, before the first target
//! is replaced: a full disk or a read-only folder is met while every old file is still in place.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use tempfile::TempPath;

use super::plan::ManifestChange;
use super::{Failure, Lock, Plan, leftover};

/// Makes the disk as it should be; the lock was taken before the plan was made.
pub fn write(plan: &Plan, _lock: &Lock) -> Result<(), Failure> {
    plan.folders.iter().for_each(|folder| leftover::clean(folder));

    let mut staged = Vec::new();
    if let Some(ManifestChange { path, during, .. }) = &plan.manifest {
        staged.push(stage(path, during)?);
    }
    for change in &plan.changes {
        if let Some(text) = &change.new {
            staged.push(stage(&change.path, text)?);
        }
    }
    let manifest = plan.manifest.iter().map(|change| stage(&change.path, &change.new));
    let manifest = manifest.collect::<Result<Vec<_>, _>>()?;

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
    let folder = path.parent().unwrap_or(Path::new("."));
    let failure = |error| Failure::disk("write", path, error);
    create(folder)?;
    let mut builder = leftover::builder();
    let old = fs::metadata(path).map(|metadata| metadata.permissions());
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failure)?;
    file.write_all(text.as_bytes()).map_err(failure)?;
    if let Ok(permissions) = old {
        file.as_file().set_permissions(permissions).map_err(failure)?;
    }
    file.as_file().sync_all().map_err(failure)?;
    // Closed here: a large specification has more outputs than a process may have open files.
    Ok(Staged { file: file.into_temp_path(), path })
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::disk("create", folder, error))
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
