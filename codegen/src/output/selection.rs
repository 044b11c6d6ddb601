//! Which outputs a run is about, and where they go.

use std::path::PathBuf;

/// The names that `--only` gave; none means everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    names: Vec<String>,
}

/// The folders that outputs go to, and what is in them already; all paths absolute.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The folder of the specification.
    pub spec: PathBuf,
    /// The output folder.
    pub output: PathBuf,
    /// The files of the specification, which no output replaces.
    pub sources: Vec<PathBuf>,
}

impl Selection {
    /// The outputs of some names, or of all when there are none.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: names.into_iter().map(str::to_owned).collect() }
    }

    /// Whether outputs of a name are wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.is_everything() || self.names.iter().any(|wanted| wanted == name)
    }

    /// Whether all outputs are wanted.
    pub fn is_everything(&self) -> bool {
        self.names.is_empty()
    }
}
