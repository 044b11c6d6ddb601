//! What docs/guide.md says about configurations, and where they are.
//!
//! Links to generated files are followed by `documents.rs`, the files are judged by `deployment.rs`.

use std::fs;

use streamhouse_metrics_tests::{generated, workspace_root};

/// What is generated is not written a second time, or one of the two would be wrong some day.
#[test]
fn the_guide_leads_to_every_configuration() {
    let guide = fs::read_to_string(workspace_root().join("docs/guide.md")).expect("a guide");
    assert!(!guide.contains("```yaml"), "the guide shows a configuration of its own");
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
