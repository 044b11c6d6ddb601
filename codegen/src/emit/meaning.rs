//! What a metric means to its readers, and how far they may rely on it.

use streamhouse_metrics_spec::catalog::{Deprecation, Metric, Stability};

use crate::text::markdown::code;

/// A metric's help in Markdown, which says so where the metric is on its way out or may change.
///
/// `text` escapes what the specification says for the place that shows it.
pub(super) fn meaning(metric: &Metric, text: fn(&str) -> String) -> String {
    let mut cautions = Vec::new();
    if let Some(Deprecation { replacement, note }) = &metric.deprecated {
        let replacement = replacement.as_ref().map(|name| format!(", read {} instead", code(name)));
        let note = note.as_ref().map(|note| format!(": {}", text(note)));
        cautions.push(
            ["**deprecated**", &*replacement.unwrap_or_default(), &*note.unwrap_or_default()]
                .concat(),
        );
    }
    if metric.stability == Stability::Experimental {
        cautions.push("**experimental**, anything about it may change".to_owned());
    }
    let help = text(&metric.help);
    if cautions.is_empty() { help } else { format!("{help} ({})", cautions.join("; ")) }
}
