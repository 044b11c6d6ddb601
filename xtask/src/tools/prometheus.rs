//! Prometheus itself and promtool, which judge rules, text exposition and
//! scrapes.
//!
//! Installed ones are taken from PATH. Otherwise Debian's package is downloaded
//! with package lists of our own and unpacked beside them, so that neither root
//! nor an up-to-date system is needed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Missing, folder, on_path, register, remove, run};
use crate::report;

const PROGRAMS: [&str; 2] = ["prometheus", "promtool"];

/// Makes sure that Prometheus and promtool are there.
pub(super) fn fetch() -> Result<(), Missing> {
    locate().map_err(|why| Missing {
        what: "Prometheus and promtool, the judges of rules and scrapes",
        why,
        remedy: "install Prometheus so that `prometheus` and `promtool` are on PATH \
                 (Debian: apt install prometheus; macOS: brew install prometheus)",
    })
}

fn locate() -> Result<(), String> {
    let unpacked = folder().join("debian");
    for program in PROGRAMS {
        let path = match on_path(program) {
            Some(path) => path,
            None => {
                unpack("prometheus", &unpacked)?;
                unpacked.join("usr/bin").join(program)
            }
        };
        register(program, &[&path]).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Unpacks a Debian package into a folder, unless that is done.
///
/// The folder gets its name only when it is complete.
fn unpack(package: &str, target: &Path) -> Result<(), String> {
    if target.exists() {
        return Ok(());
    }
    report::step(
        "Fetching",
        format_args!("Debian's package `{package}`: it judges rules and scrapes"),
    );
    let scratch = folder().join("debian.partial");
    remove(&scratch)?;
    let downloads = scratch.join("downloads");
    let state = scratch.join("state");
    let cache = scratch.join("cache");
    let lists = state.join("lists/partial");
    let archives = cache.join("archives/partial");
    for folder in [&downloads, &lists, &archives] {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }

    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.current_dir(&downloads)
            .args(["-q", "-o", "APT::Sandbox::User=root"])
            .args(["-o", &format!("Dir::State={}", state.display())])
            .args(["-o", &format!("Dir::Cache={}", cache.display())])
            .args(["-o", "Dir::State::status=/var/lib/dpkg/status"])
            .args(arguments);
        run(&mut apt)
    };
    apt(&["update"])?;
    apt(&["download", package])?;

    let files = scratch.join("files");
    let archives = fs::read_dir(&downloads).map_err(|error| error.to_string())?;
    for archive in archives {
        let archive = archive.map_err(|error| error.to_string())?;
        run(Command::new("dpkg-deb")
            .arg("-x")
            .arg(archive.path())
            .arg(&files))?;
    }
    fs::rename(&files, target).map_err(|error| error.to_string())?;
    remove(&scratch)
}
