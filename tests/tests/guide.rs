//! What docs/guide.md says about configurations, as those read it who are to follow it.
//!
//! Links to generated files are followed by `documents.rs`, the files are judged by `deployment.rs`.

use std::fs;

use serde_json::Value;
use streamhouse_metrics_tests::{accepted, generated, workspace_root, yaml_1_1_and_1_2_agree};

fn guide() -> String {
    fs::read_to_string(workspace_root().join("docs/guide.md")).expect("a guide")
}

/// The configurations that the guide shows.
fn configurations() -> Vec<Value> {
    let guide = guide();
    let blocks = guide.split("```yaml\n").skip(1);
    let blocks = blocks.filter_map(|rest| Some(rest.split_once("\n```")?.0));
    blocks.map(|text| accepted(yaml_1_1_and_1_2_agree(text))).collect()
}

#[test]
fn every_label_and_every_alert_of_an_inhibition_is_there() {
    let [alertmanager] = &*configurations() else { panic!("the guide shows one configuration") };
    let checked = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    let checked = checked.expect("metrics.toml is in order");
    for rule in alertmanager["inhibit_rules"].as_array().expect("rules") {
        for matcher in ["source_matchers", "target_matchers"] {
            let text = rule[matcher][0].as_str().expect("a matcher");
            let name = text.strip_prefix("alertname=\"").and_then(|name| name.strip_suffix('"'));
            let name = name.expect("the name of an alert");
            assert!(checked.catalog.alerts.iter().any(|alert| alert.name == name), "{name}");
        }
        for label in rule["equal"].as_array().expect("labels") {
            let is_known = checked.catalog.labels.iter().any(|known| label == &*known.name);
            assert!(is_known, "{label}");
        }
    }
}

/// What is generated is not written a second time, or one of the two would be wrong some day.
#[test]
fn the_guide_leads_to_every_configuration() {
    let guide = guide();
    for file in [
        "prometheus/prometheus.yml",
        "alertmanager/alertmanager.yml",
        "docker-compose.yml",
        "kubernetes/pod_monitors/streamhouse-agents.yml",
        "grafana/provisioning/datasources/streamhouse.yml",
        "grafana/provisioning/dashboards/streamhouse.yml",
        "docs/operations.md",
    ] {
        generated(file);
        assert!(guide.contains(&format!("(../generated/{file}")), "the guide does not name {file}");
    }
    let alertmanager = generated("alertmanager/alertmanager.yml");
    assert!(guide.contains("`#streamhouse-alerts`"));
    assert!(alertmanager.contains("channel: \"#streamhouse-alerts\""));
}
