//! What surrounds the rules: configurations of Prometheus, Alertmanager and Grafana.
//!
//! Each file is a function of the specification alone. Paths that one file mounts and another one
//! reads stand once, in [`place`].

mod alertmanager;
mod grafana;
mod inhibition;
pub(super) mod job;
mod place;
mod prometheus;

use super::Artifact;
use crate::promql::Results;
use crate::text::document::{self, Map};

/// Makes all configurations.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let catalog = results.catalog();
    let namespace = &catalog.namespace;
    vec![
        file("prometheus/prometheus.yml", &prometheus::configuration(catalog)),
        file(
            "alertmanager/alertmanager.yml",
            &alertmanager::configuration(catalog, &inhibition::inhibitions(results)),
        ),
        file(
            format!("{}/datasources/{namespace}.yml", place::PROVISIONING),
            &grafana::data_source(catalog),
        ),
        file(
            format!("{}/dashboards/{namespace}.yml", place::PROVISIONING),
            &grafana::provider(catalog),
        ),
    ]
}

fn file(path: impl Into<String>, document: &Map) -> Artifact {
    Artifact { path: path.into(), text: document::text(document) }
}
