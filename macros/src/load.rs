//! From the derive's input to the catalogue of its specification.

use std::path::{Path, PathBuf};

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use streamhouse_metrics_spec::render::{Style, render};
use streamhouse_metrics_spec::rule::Level;
use streamhouse_metrics_spec::suggest::{nearest, question};
use streamhouse_metrics_spec::{Catalog, Checked, Rejected, Sources, disk};

use crate::input::Input;

/// Most diagnostics that are shown; whoever has more reads them with `check`.
const MOST: usize = 50;

/// The specification as far as it can be understood.
pub(crate) struct Loaded {
    /// True if there are no errors, otherwise a skeleton.
    pub catalog: Catalog,
    /// Index of the component to record; without one, the recorder has no metrics.
    pub component: Option<usize>,
    /// Every file that was read, so that editing one rebuilds the crate.
    pub files: Vec<String>,
    /// `compile_error!`s.
    pub errors: Vec<TokenStream>,
}

/// Loads the specification of an input.
pub(crate) fn load(input: &mut Input) -> Loaded {
    let mut loaded = match path(input) {
        Ok(path) => read(&path, input),
        Err(why) => Loaded {
            catalog: empty(),
            component: None,
            files: Vec::new(),
            errors: vec![error(input, &why)],
        },
    };
    let name = input.component.value();
    let components = &loaded.catalog.components;
    let keys = || components.iter().map(|component| &*component.key);
    loaded.component = keys().position(|key| key == name);
    // A skeleton may lack the component because of the very errors that are shown already.
    if loaded.component.is_none() && loaded.errors.is_empty() {
        let meant = nearest(&name, keys());
        let help = match meant {
            Some(meant) => question(meant),
            None => format!("the components are: {}", keys().collect::<Vec<_>>().join(", ")),
        };
        let text = format!("the specification has no component `{name}`; {help}");
        loaded.errors.push(error(input, &text));
        // What was meant is the skeleton, so that code that spells it right compiles.
        if let Some(meant) = meant {
            loaded.component = keys().position(|key| key == meant);
            if input.module == name {
                input.module = Ident::new(meant, input.module.span());
            }
        }
    }
    loaded
}

fn read(path: &Path, input: &Input) -> Loaded {
    match streamhouse_metrics_spec::load(path) {
        Ok(Checked { catalog, sources, .. }) => {
            Loaded { catalog, component: None, files: files(&sources), errors: Vec::new() }
        }
        Err(Rejected { diagnostics, sources, skeleton }) => {
            let wrong = || diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
            let texts =
                wrong().take(MOST).map(|diagnostic| render(diagnostic, &sources, Style::Plain));
            let more = wrong().count().saturating_sub(MOST);
            let more = (more > 0).then(|| format!("{more} more errors: `check` shows them all"));
            let errors = texts.chain(more).map(|text| error(input, &text)).collect();
            Loaded { catalog: skeleton.0, component: None, files: files(&sources), errors }
        }
    }
}

/// Where the specification is.
fn path(input: &Input) -> Result<PathBuf, String> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    match &input.spec {
        Some(spec) => Ok(manifest.join(spec.value())),
        None => disk::find(&manifest).ok_or_else(|| {
            let name = disk::FILE_NAME;
            format!("no `{name}` in this crate's folder or above; name it with `#[metrics(spec = \"…\")]`")
        }),
    }
}

/// The files of a specification that can be watched, in their absolute spelling.
fn files(sources: &Sources) -> Vec<String> {
    let readable = sources.paths().filter(|path| path.is_file());
    readable.filter_map(|path| disk::canonical(path).to_str().map(str::to_owned)).collect()
}

/// A `compile_error!` at the component's name.
fn error(input: &Input, text: &str) -> TokenStream {
    quote_spanned! { input.component.span() => ::core::compile_error!(#text); }
}

/// The catalogue of no specification at all.
fn empty() -> Catalog {
    Catalog {
        namespace: String::new(),
        title: String::new(),
        unrecorded: Level::Warning,
        series_budget: None,
        const_labels: Vec::new(),
        labels: Vec::new(),
        components: Vec::new(),
        alerts: Vec::new(),
        slos: Vec::new(),
        recording_rules: Vec::new(),
        queries: Vec::new(),
        dashboards: Vec::new(),
        grafana: Default::default(),
        surroundings: Default::default(),
        deployment: Default::default(),
        generate: Default::default(),
    }
}
