//! The TypeScript compiler and Grafana's own types, which judge dashboards.

use std::path::Path;
use std::process::Command;

use super::{Missing, install, register, run};
use crate::{report, workspace};

/// Makes sure that the compiler and the types are there, as locked.
pub(super) fn fetch() -> Result<(), Missing> {
    create().map_err(|why| Missing {
        what: "TypeScript and Grafana's types, the judges of dashboards",
        why,
        remedy: "install Node.js 20 or newer with npm (Debian: apt install nodejs npm) \
                 and let npm reach a package registry",
    })
}

fn create() -> Result<(), String> {
    let package = workspace().join("tests/grafana");
    let modules = package.join("node_modules");
    install(&package.join("package-lock.json"), &modules, || {
        report::step("Fetching", "TypeScript and Grafana's types: they judge dashboards");
        run(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&package))
    })?;
    let compiler = modules.join("typescript/bin/tsc");
    register("tsc", &[Path::new("node"), &compiler])
}
