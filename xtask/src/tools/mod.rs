//! The outside judges: programs that we did not write and that must agree with
//! what we generate and expose.
//!
//! Each is fetched once into `target/tools`, without root, and can be deleted
//! at any time. Where a judge ended up stands in `target/tools/where/NAME`: its
//! command line, one word a line. Tests read only that, so that no second place
//! searches for tools. What draws dashboards is fetched and found in the same way.

mod alertmanager;
mod chromium;
mod debian;
mod drawing;
mod grafana;
mod kubernetes;
mod npm;
mod prometheus;
mod python;

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{report, workspace};

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
        write!(formatter, "missing: {what}\n  why: {why}\n  help: {remedy}\n")
    }
}

/// Makes sure that every judge is there, and returns those that are not.
pub(crate) fn fetch() -> Vec<Missing> {
    fetch_all(&[
        prometheus::fetch,
        alertmanager::fetch,
        python::fetch,
        grafana::fetch,
        kubernetes::fetch,
    ])
}

/// Makes sure that everything is there that draws dashboards, and returns what is not.
pub(crate) fn fetch_for_drawing() -> Vec<Missing> {
    fetch_all(&[prometheus::fetch, grafana::fetch, drawing::fetch, chromium::fetch])
}

fn fetch_all(fetches: &[fn() -> Result<(), Missing>]) -> Vec<Missing> {
    // Held until all is fetched, so that two runs at once do not disturb each other.
    let _lock = match lock() {
        Ok(lock) => lock,
        Err(error) => {
            return vec![Missing {
                what: "a place for what is fetched",
                why: format!("{}: {error}", folder().display()),
                remedy: "make that folder writable",
            }];
        }
    };
    fetches.iter().filter_map(|fetch| fetch().err()).collect()
}

/// The folder that everything fetched lives in.
fn folder() -> PathBuf {
    workspace().join("target/tools")
}

fn lock() -> io::Result<File> {
    fs::create_dir_all(folder().join("where"))?;
    let lock = File::create(folder().join(".lock"))?;
    if lock.try_lock().is_err() {
        report::step("Waiting", "for another run to fetch what is needed");
        lock.lock()?;
    }
    Ok(lock)
}

/// Writes down where a judge is, for the tests.
fn register(name: &str, command_line: &[&Path]) -> Result<(), String> {
    let place = folder().join("where").join(name);
    let words = command_line.iter().map(|word| format!("{}\n", word.display()));
    fs::write(&place, words.collect::<String>())
        .map_err(|error| format!("{}: {error}", place.display()))
}

/// The command line of what was fetched.
pub(crate) fn command(name: &str) -> Result<Command, String> {
    let place = folder().join("where").join(name);
    let words = fs::read_to_string(&place);
    let words = words.map_err(|error| format!("{}: {error}", place.display()))?;
    let mut words = words.lines();
    let mut command = Command::new(words.next().unwrap_or(name));
    command.args(words);
    Ok(command)
}

/// Finds a program on PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Runs a command that should succeed, and shows its words only when it does not.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().display().to_string();
    let output =
        command.output().map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout, output.stderr].concat();
    Err(format!("`{program}`: {}\n{}", output.status, String::from_utf8_lossy(&words)))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Installs into `folder` as `pins` says; returns whether there was work to do.
    fn installs(pins: &str, folder: &Path, outcome: Result<(), String>) -> bool {
        let pins_file = folder.with_extension("pins");
        fs::write(&pins_file, pins).unwrap();
        let mut worked = false;
        let _ = install(&pins_file, folder, || {
            worked = true;
            fs::create_dir_all(folder).unwrap();
            outcome
        });
        worked
    }

    #[test]
    fn an_installation_is_made_once_for_its_pins() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("modules");
        assert!(installs("a==1", &folder, Ok(())));
        assert!(!installs("a==1", &folder, Ok(())));
        assert!(installs("a==2", &folder, Ok(())));
    }

    #[test]
    fn a_broken_installation_is_made_again_from_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("modules");
        assert!(installs("a==1", &folder, Err("no network".to_owned())));
        fs::write(folder.join("half"), "").unwrap();
        assert!(installs("a==1", &folder, Ok(())));
        assert!(!folder.join("half").exists());
    }

    #[test]
    fn a_command_that_fails_shows_its_words() {
        let mut command = Command::new(env!("CARGO"));
        let error = run(command.arg("no-such-chore")).unwrap_err();
        assert!(error.contains("no-such-chore"), "{error}");
    }
}
