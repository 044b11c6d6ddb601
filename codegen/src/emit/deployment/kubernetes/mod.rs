//! `kubernetes/`: objects for the Prometheus operator, and dashboards where Grafana looks for them.

mod dashboard;
mod monitor;
mod name;

use streamhouse_metrics_spec::Catalog;

use super::file;
use super::job::jobs;
use super::rules::spec;
use crate::emit::Artifact;
use crate::rules::RuleFile;
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
    let names = name::distinct(rules.iter().map(|rules| &*rules.name));
    files.extend(rules.iter().zip(&names).map(|(rules, name)| {
        let head = object(catalog, "monitoring.coreos.com/v1", "PrometheusRule", name, &[]);
        let text = document::text(&head) + &spec(rules);
        Artifact { path: format!("kubernetes/rules/{name}.yml"), text }
    }));
    let names = name::distinct(dashboards.iter().map(dashboard::stem));
    let maps = dashboards.iter().zip(&names);
    files.extend(maps.filter_map(|(file, name)| dashboard::config_map(catalog, file, name)));
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
