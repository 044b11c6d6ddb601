//! From texts to files: what should be on disk, what is, and the way from one to the other.
//!
//! [`outputs`] produces every text before anything is written. [`Plan`] compares them with the
//! disk. [`write`] carries a plan out, [`difference`] shows it.

mod difference;
mod failure;
mod leftover;
mod manifest;
mod place;
mod plan;
mod write;

pub use difference::difference;
pub use failure::Failure;
pub use place::Base;
pub use plan::{Change, Plan};
pub use write::write;

use std::path::Path;

use streamhouse_metrics_spec::Catalog;

use crate::emit::EMITTERS;
use crate::{marked, schema};

/// A file as it should be.
#[derive(Clone, Debug)]
pub struct Output {
    /// The name for `--only`: an emitter's, `markdown` or `schema`.
    pub maker: &'static str,
    /// The folder that its path starts from.
    pub base: Base,
    /// Its path, with `/` between folders.
    pub path: String,
    /// What it should hold.
    pub text: String,
}

const MARKDOWN: &str = "markdown";
const SCHEMA: &str = "schema";

/// Every name that `--only` takes, with what it stands for.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let beside = [
        (MARKDOWN, "Marked parts of hand-written Markdown"),
        (SCHEMA, "JSON Schema of the specification language"),
    ];
    EMITTERS
        .iter()
        .map(|emitter| (emitter.name, emitter.about))
        .chain(beside)
}

/// Produces every wanted output; `root` is the folder of the specification.
pub fn outputs(
    catalog: &Catalog,
    root: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Output>, Failure> {
    let mut outputs = Vec::new();
    for emitter in EMITTERS.iter().filter(|emitter| wanted(emitter.name)) {
        let artifacts = (emitter.emit)(catalog).into_iter();
        outputs.extend(artifacts.map(|artifact| Output {
            maker: emitter.name,
            base: Base::OutputFolder,
            path: artifact.path,
            text: artifact.text,
        }));
    }
    let beside = |maker, path: &String, text| Output {
        maker,
        base: Base::SpecFolder,
        path: path.clone(),
        text,
    };
    if wanted(MARKDOWN) {
        for path in &catalog.generate.markdown {
            let text = place::read_text(root, path)?;
            let text = marked::renew(path, &text, catalog).map_err(Failure::input)?;
            outputs.push(beside(MARKDOWN, path, text));
        }
    }
    if wanted(SCHEMA) {
        outputs.extend(
            catalog
                .generate
                .schema
                .iter()
                .map(|path| beside(SCHEMA, path, schema::text())),
        );
    }
    Ok(outputs)
}
