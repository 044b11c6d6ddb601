//! `mixin/`: dashboards and rules as a monitoring mixin, for those who gather them with Jsonnet.
//!
//! It holds nothing of its own: it imports the files beside it, so that it cannot say anything else.

use super::{Artifact, Sources};
use crate::rules::{Action, RuleFile};
use crate::text::PREAMBLE;

const HEAD: &str = "\
// A monitoring mixin, as monitoring.mixins.dev has it. It imports files that stand beside its folder,
// so what is vendored is the output folder as a whole, in which Jsonnet 0.18 or newer evaluates it:
//
//   jsonnet -m . -e '(import \"mixin/mixin.libsonnet\").grafanaDashboards'
//   jsonnet -S -e 'std.manifestYamlDoc((import \"mixin/mixin.libsonnet\").prometheusAlerts)'
//   jsonnet -S -e 'std.manifestYamlDoc((import \"mixin/mixin.libsonnet\").prometheusRules)'
//
// Selectors are those of metrics.toml: there is no `_config`.
";

/// Makes the mixin.
pub(super) fn emit(sources: &Sources<'_>) -> Vec<Artifact> {
    let dashboards = sources.dashboards().iter().map(|dashboard| {
        let path = &dashboard.path;
        let name = path.rsplit('/').next().unwrap_or(path);
        format!("    '{name}': import '../{path}',\n")
    });
    let (alerts, recorded): (Vec<_>, Vec<_>) =
        sources.rules().iter().partition(|file| has_alerts(file));
    let lines = [
        format!("// {PREAMBLE}\n//\n{HEAD}{{\n"),
        format!("  grafanaDashboards+:: {{\n{}  }},\n", dashboards.collect::<String>()),
        rules("prometheusAlerts", &alerts),
        rules("prometheusRules", &recorded),
        "}\n".to_owned(),
    ];
    vec![Artifact { path: "mixin/mixin.libsonnet".to_owned(), text: lines.concat() }]
}

/// Whether a file has alerts; then it records nothing.
fn has_alerts(file: &RuleFile) -> bool {
    let mut rules = file.groups.iter().flat_map(|group| &group.rules);
    rules.any(|rule| matches!(rule.action, Action::Alert { .. }))
}

/// The groups of some files, under the name that mixins have for them.
fn rules(name: &str, files: &[&RuleFile]) -> String {
    // Names are words of keys and dots: nothing in them ends a string.
    let files = files.iter().map(|file| {
        let file = format!("../{}", super::rules::path(file));
        format!("      std.parseYaml(importstr '{file}').groups,\n")
    });
    let files = files.collect::<String>();
    format!("  {name}+:: {{\n    groups+: std.flattenArrays([\n{files}    ]),\n  }},\n")
}
