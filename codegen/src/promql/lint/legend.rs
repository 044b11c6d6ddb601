//! What is written beside the lines of a panel.

use streamhouse_metrics_spec::{Catalog, rule};

use super::template::lost;
use crate::promql::check::piece;
use crate::promql::labels::Presence;
use crate::promql::shown::lines;
use crate::promql::syntax::{Expr, Node};
use crate::promql::{Answer, Finding};

/// Finds what a legend would leave blank, and lines that it writes the same beside.
pub(super) fn in_legend(text: &str, answer: &Answer, catalog: &Catalog) -> Vec<Finding> {
    let of = &answer.of;
    // Grafana's own legend tells all lines apart, and what labels are made of is not known here.
    if text == "__auto" || makes_labels(&answer.expr) {
        return Vec::new();
    }
    let named: Vec<_> = text
        .match_indices("{{")
        .filter_map(|(start, _)| {
            let inside = &text[start + 2..];
            let label = inside[..inside.find("}}")?].trim();
            if label.is_empty() {
                return None;
            }
            let start = start + 2 + inside.find(label)?;
            Some((start..start + label.len(), label))
        })
        .collect();
    let lost = named.iter().filter_map(|(place, label)| lost(label, place.clone(), of));
    let mut found: Vec<_> = lost.collect();
    let missing = lines(of, catalog).into_iter().filter(|label| {
        let is_there = of.labels.get(label).presence == Presence::Always;
        is_there && !named.iter().any(|(_, name)| name == label)
    });
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        let labels = missing.join("`, `");
        let message = format!("lines that differ only in `{labels}` look the same");
        let help: String = missing.iter().map(|label| format!(" {{{{{label}}}}}")).collect();
        let help = Some(format!("add `{}`, or add up without it", help.trim()));
        found.push(Finding { rule: &rule::LEGEND, span: piece(text), message, help });
    }
    found
}

fn makes_labels(expr: &Expr) -> bool {
    let is_made = |name: &str| matches!(name, "label_join" | "label_replace");
    matches!(&expr.node, Node::Call(call) if is_made(&call.name.text))
        || expr.children().into_iter().any(makes_labels)
}
