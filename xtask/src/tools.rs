//! The outside judges: programs that we did not write and that must agree with
//! what we generate and expose.
//!
//! Each is fetched once into `target/tools`, without root, and can be deleted
//! at any time. Where a judge ended up stands in `target/tools/where/NAME`: its
//! command line, one word a line. Tests read only that, so that no second place
//! searches for tools.

mod grafana;
mod prometheus;
mod python;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace;

/// A judge that could not be had.
pub(crate) struct Missing {
    /// What it is and what it judges.
    what: &'static str,
    /// What went wrong.
    why: String,
    /// What the reader can do about it.
    remedy: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Missing { what, why, remedy } = self;
        let why = why.trim().replace('\n', "\n       ");
        write!(
            formatter,
            "missing: {what}\n  why: {why}\n  help: {remedy}\n"
        )
    }
}

/// Makes sure that every judge is there, and returns those that are not.
pub(crate) fn fetch() -> Vec<Missing> {
    let judges = [prometheus::fetch, python::fetch, grafana::fetch];
    judges
        .into_iter()
        .filter_map(|fetch| fetch().err())
        .collect()
}

/// The folder that everything fetched lives in.
fn folder() -> PathBuf {
    workspace().join("target/tools")
}

/// Writes down where a judge is, for the tests.
fn register(name: &str, command_line: &[&Path]) -> io::Result<()> {
    let folder = folder().join("where");
    fs::create_dir_all(&folder)?;
    let words = command_line
        .iter()
        .map(|word| format!("{}\n", word.display()));
    fs::write(folder.join(name), words.collect::<String>())
}

/// Finds a program on PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Runs a command that should succeed, and shows its words only when it does not.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout, output.stderr].concat();
    Err(format!(
        "`{program}`: {}\n{}",
        output.status,
        String::from_utf8_lossy(&words)
    ))
}

/// Installs a folder again when the file that pins its contents has changed.
///
/// A copy of that file inside the folder, written last, says that the
/// installation was completed; an interrupted one is thus started again.
fn install(
    pins: &Path,
    folder: &Path,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let wanted = fs::read(pins).map_err(|error| format!("{}: {error}", pins.display()))?;
    let stamp = folder.join(".installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    remove(folder)?;
    install()?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Removes a folder that may not exist.
fn remove(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(format!("{}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}
