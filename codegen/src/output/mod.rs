//! From texts to files: what should be on disk, what is, and the way from one to the other.
//!
//! `outputs` produces every text before anything is written. [`Plan`] compares them with the
//! disk. [`write()`] carries a plan out, under a [`Lock`] since before the plan; [`difference`] shows
//! it.

mod difference;
mod failure;
mod foreign;
mod leftover;
mod lock;
mod manifest;
mod owned;
mod place;
mod plan;
mod scaffold;
mod selection;
mod write;

pub use difference::difference;
pub use failure::Failure;
pub use lock::{Lock, lock};
pub use place::Base;
pub(crate) use place::read_text;
pub use plan::{Change, Plan};
pub use selection::{Folders, Selection};
pub use write::write;

use std::path::Path;

use streamhouse_metrics_spec::Catalog;

use crate::emit::{Artifact, EMITTERS, GrafanaSchema, artifacts_with};
use crate::handwritten::Handwritten;
use crate::testing::Tests;
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
    EMITTERS.iter().map(|emitter| (emitter.name, emitter.about)).chain(beside)
}

/// Produces every selected output; of tests those that were made already, if they were.
pub(crate) fn outputs(
    catalog: &Catalog,
    tests: Option<Tests>,
    grafana_schema: GrafanaSchema,
    folders: &Folders,
    selection: &Selection,
) -> Result<Vec<Output>, Failure> {
    let handwritten = Handwritten::read(catalog, &folders.spec)?;
    let is_wanted = |name: &str| selection.wants(name);
    let artifacts = artifacts_with(tests, grafana_schema, catalog, &handwritten, is_wanted);
    let artifacts = artifacts.into_iter();
    let emitted = artifacts.map(|(maker, Artifact { path, text })| {
        let base = Base::OutputFolder;
        Output { maker, base, path, text }
    });
    let mut outputs: Vec<_> = emitted.collect();
    let beside = |maker, path: &str, text| Output {
        maker,
        base: Base::SpecFolder,
        path: path.to_owned(),
        text,
    };
    if selection.wants(MARKDOWN) {
        let renewed = renewed(catalog, &folders.spec)?.into_iter();
        outputs.extend(renewed.map(|(path, text)| beside(MARKDOWN, path, text)));
    }
    if selection.wants(SCHEMA) {
        outputs.extend(
            catalog.generate.schema.iter().map(|path| beside(SCHEMA, path, schema::text())),
        );
    }
    Ok(outputs)
}

/// The hand-written Markdown files with their marked parts made anew, by path.
///
/// A missing file and a wrong marker are mistakes that [`crate::cli::Check`] finds, too.
pub(crate) fn renewed<'a>(
    catalog: &'a Catalog,
    folder: &Path,
) -> Result<Vec<(&'a str, String)>, Failure> {
    let renew = |path: &'a String| {
        let text = place::read_text(folder, path)?;
        let text = marked::renew(path, &text, catalog).map_err(Failure::input)?;
        Ok((&**path, text))
    };
    catalog.generate.markdown.iter().map(renew).collect()
}
