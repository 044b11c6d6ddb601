//! Prometheus itself and promtool, which judge rules, text exposition and
//! scrapes.
//! Installed ones are taken from PATH, otherwise Debian's package is unpacked.

use super::{Missing, debian, on_path, register};

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
    for program in PROGRAMS {
        let path = match on_path(program) {
            Some(path) => path,
            None => debian::unpacked("prometheus")?.join("usr/bin").join(program),
        };
        register(program, &[&path])?;
    }
    Ok(())
}
