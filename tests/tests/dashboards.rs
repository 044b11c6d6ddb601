//! Grafana's own types judge the generated dashboards; first, that they refuse
//! what people get wrong.

use streamhouse_metrics_tests::{accepted, generated_files, grafana_types};

const GOOD: &str = r#"{
    "uid": "sample", "title": "Sample", "schemaVersion": 42,
    "annotations": {"list": [{
        "datasource": {"type": "prometheus", "uid": "prometheus"}, "name": "Restarts",
        "enable": true, "iconColor": "purple", "expr": "resets(up[1m]) > 0"
    }]},
    "panels": [{
        "type": "timeseries", "title": "Lag", "links": [{"title": "Runbook", "url": "/"}],
        "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0},
        "fieldConfig": {
            "defaults": {"thresholds": {
                "mode": "absolute", "steps": [{"color": "green", "value": null}]
            }},
            "overrides": []
        },
        "targets": [{"refId": "A", "expr": "up"}]
    }]
}"#;

#[test]
fn a_good_dashboard() {
    accepted(grafana_types([("good", GOOD)]));
}

#[test]
fn each_mistake_is_named() {
    let misspelt_position = GOOD.replace("\"h\"", "\"height\"");
    let misspelt_mode = GOOD.replace("absolute", "absolut");
    let misspelt_link = GOOD.replace("\"url\"", "\"uri\"");
    let misspelt_annotation = GOOD.replace("iconColor", "iconColour");
    let wrapped = format!("{{\"dashboard\": {GOOD}}}");
    let complaint = grafana_types([
        ("good", GOOD),
        ("misspelt_position", &misspelt_position),
        ("misspelt_mode", &misspelt_mode),
        ("misspelt_link", &misspelt_link),
        ("misspelt_annotation", &misspelt_annotation),
        ("wrapped", &wrapped),
    ])
    .expect_err("all but one of these should be refused");

    let mut complaints: Vec<_> = complaint
        .lines()
        .filter_map(|line| line.split_once(".ts("))
        .map(|(name, _)| name)
        .collect();
    complaints.sort_unstable();
    let misspelt =
        ["misspelt_annotation", "misspelt_link", "misspelt_mode", "misspelt_position", "wrapped"];
    assert_eq!(complaints, misspelt);
}

#[test]
fn every_generated_dashboard() {
    let files = generated_files(".json");
    let dashboards = files.iter().filter_map(|(file, text)| {
        let folder = file.parent()?.file_name()?;
        let name = file.file_stem()?.to_str()?;
        (folder == "dashboards").then_some((name, text.as_str()))
    });
    accepted(grafana_types(dashboards));
}
