//! The configurations in docs/guide.md, as those read them who are to follow them.

use std::fs;

use serde_json::Value;
use streamhouse_metrics_tests::{
    accepted, promtool_check_config, refused, scratch_folder, workspace_root,
    yaml_1_1_and_1_2_agree,
};

fn configurations() -> Vec<String> {
    let guide = fs::read_to_string(workspace_root().join("docs/guide.md")).expect("a guide");
    let blocks = guide.split("```yaml\n").skip(1);
    blocks.filter_map(|rest| Some(rest.split_once("\n```")?.0.to_owned())).collect()
}

/// The configuration that has a key.
fn with(key: &str) -> (String, Value) {
    let read = configurations().into_iter().map(|text| {
        let value = accepted(yaml_1_1_and_1_2_agree(&text));
        (text, value)
    });
    let mut found: Vec<_> = read.filter(|(_, value)| !value[key].is_null()).collect();
    assert_eq!(found.len(), 1, "one configuration has {key}");
    found.remove(0)
}

#[test]
fn every_configuration_is_yaml() {
    let configurations = configurations();
    assert_eq!(
        configurations.len(),
        6,
        "Prometheus, Kubernetes, Compose, Grafana's two, Alertmanager"
    );
    for configuration in configurations {
        accepted(yaml_1_1_and_1_2_agree(&configuration));
    }
}

#[test]
fn prometheus_takes_its_configuration_and_finds_the_rules() {
    let (text, _) = with("scrape_configs");
    let folder = scratch_folder();
    let file = folder.path().join("prometheus.yml");
    let rules = workspace_root().join("generated/prometheus/rules").display().to_string();
    let mounted = "/etc/prometheus/streamhouse";
    assert_eq!(text.matches(mounted).count(), 1);
    fs::write(&file, text.replace(mounted, &rules)).expect("writable");
    accepted(promtool_check_config(&file));
    fs::write(&file, text.replace("*.yml", "none.yml")).expect("writable");
    refused(promtool_check_config(&file), mounted);
}

#[test]
fn the_jobs_are_those_of_the_specification() {
    let (_, prometheus) = with("scrape_configs");
    let jobs = prometheus["scrape_configs"].as_array().expect("a list").iter();
    let mut jobs: Vec<&str> = jobs.filter_map(|job| job["job_name"].as_str()).collect();
    jobs.sort_unstable();
    let checked = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    let checked = checked.expect("metrics.toml is in order");
    let mut specified: Vec<&str> = checked
        .catalog
        .components
        .iter()
        .filter_map(|component| component.job.as_deref())
        .collect();
    specified.sort_unstable();
    assert_eq!(jobs, specified);
}

#[test]
fn what_is_mounted_is_there_or_is_in_the_guide() {
    let (_, compose) = with("services");
    let services = compose["services"].as_object().expect("services");
    let mut mounted = Vec::new();
    for service in services.values() {
        let volumes = service["volumes"].as_array().expect("volumes").iter();
        mounted.extend(volumes.filter_map(|volume| volume.as_str()?.split_once(':')));
    }
    let names: Vec<&String> = compose["volumes"].as_object().expect("volumes").keys().collect();
    // The files that the guide shows, by where it says they are.
    let shown = ["./prometheus.yml", "./alertmanager.yml", "./datasources.yml", "./dashboards.yml"];
    for (from, _) in mounted {
        let is_there = from.starts_with("./generated/") && workspace_root().join(from).is_dir();
        let is_known = is_there || shown.contains(&from) || names.iter().any(|name| *name == from);
        assert!(is_known, "nobody makes {from}");
    }
}

#[test]
fn every_receiver_is_reached_and_every_label_of_an_inhibition_is_there() {
    let (_, alertmanager) = with("receivers");
    let route = &alertmanager["route"];
    let routes = route["routes"].as_array().expect("routes").iter().chain([route]);
    let reached: Vec<&Value> = routes.map(|route| &route["receiver"]).collect();
    for receiver in alertmanager["receivers"].as_array().expect("receivers") {
        assert!(reached.contains(&&receiver["name"]), "{receiver} is reached by no route");
    }
    let checked = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    let checked = checked.expect("metrics.toml is in order");
    for rule in alertmanager["inhibit_rules"].as_array().expect("rules") {
        for matcher in ["source_matchers", "target_matchers"] {
            let text = rule[matcher][0].as_str().expect("a matcher");
            let name = text.strip_prefix("alertname=\"").and_then(|name| name.strip_suffix('"'));
            let name = name.expect("the name of an alert");
            assert!(checked.catalog.alerts.iter().any(|alert| alert.name == name), "{name}");
        }
    }
}
