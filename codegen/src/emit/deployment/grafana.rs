//! `grafana/provisioning/`: the data source, and where dashboards are.

use streamhouse_metrics_spec::{Catalog, duration};

use super::place;
use crate::text::document::Map;

/// How an example of a measurement is followed to its trace.
const TRACES: &str = "\
Examples of what was measured lead to traces, when it is said which label is a trace's id and where:
exemplarTraceIdDestinations:
  - name: \"trace_id\"
    datasourceUid: \"traces\"";

/// Prometheus as Grafana's source.
///
/// The interval is what ranges of rates are made of: wrong, and rates have holes or are blurred.
pub(super) fn data_source(catalog: &Catalog) -> Map {
    let interval = duration::written(catalog.surroundings.scrape_interval);
    let mut settings = Map::default().with("httpMethod", "POST").with("timeInterval", interval);
    if catalog.metrics().any(|(_, metric)| metric.exemplars) {
        settings = settings.comment(TRACES);
    }
    let source = Map::default()
        .with("name", "Prometheus")
        .with("type", "prometheus")
        .with("access", "proxy")
        .with("url", format!("http://{}", place::PROMETHEUS))
        .with("isDefault", true)
        .with("editable", false)
        .with("jsonData", settings);
    Map::default().with("apiVersion", 1).with("datasources", [source])
}

/// Where Grafana finds the dashboards, which nobody edits in the browser.
pub(super) fn provider(catalog: &Catalog) -> Map {
    let title = constant(&catalog.title);
    let provider = Map::default()
        .with("name", &*title)
        .with("folder", &*title)
        .with("type", "file")
        .with("allowUiUpdates", false)
        .with("updateIntervalSeconds", 30)
        .with("options", Map::default().with("path", place::dashboards(&catalog.namespace)));
    Map::default().with("apiVersion", 1).with("providers", [provider])
}

/// Text in which Grafana replaces no variables of the environment.
fn constant(text: &str) -> String {
    text.replace('$', "$$")
}
