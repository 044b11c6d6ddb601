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

/// A specification of that many alerts, a hundred a component, each of a metric of its own, and of
/// that many objectives.
pub(super) fn with_alerts(alerts: usize, objectives: usize) -> String {
    let mut text = String::from(
        "namespace = \"scale\"\n\n[generate]\npublished = \"https://scale.example\"\n\n[labels]\n\
         topic = { help = \"Topic\", limit = 10 }\nzone = { help = \"Zone\", limit = 10 }\n",
    );
    for alert in 0..alerts {
        let metric = format!("component_{}.metric_{alert}", alert / 100);
        let (suffix, rest, bound) = match alert % 4 {
            0 => ("", "type = \"gauge\"\nunit = \"items\"", "above = 1000\nby = [\"topic\"]"),
            1 => (
                "_seconds",
                "type = \"histogram\"\nunit = \"seconds\"\n\
                 buckets = { exponential = { start = 0.001, factor = 2, count = 15 }, also = [0.1] }",
                "above = 0.1\nquantile = 0.99\nby = [\"topic\"]",
            ),
            2 => ("", "type = \"counter\"\nunit = \"errors\"", "above = 10\nby = [\"topic\"]"),
            _ => ("_ratio", "type = \"gauge\"\nunit = \"ratio\"", "below = 0.2\nby = [\"zone\"]"),
        };
        let _ = writeln!(
            text,
            "\n[{metric}{suffix}]\n{rest}\nlabels = [\"topic\", \"zone\"]\nhelp = \"Number {alert}\"\n\
             \n[alerts.Alert{alert}]\nmetric = \"{metric}{suffix}\"\n{bound}\nfor = \"5m\"\n\
             severity = \"warning\"\nsummary = \"Alert number {alert}\""
        );
    }
    for objective in 0..objectives {
        let at = 4 * objective + 1;
        let _ = writeln!(
            text,
            "\n[slos.objective_{objective}]\nhelp = \"Number {objective}\"\nobjective = 99.9\n\
             metric = \"component_{}.metric_{at}_seconds\"\nfaster_than = 0.1\nby = [\"topic\"]",
            at / 100
        );
    }
    text
}
