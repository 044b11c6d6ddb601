//! Debian's packages, unpacked without root.
//!
//! apt works with package lists of its own here, so that the system's may be
//! absent or old, and stay untouched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{folder, remove, run};
use crate::report;

/// The folder with a package's files; downloads and unpacks it the first time.
///
/// The folder gets its name only when it is complete.
pub(super) fn unpacked(package: &str) -> Result<PathBuf, String> {
    unpacked_as(package, &["download"])
}

/// The same of a package and of what it depends on that the system lacks.
pub(super) fn unpacked_with_dependencies(package: &str) -> Result<PathBuf, String> {
    unpacked_as(package, &["install", "--download-only", "--no-install-recommends", "--yes"])
}

fn unpacked_as(package: &str, download: &[&str]) -> Result<PathBuf, String> {
    let unpacked = folder().join("debian").join(package);
    if unpacked.exists() {
        return Ok(unpacked);
    }
    report::step("Fetching", format_args!("Debian's package `{package}`"));
    let scratch = folder().join("debian/.partial");
    remove(&scratch)?;
    let downloads = scratch.join("downloads");
    let state = scratch.join("state");
    let cache = scratch.join("cache");
    let lists = state.join("lists/partial");
    for folder in [&downloads.join("partial"), &lists, &cache] {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }

    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.current_dir(&downloads)
            .args(["-q", "-o", "APT::Sandbox::User=root"])
            // Nothing of the system's is written, so nobody has to be kept from it.
            .args(["-o", "Debug::NoLocking=true"])
            .args(["-o", &format!("Dir::State={}", state.display())])
            .args(["-o", &format!("Dir::Cache={}", cache.display())])
            .args(["-o", &format!("Dir::Cache::archives={}", downloads.display())])
            .args(["-o", "Dir::State::status=/var/lib/dpkg/status"])
            .args(arguments);
        run(&mut apt)
    };
    apt(&["update"])?;
    apt(&[download, &[package]].concat())?;

    let files = scratch.join("files");
    for archive in fs::read_dir(&downloads).map_err(|error| error.to_string())? {
        let archive = archive.map_err(|error| error.to_string())?.path();
        if archive.extension() == Some("deb".as_ref()) {
            unpack(&archive, &files)?;
        }
    }
    fs::rename(&files, &unpacked).map_err(|error| error.to_string())?;
    remove(&scratch)?;
    Ok(unpacked)
}

fn unpack(archive: &Path, files: &Path) -> Result<(), String> {
    run(Command::new("dpkg-deb").arg("-x").arg(archive).arg(files))
}
