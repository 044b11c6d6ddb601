//! `kubernetes/`: objects for the Prometheus operator, and dashboards where Grafana looks for them.

mod dashboard;
mod monitor;
mod name;

use streamhouse_metrics_spec::Catalog;

use super::file;
use super::job::jobs;
use super::rules::RuleFile;
use crate::emit::Artifact;
use crate::text::document::{self, Map};

use monitor::Monitor;

pub(super) use dashboard::fits;

/// Makes all objects, each in a file of its own.
pub(super) fn emit(
    catalog: &Catalog,
    rules: &[RuleFile],
    dashboards: &[Artifact],
) -> Vec<Artifact> {
    let jobs = jobs(catalog);
    let names = name::distinct(jobs.iter().map(|job| job.name));
    let mut files = Vec::new();
    for monitor in [Monitor::Pods, Monitor::Services] {
        files.extend(jobs.iter().zip(&names).map(|(job, name)| {
            let path = format!("kubernetes/{}/{name}.yml", monitor.folder());
            file(path, &monitor.of(catalog, job, name))
        }));
    }
    files.extend(rules.iter().map(|rules| {
        let name = name::object(&format!("{}-{}", catalog.namespace, rules.stem));
        let head = object(catalog, "monitoring.coreos.com/v1", "PrometheusRule", &name, &[]);
        let text = document::text(&head) + &rules.as_spec();
        Artifact { path: format!("kubernetes/rules/{name}.yml"), text }
    }));
    files.extend(
        dashboards.iter().filter_map(|dashboard| dashboard::config_map(catalog, dashboard)),
    );
    files
}

/// The head of an object, with the labels of all and some of its own.
fn object(catalog: &Catalog, version: &str, kind: &str, name: &str, own: &[(&str, &str)]) -> Map {
    let deployment = &catalog.deployment;
    let mut metadata =
        Map::default().with("name", name).with_some("namespace", deployment.namespace.as_deref());
    let is_own = |key: &String| own.iter().any(|(own, _)| own == key);
    let labels = deployment.labels.iter().filter(|(key, _)| !is_own(key));
    let labels = labels.map(|(key, value)| (&**key, &**value)).chain(own.iter().copied());
    let labels: Map = labels.collect();
    if !labels.is_empty() {
        metadata = metadata.with("labels", labels);
    }
    Map::default().with("apiVersion", version).with("kind", kind).with("metadata", metadata)
}
