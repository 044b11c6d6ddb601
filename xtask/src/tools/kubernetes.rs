//! Models of Kubernetes and of the Prometheus operator, which judge Kubernetes objects.

use std::path::Path;

use super::{Missing, npm, register};

/// Makes sure that the models are there, as locked.
pub(super) fn fetch() -> Result<(), Missing> {
    create().map_err(|why| Missing {
        what: "models of Kubernetes and the Prometheus operator, the judges of Kubernetes objects",
        why,
        remedy: npm::REMEDY,
    })
}

fn create() -> Result<(), String> {
    let package = npm::installed("kubernetes", "models of Kubernetes: they judge its objects")?;
    register("kubernetes", &[Path::new("node"), &package.join("validate.js")])
}
