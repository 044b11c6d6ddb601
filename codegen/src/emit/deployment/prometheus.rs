//! `prometheus/prometheus.yml`: what is scraped and how often, and where rules and alerts go.

use streamhouse_metrics_spec::{Catalog, duration};

use super::job::{Job, jobs};
use super::place;
use crate::text::document::{Map, Value};

/// How samples are kept for longer.
const REMOTE_WRITE: &str = "\
To keep samples for longer, or to see them from elsewhere, send them there too:
remote_write:
  - url: \"https://metrics.example/api/v1/write\"
    authorization:
      credentials_file: \"/run/secrets/remote_write_token\"";

/// What an exemplar needs.
const EXEMPLARS: &str = "\
There are exemplars, which Prometheus keeps with --enable-feature=exemplar-storage.";

/// What a native histogram needs.
const NATIVE: &str = "\
There are native histograms, which Prometheus reads with --enable-feature=native-histograms, from 3.8
on with scrape_native_histograms below. The classic buckets, which rules and dashboards read, are then
kept by always_scrape_classic_histograms, before 3.0 by scrape_classic_histograms (2.45 and newer).";

/// The configuration.
pub(super) fn configuration(catalog: &Catalog) -> Map {
    let interval = duration::written(catalog.surroundings.scrape_interval);
    let mut document = Map::default();
    if catalog.metrics().any(|(_, metric)| metric.exemplars) {
        document = document.comment(EXEMPLARS);
    }
    if catalog.metrics().any(|(_, metric)| metric.native) {
        document = document.comment(NATIVE);
    }
    let global =
        Map::default().with("scrape_interval", &*interval).with("evaluation_interval", &*interval);
    let alertmanager = Map::default().with("static_configs", [targets([place::ALERTMANAGER])]);
    document
        .with("global", global)
        .with("rule_files", ["rules/*.yml"])
        .with("alerting", Map::default().with("alertmanagers", [alertmanager]))
        .with("scrape_configs", jobs(catalog).iter().map(scrape).collect::<Vec<_>>())
        .comment(REMOTE_WRITE)
}

/// How a job is scraped. An instance keeps its port: two processes of one host are two instances.
fn scrape(job: &Job<'_>) -> Map {
    let scrape = Map::default().with("job_name", job.name);
    let known = job.targets();
    if !known.is_empty() {
        return scrape.with("static_configs", [targets(known)]);
    }
    let component = &job.components[0].key;
    scrape
        .comment(&format!("Its targets are said by `targets` under [components.{component}]."))
        .with("static_configs", Vec::<Map>::new())
}

/// Targets that do not change while Prometheus runs.
fn targets(targets: impl Into<Value>) -> Map {
    Map::default().with("targets", targets)
}
