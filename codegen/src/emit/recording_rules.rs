//! `prometheus/recording_rules.yml`: what Prometheus records.

use std::fmt::Write as _;

use streamhouse_metrics_spec::Catalog;

use super::Artifact;
use crate::text::{PREAMBLE, yaml};

/// Makes the rule file.
///
/// All rules are one group, which Prometheus evaluates in order: each after those that it reads.
pub(super) fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let mut text = format!("# {PREAMBLE}\ngroups:");
    match &*catalog.recording_rules {
        [] => text.push_str(" []\n"),
        rules => {
            let name = yaml::quoted(&format!("{}_recording_rules", catalog.namespace));
            _ = write!(text, "\n  - name: {name}\n    rules:\n");
            for rule in rules {
                let (name, expr) = (yaml::quoted(&rule.name), yaml::block(&rule.expr, 10));
                _ = write!(text, "      - record: {name}\n        expr: {expr}\n");
            }
        }
    }
    vec![Artifact { path: "prometheus/recording_rules.yml".to_owned(), text }]
}
