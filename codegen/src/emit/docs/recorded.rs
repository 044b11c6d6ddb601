//! `docs/recording_rules.md`: what Prometheus records of the metrics.

use streamhouse_metrics_spec::catalog::RecordingRule;

use super::{metrics, paragraph, tables};
use crate::promql::Results;
use crate::text::markdown::{block, code, text};

/// The sections of the page.
pub(super) fn page(results: &Results<'_>) -> Vec<String> {
    let catalog = results.catalog();
    if catalog.recording_rules.is_empty() {
        return vec!["Nothing is recorded.".to_owned()];
    }
    catalog.recording_rules.iter().flat_map(|rule| section(results, rule)).collect()
}

fn section(results: &Results<'_>, rule: &RecordingRule) -> Vec<String> {
    let mut sections =
        vec![format!("## {}", code(&rule.name)), text(&rule.help), block("promql", &rule.expr)];
    let facts = [
        results.recorded_unit(rule).map(|unit| tables::unit(&unit)),
        metrics::reads(results.catalog(), &rule.reads),
    ];
    sections.extend(paragraph(facts));
    sections
}
