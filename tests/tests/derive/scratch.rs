//! Crates that a test writes itself, since it changes them, or where they lie matters.

use std::fs;
use std::path::Path;

use streamhouse_metrics_tests::scratch_folder;
use tempfile::TempDir;

/// A crate of one file, in a folder that goes when it is dropped.
pub(crate) struct Scratch(TempDir);

impl Scratch {
    /// A crate that depends on the runtime and has the usual feature.
    pub(crate) fn new(name: &str, library: &str) -> Self {
        let scratch = Self(scratch_folder());
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
        let manifest = format!(
            r#"
            [package]
            name = "{name}"
            edition = "2024"

            [features]
            metrics = ["streamhouse-metrics/metrics"]

            [dependencies]
            streamhouse-metrics = {{ path = {runtime:?} }}

            [workspace]
            "#
        );
        scratch.write("Cargo.toml", &manifest);
        scratch.write("src/lib.rs", library);
        scratch
    }

    /// Where it lies.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Writes one of its files.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("a scratch folder can be written to");
        fs::write(path, text).expect("a scratch file can be written");
    }
}
