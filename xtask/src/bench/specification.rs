//! Specifications of any size: five labels a metric, fifty label sets a component.

use std::fmt::Write;

/// Metrics of one component; larger specifications have more components.
const COMPONENT: usize = 1000;

/// A specification of that many metrics.
pub(super) fn with(metrics: usize) -> String {
    let mut text = String::from("namespace = \"scale\"\n\n[labels]\n");
    for label in 0..LABELS {
        let domain = if label % 3 == 2 { "values = [\"a\", \"b\", \"c\"]" } else { "limit = 10" };
        let _ = writeln!(text, "label_{label} = {{ help = \"Label number {label}\", {domain} }}");
    }
    for metric in 0..metrics {
        let (component, key) = (metric / COMPONENT, metric % COMPONENT);
        let labels = label_set(key % 50).join(", ");
        let (name, rest) = match key % 4 {
            0 => ("gauge", "type = \"gauge\"\nunit = \"records\""),
            1 => (
                "histogram_seconds",
                "type = \"histogram\"\nunit = \"seconds\"\n\
                 buckets = { exponential = { start = 0.001, factor = 2, count = 15 } }",
            ),
            _ => ("counter", "type = \"counter\"\nunit = \"records\""),
        };
        let _ = writeln!(
            text,
            "\n[component_{component}.metric_{key}_{name}]\n{rest}\nlabels = [{labels}]\n\
             help = \"What metric number {key} of the component counts or measures\""
        );
    }
    text
}

const LABELS: usize = 12;

/// The labels of a set: the number-th way to choose five of them.
fn label_set(number: usize) -> Vec<String> {
    let chosen =
        (0u16..1 << LABELS).filter(|bits| bits.count_ones() == 5).nth(number).unwrap_or_default();
    (0..LABELS)
        .filter(|label| chosen & (1 << label) != 0)
        .map(|label| format!("\"label_{label}\""))
        .collect()
}
