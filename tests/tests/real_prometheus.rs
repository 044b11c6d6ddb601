//! A real Prometheus scrapes a hand-written body and refuses a broken one: the
//! proof that its word counts in demo.rs.

use std::net::SocketAddr;

use serde_json::{Value, json};
use streamhouse_metrics_tests::{Prometheus, query, serve};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[test]
fn a_good_body_is_up_and_reported_with_its_types() {
    let body = "# TYPE sent counter\n# HELP sent A \\\"quoted\\\" help.\nsent_total 3\n\
                # TYPE lag gauge\nlag{topic=\"a\\\"b\\\\c\"} 5\n# EOF\n";
    let prometheus = scraping(serve(OPENMETRICS, move |_| body.to_owned()));
    assert_eq!(prometheus.wait_for("targets", health), "up");

    let metadata = prometheus.wait_for("targets/metadata", |metadata| {
        let metadata = metadata.as_array()?;
        (metadata.len() == 2).then(|| metadata.clone())
    });
    let mut families: Vec<Value> = metadata
        .iter()
        .map(|family| json!([family["metric"], family["type"], family["help"]]))
        .collect();
    families.sort_by_key(Value::to_string);
    let drawn = [json!(["lag", "gauge", ""]), json!(["sent", "counter", "A \"quoted\" help."])];
    assert_eq!(families, drawn);

    let lag = prometheus.api(&query("lag"));
    assert_eq!(lag["result"][0]["metric"]["topic"], "a\"b\\c");
}

#[test]
fn a_body_without_an_end_is_down() {
    let prometheus =
        scraping(serve(OPENMETRICS, |_| "# TYPE sent counter\nsent_total 3\n".to_owned()));
    assert_eq!(prometheus.wait_for("targets", health), "down");
}

/// What Prometheus says about its one target, once it has scraped it.
fn health(targets: &Value) -> Option<String> {
    let health = targets["activeTargets"][0]["health"].as_str()?;
    (health != "unknown").then(|| health.to_owned())
}

fn scraping(target: SocketAddr) -> Prometheus {
    Prometheus::start(&format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: sample, static_configs: [{{targets: ['{target}']}}]}}]\n"
    ))
}
