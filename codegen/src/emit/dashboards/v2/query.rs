//! What is asked, and of whom.

use serde::Serialize;

use super::super::look;

/// A question of the form that a data source takes.
#[derive(Serialize)]
pub(super) struct DataQuery<S> {
    kind: &'static str,
    /// The plugin of the data source.
    group: &'static str,
    version: &'static str,
    datasource: DataSource,
    spec: S,
}

#[derive(Serialize)]
struct DataSource {
    name: &'static str,
}

impl<S> DataQuery<S> {
    /// A question to the Prometheus that the reader chose.
    pub(super) fn of_chosen(spec: S) -> Self {
        Self::new(look::PROMETHEUS, look::CHOSEN, spec)
    }

    pub(super) fn new(group: &'static str, name: &'static str, spec: S) -> Self {
        let datasource = DataSource { name };
        Self { kind: "DataQuery", group, version: "v0", datasource, spec }
    }
}
