//! npm's packages, installed as a folder of `tests/` has locked them.

use std::path::PathBuf;
use std::process::Command;

use super::{install, run};
use crate::{report, workspace};

/// What went wrong is up to Node.js or to npm.
pub(super) const REMEDY: &str = "install Node.js 20 or newer with npm \
                                 (Debian: apt install nodejs npm) \
                                 and let npm reach a package registry";

/// A folder of `tests/` whose packages are there, as locked.
pub(super) fn installed(folder: &str, what: &str) -> Result<PathBuf, String> {
    let package = workspace().join("tests").join(folder);
    let modules = package.join("node_modules");
    install(&package.join("package-lock.json"), &modules, || {
        report::step("Fetching", what);
        run(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&package))
    })?;
    Ok(package)
}
