//! Where everything is that was derived from metrics.toml, and how to open it.

use std::env;
use std::path::{Path, PathBuf};

/// What lies in the folder of outputs, and what it is for.
const OUTPUTS: [(&str, &str); 16] = [
    ("docs/metrics.md", "every metric: name, type, unit, labels, series at worst"),
    ("docs/alerts.md", "every alert: what it means, when it fires"),
    ("docs/slos.md", "every objective: what is promised, and what spends its budget"),
    ("docs/runbooks", "for each alert, where to look when it fires"),
    ("docs/operations.md", "how to use what follows, and how large servers have to be"),
    ("prometheus/prometheus.yml", "for Prometheus: what is scraped, with `rules/` beside it"),
    ("alertmanager/alertmanager.yml", "for Alertmanager: who is told, and when it is silent"),
    ("grafana/dashboards", "in Grafana: Dashboards, New, Import"),
    ("grafana/provisioning", "for Grafana, which finds Prometheus and the dashboards by it"),
    ("docker-compose.yml", "all three servers: `docker compose up -d` beside it"),
    ("kubernetes", "for the Prometheus operator: monitors, rules, dashboards"),
    ("mimir/rules", "the rules for Mimir"),
    ("thanos/rules", "the rules for Thanos"),
    ("mixin", "dashboards and rules for Jsonnet"),
    ("openslo", "the objectives for other tools"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_is_there_and_none_is_left_out() {
        for (output, _) in OUTPUTS {
            assert!(generated().join(output).exists(), "there is no {output}");
        }
        for entry in generated().read_dir().expect("outputs") {
            let name = entry.expect("an output").file_name();
            let is_listed = OUTPUTS.iter().any(|(output, _)| Path::new(output).starts_with(&name));
            assert!(is_listed || name == "MANIFEST", "nobody says where {name:?} is");
        }
    }
}
