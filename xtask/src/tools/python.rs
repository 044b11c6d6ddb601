//! A Python of our own with strict parsers: OpenMetrics, YAML 1.1, YAML 1.2, Compose files and
//! Jsonnet.

use std::process::Command;

use super::{Missing, folder, install, register, run};
use crate::{report, workspace};

/// Makes sure that the virtual environment is there and holds the pinned parsers.
pub(super) fn fetch() -> Result<(), Missing> {
    create().map_err(|why| Missing {
        what: "a Python environment with strict parsers, \
               the judges of scrape bodies, YAML, Compose files and the mixin",
        why,
        remedy: "install Python 3 with its `venv` module (Debian: apt install python3-venv) \
                 and let pip reach a package index",
    })
}

fn create() -> Result<(), String> {
    let requirements = workspace().join("tests/python/requirements.txt");
    let environment = folder().join("python");
    let python = environment.join("bin/python");
    install(&requirements, &environment, || {
        report::step(
            "Fetching",
            "Python parsers: they judge scrape bodies, YAML, Compose files and the mixin",
        );
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg("--requirement")
            .arg(&requirements))
    })?;
    register("python", &[&python])
}
