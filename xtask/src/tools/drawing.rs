//! Grafana's components and what makes a page of them.

use std::path::Path;

use super::{Missing, npm, register};

/// Makes sure that the components are there, as locked.
pub(super) fn fetch() -> Result<(), Missing> {
    create().map_err(|why| Missing {
        what: "Grafana's components, which draw dashboards",
        why,
        remedy: npm::REMEDY,
    })
}

fn create() -> Result<(), String> {
    let package = npm::installed("drawing", "Grafana's components: they draw dashboards")?;
    register("esbuild", &[Path::new("node"), &package.join("node_modules/esbuild/bin/esbuild")])
}
