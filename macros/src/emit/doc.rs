//! What an editor shows when it hovers over a method.

use std::collections::HashMap;
use std::fmt::Write;

use streamhouse_metrics_spec::catalog::{Alert, Kind, Metric, MetricId, Stability};

use super::Scope;

/// Writes the documentation of methods.
pub(super) struct Docs<'a> {
    scope: &'a Scope<'a>,
    alerts: HashMap<MetricId, Vec<&'a Alert>>,
}

impl<'a> Docs<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Self { scope, alerts: scope.catalog.alerts_by_metric() }
    }

    /// Exposed name, help, type, unit, labels, buckets, and the alerts that watch the metric.
    pub(super) fn direct(&self, id: MetricId, metric: &Metric) -> String {
        let mut doc = format!(
            "{}.\n\n`{}`: {}",
            sentence(&metric.help),
            metric.exposed(),
            metric.kind.as_str()
        );
        if !metric.unit.is_none() {
            let _ = write!(doc, " of {}", metric.unit);
        }
        let labels: Vec<_> =
            self.scope.catalog.labels_of(metric).map(|label| format!("`{}`", label.name)).collect();
        if !labels.is_empty() {
            let _ = write!(doc, " by {}", labels.join(", "));
        }
        doc.push('.');
        if !metric.const_labels.is_empty() {
            let always =
                metric.const_labels.iter().map(|(name, value)| code(&format!("{name}={value:?}")));
            let _ = write!(doc, "\n\nAlways {}.", always.collect::<Vec<_>>().join(", "));
        }
        if metric.kind == Kind::Histogram {
            let bounds: Vec<_> = metric.buckets.iter().map(|bound| bound.le()).collect();
            let _ = write!(doc, "\n\nBuckets: {}", bounds.join(", "));
            doc.push_str(if metric.native { ", and native ones." } else { "." });
        }
        if metric.sample > 1 {
            let _ = write!(
                doc,
                "\n\nSampled: one of {0} observations counts, as {0} of its kind.",
                metric.sample
            );
        }
        if let Some(limit) = metric.series_limit {
            let _ = write!(
                doc,
                "\n\nKeeps at most {limit} combinations of its open labels apart; what is past \
                 them goes to the overflow series."
            );
        }
        if let Some(alerts) = self.alerts.get(&id) {
            let names: Vec<_> = alerts
                .iter()
                .map(|alert| format!("`{}` ({})", alert.name, alert.severity.as_str()))
                .collect();
            let _ = write!(doc, "\n\nWatched by {}.", names.join(", "));
        }
        if metric.stability == Stability::Experimental {
            doc.push_str("\n\nExperimental: anything about it may change.");
        }
        if let Some(deprecated) = &metric.deprecated {
            doc.push_str("\n\nDeprecated");
            if let Some(replacement) = &deprecated.replacement {
                let _ = write!(doc, " in favour of `{replacement}`");
            }
            doc.push('.');
            if let Some(note) = &deprecated.note {
                let _ = write!(doc, " {}.", sentence(note));
            }
        }
        if let Some(owner) = &metric.owner {
            let _ = write!(doc, "\n\nOwned by {}.", sentence(owner));
        }
        doc
    }

    /// Help and exposed name.
    pub(super) fn bound(metric: &Metric) -> String {
        format!("{} (`{}`).", sentence(&metric.help), metric.exposed())
    }
}

/// Text of the specification as part of a Markdown sentence: its own markup is data.
pub(super) fn sentence(text: &str) -> String {
    let mut sentence = String::with_capacity(text.len());
    for character in text.trim().trim_end_matches('.').chars() {
        match character {
            '\n' => sentence.push(' '),
            '[' | ']' | '<' | '>' | '`' | '*' | '_' | '\\' | '#' => {
                sentence.push('\\');
                sentence.push(character);
            }
            other => sentence.push(other),
        }
    }
    sentence
}

/// Text of the specification in code type, whatever it holds.
pub(super) fn code(text: &str) -> String {
    // A fence longer than any run of backticks inside, and a space where one would touch it.
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
