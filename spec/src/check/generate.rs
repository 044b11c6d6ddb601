//! Paths of what is generated beside the output folder.

use std::path::{Component, Path};

use crate::diagnostic::Diagnostic;
use crate::disk;
use crate::rule;
use crate::spec::{Spec, Text};

use super::report::Report;

/// Reports paths that leave the specification's folder or would replace a file of it.
pub(super) fn check(spec: &Spec, report: &mut Report<'_>) {
    for path in spec.markdown.iter().chain(&spec.schema) {
        let ordinary = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(&path.value).components().all(ordinary) {
            let message = format!("`{}` leaves the specification's folder", path.value);
            let diagnostic = Diagnostic::new(&rule::GENERATE_PATH, path.span, message);
            report.push(diagnostic.help("name a file below it, relative to it"));
        } else if is_source(path, spec) {
            let message = format!("`{}` is a file of this specification", path.value);
            report.push(
                Diagnostic::new(&rule::GENERATE_PATH, path.span, message).help("name another file"),
            );
        }
    }
}

fn is_source(path: &Text, spec: &Spec) -> bool {
    let mut sources = spec.sources.paths();
    let Some(main) = sources.next() else { return false };
    let folder = main.parent().unwrap_or(Path::new(""));
    let place = disk::canonical(&folder.join(&path.value));
    spec.sources.paths().any(|source| disk::canonical(source) == place)
}
