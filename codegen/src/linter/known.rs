//! What a specification says about the metrics of a dashboard.

use streamhouse_metrics_spec::Catalog;

use crate::promql::Schema;
use crate::promql::types::Kind;

/// The metrics that a specification tells of: those of its service, and those of others.
#[derive(Debug)]
pub struct Known {
    schema: Schema,
}

impl Known {
    /// What a catalogue says.
    pub fn new(catalog: &Catalog) -> Self {
        Self { schema: Schema::new(catalog) }
    }

    /// Whether a metric is recorded, or is declared and not the service's own: it need not be of the
    /// jobs and instances that a reader chooses among.
    pub(super) fn is_elsewhere(&self, name: &str) -> bool {
        // A name with a colon is a recording rule's, which has added instances up as it liked.
        let is_recorded = name.contains(':');
        // Alerts have the labels of their expressions, and `up` is there for targets that are not.
        let is_of_others = self.schema.series(name).is_some() && !self.schema.owns(name);
        is_recorded || is_of_others
    }

    /// Whether a metric only ever grows; of one that nobody has declared its name tells.
    pub(super) fn is_counter(&self, name: &str) -> bool {
        match self.schema.series(name) {
            Some(series) => {
                matches!(series.of.kind, Kind::Counter | Kind::Bucket | Kind::Sum | Kind::Count)
            }
            None => name.ends_with("_total") || name.ends_with("_bucket"),
        }
    }
}
