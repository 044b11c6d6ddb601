//! The TypeScript compiler and Grafana's own types, which judge dashboards.

use std::path::Path;

use super::{Missing, npm, register};

/// Makes sure that the compiler and the types are there, as locked.
pub(super) fn fetch() -> Result<(), Missing> {
    create().map_err(|why| Missing {
        what: "TypeScript and Grafana's types, the judges of dashboards",
        why,
        remedy: npm::REMEDY,
    })
}

fn create() -> Result<(), String> {
    let package =
        npm::installed("grafana", "TypeScript and Grafana's types: they judge dashboards")?;
    register("tsc", &[Path::new("node"), &package.join("node_modules/typescript/bin/tsc")])
}
