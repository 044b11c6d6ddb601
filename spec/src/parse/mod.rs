//! First arrow: from files to the specification as written.
//!
//! Files are read along their includes, decoded, walked along [`crate::language`], and merged.
//! Everything found wrong in any of them is reported before checking starts.

mod dashboard;
mod duplicate;
mod file;
mod read;
mod table;
mod walk;

use std::path::Path;

use crate::diagnostic::Sink;
use crate::spec::Spec;

/// What to parse.
pub(crate) enum Input<'a> {
    /// A file, with everything that it includes.
    File(&'a Path),
    /// A text that may include nothing.
    Text(&'a str),
}

/// The specification as written, and what was found wrong on the way.
pub(crate) struct Parsed {
    pub spec: Spec,
    pub sink: Sink,
}

/// Parses an input with everything that it includes.
pub(crate) fn run(input: Input<'_>) -> Parsed {
    let mut parser = file::Parser::default();
    match input {
        Input::File(path) => parser.main_file(path),
        Input::Text(text) => parser.main_text(text),
    }
    Parsed { spec: parser.spec, sink: parser.sink }
}
