//! Paths of what is generated beside the output folder.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::disk;
use crate::rule;
use crate::spec::{Spec, Text};

use super::report::Report;

/// Reports paths that leave the specification's folder, name no file, or have a file already.
pub(super) fn check(spec: &Spec, report: &mut Report<'_>) {
    let mut known: HashMap<PathBuf, &Text> = HashMap::new();
    for path in spec.markdown.iter().chain(&spec.schema) {
        let finding = |message: String, help: &str| {
            Diagnostic::new(&rule::GENERATE_PATH, path.span, message).help(help)
        };
        let ordinary = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        let parts = Path::new(&path.value).components();
        let plain: PathBuf = parts.clone().filter(|part| *part != Component::CurDir).collect();
        if !parts.clone().all(ordinary) {
            let message = format!("`{}` leaves the specification's folder", path.value);
            report.push(finding(message, "name a file below it, relative to it"));
        } else if plain.as_os_str().is_empty() || path.ends_with('/') {
            let message = format!("`{}` is no file", path.value);
            report.push(finding(message, "name a file below the specification's folder"));
        } else if plain.starts_with("generated") {
            let message = format!("`{}` lies in the output folder", path.value);
            report.push(finding(message, "name a file beside it"));
        } else if is_source(&plain, spec) {
            let message = format!("`{}` is a file of this specification", path.value);
            report.push(finding(message, "name another file"));
        } else if let Some(first) = known.get(&plain) {
            let message = format!("`{}` is named twice", path.value);
            report.push(finding(message, "delete it").related(first.span, "first here"));
        } else {
            known.insert(plain, path);
        }
    }
}

fn is_source(path: &Path, spec: &Spec) -> bool {
    let mut sources = spec.sources.paths();
    let Some(main) = sources.next() else { return false };
    let folder = main.parent().unwrap_or(Path::new(""));
    let place = disk::canonical(&folder.join(path));
    spec.sources.paths().any(|source| disk::canonical(source) == place)
}
