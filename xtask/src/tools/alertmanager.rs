//! Alertmanager itself and amtool, which judge routes, inhibitions and what is delivered.
//! Installed ones are taken from PATH, otherwise Debian's package is unpacked.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Missing, debian, on_path, register};

/// Debian's package, and what it calls the server.
const PACKAGE: &str = "prometheus-alertmanager";

/// Makes sure that Alertmanager and amtool are there.
pub(super) fn fetch() -> Result<(), Missing> {
    locate().map_err(|why| Missing {
        what: "Alertmanager and amtool, the judges of routes and of what is delivered",
        why,
        remedy: "install Alertmanager so that `alertmanager` and `amtool` are on PATH \
                 (Debian: apt install prometheus-alertmanager; macOS: brew install alertmanager)",
    })
}

fn locate() -> Result<(), String> {
    match on_path("alertmanager").or_else(|| on_path(PACKAGE)) {
        Some(server) => register("alertmanager", &[&server])?,
        None => {
            let files = debian::unpacked(PACKAGE)?;
            let server = relocated(&files)?;
            let there = format!("--chdir={}", files.display());
            register("alertmanager", &[Path::new("env"), Path::new(&there), &server])?;
        }
    }
    let amtool = match on_path("amtool") {
        Some(amtool) => amtool,
        None => debian::unpacked(PACKAGE)?.join("usr/bin/amtool"),
    };
    register("amtool", &[&amtool])
}

/// The server that finds its templates from the folder that it works in.
///
/// Debian's has them in a folder that only root could make, written into the program. The same path
/// without its root, as long as before, is one in the unpacked package.
fn relocated(files: &Path) -> Result<PathBuf, String> {
    let path = |server: &str| files.join("usr/bin").join(server);
    let relocated = path("alertmanager");
    if relocated.exists() {
        return Ok(relocated);
    }
    // A copy keeps the right to be run, and has its name only when it is complete.
    let partial = path(".alertmanager");
    let result = fs::copy(path(PACKAGE), &partial)
        .and_then(|_| fs::read(&partial))
        .and_then(|program| fs::write(&partial, without_root(program)))
        .and_then(|()| fs::rename(&partial, &relocated));
    result.map_err(|error| format!("{}: {error}", partial.display()))?;
    Ok(relocated)
}

fn without_root(mut program: Vec<u8>) -> Vec<u8> {
    let (from, to) = (b"/usr/share/prometheus/alertmanager", b"usr/share/prometheus/alertmanager/");
    let mut at = 0;
    while at + from.len() <= program.len() {
        if program[at..].starts_with(from) {
            program[at..at + to.len()].copy_from_slice(to);
        }
        at += 1;
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_root_and_keeps_its_length() {
        let program =
            b"\0/usr/share/prometheus/alertmanager\0/usr/share/prometheus/alertmanager/ui/";
        let expected =
            b"\0usr/share/prometheus/alertmanager/\0usr/share/prometheus/alertmanager//ui/";
        assert_eq!(without_root(program.to_vec()), expected);
        assert_eq!(without_root(b"/usr/share".to_vec()), b"/usr/share");
    }
}
