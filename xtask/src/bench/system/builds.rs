//! The three builds: with each record made several times, with metrics, and without.

use std::fs;
use std::path::PathBuf;

use crate::{cargo, report, workspace};

/// The program, as cargo names it.
const PROGRAM: &str = "streamhouse-system-bench";

/// Where each build's program is.
pub(super) struct Builds {
    pub(super) amplified: PathBuf,
    pub(super) on: PathBuf,
    pub(super) off: PathBuf,
}

impl Builds {
    pub(super) fn make() -> Result<Self, String> {
        let amplified = ["--features", "metrics"];
        Ok(Self {
            amplified: build("amplified", "--cfg streamhouse_amplified", &amplified)?,
            on: build("on", "", &["--features", "metrics"])?,
            off: build("off", "", &[])?,
        })
    }
}

/// Builds the program, and puts it aside: the next build of its folder replaces it.
fn build(name: &str, flags: &str, arguments: &[&str]) -> Result<PathBuf, String> {
    report::step("Building", format_args!("the system, {name}"));
    // Other flags compile everything anew, so they have a folder of their own.
    let folder = match flags {
        "" => workspace().join("target/benches"),
        _ => workspace().join("target/benches").join(name),
    };
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", PROGRAM, "--manifest-path"]);
    build.arg(workspace().join("benches/Cargo.toml")).args(arguments);
    build.env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", flags);
    match build.status() {
        Ok(status) if status.success() => {}
        Ok(_) => return Err(format!("the system, {name}, does not compile")),
        Err(error) => return Err(format!("cargo cannot be started: {error}")),
    }
    let built = folder.join("release").join(PROGRAM);
    let aside = folder.join(format!("{PROGRAM}-{name}"));
    fs::copy(&built, &aside).map_err(|error| format!("{}: {error}", built.display()))?;
    Ok(aside)
}
