//! Where everything is that was derived from metrics.toml, and how to open it.

use std::env;
use std::path::{Path, PathBuf};

/// What lies in the folder of outputs, and what it is for.
const OUTPUTS: [(&str, &str); 6] = [
    ("docs/metrics.md", "every metric: name, type, unit, labels, series at worst"),
    ("docs/alerts.md", "every alert: what it means, when it fires"),
    ("docs/runbooks", "for each alert, where to look when it fires"),
    ("prometheus/rules", "for `rule_files:` in prometheus.yml"),
    ("grafana/dashboards", "in Grafana: Dashboards, New, Import"),
    ("catalog.json", "all of it, for programs"),
];

/// Says for each output where it is and how to open it.
pub(crate) fn describe() -> Vec<String> {
    let folder = generated();
    let shown = shown(&folder);
    let mut lines = vec!["derived from metrics.toml:".to_owned()];
    for (output, purpose) in OUTPUTS {
        let path = format!("{}", shown.join(output).display());
        let note = if folder.join(output).exists() { purpose } else { "missing: cargo xtask gen" };
        lines.push(format!("  {path:<42} {note}"));
    }
    lines
}

/// Says at the end where to look next.
pub(crate) fn remind() -> Vec<String> {
    let folder = generated();
    let shown = shown(&folder).display();
    vec![format!("ended; the docs, rules and dashboards of what you saw are in {shown}")]
}

/// The repository's folder of outputs.
pub(crate) fn generated() -> PathBuf {
    workspace().join("generated")
}

/// The repository: the demo is never installed, only run from its sources.
pub(crate) fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// The path as seen from where we are.
fn shown(folder: &Path) -> &Path {
    let Ok(here) = env::current_dir() else { return folder };
    folder.strip_prefix(here).unwrap_or(folder)
}
