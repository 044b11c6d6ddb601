//! What surrounds the rules: configurations of Prometheus, Alertmanager and Grafana, in Compose and in
//! Kubernetes, and the rules as clusters take them.
//!
//! Each file is a function of the specification alone. Paths that one file mounts and another one
//! reads stand once, in [`place`].

mod alertmanager;
mod compose;
mod grafana;
pub(super) mod job;
mod kubernetes;
mod operations;
mod place;
mod prometheus;
mod rules;

use super::{Artifact, Sources};
use crate::rules::inhibitions;
use crate::text::document::{self, Map};

/// Makes all configurations.
pub(super) fn emit(sources: &Sources<'_>) -> Vec<Artifact> {
    let results = &sources.results;
    let catalog = results.catalog();
    let namespace = &catalog.namespace;
    let rules = sources.rules();
    let configurations = [
        file("docker-compose.yml", &compose::file(catalog)),
        file("prometheus/prometheus.yml", &prometheus::configuration(catalog)),
        file(
            "alertmanager/alertmanager.yml",
            &alertmanager::configuration(catalog, &inhibitions(results)),
        ),
        file(
            format!("{}/datasources/{namespace}.yml", place::PROVISIONING),
            &grafana::data_source(catalog),
        ),
        file(
            format!("{}/dashboards/{namespace}.yml", place::PROVISIONING),
            &grafana::provider(catalog),
        ),
    ];
    let mut files = Vec::from(configurations);
    files.extend(kubernetes::emit(catalog, rules, sources.dashboards()));
    files.extend(rules.iter().map(rules::for_mimir));
    files.extend(rules.iter().map(rules::for_thanos));
    files.push(operations::page(catalog, sources.dashboards()));
    files
}

fn file(path: impl Into<String>, document: &Map) -> Artifact {
    Artifact { path: path.into(), text: document::text(document) }
}
