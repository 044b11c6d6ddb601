//! The generated configurations, as those programs read them that are to follow them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_tests::{
    accepted, generated, generated_files, promtool_check_config, refused, scratch_folder,
    workspace_root, yaml_1_1_and_1_2_agree,
};
use tempfile::TempDir;

fn catalog() -> Catalog {
    let checked = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    checked.expect("metrics.toml is in order").catalog
}

/// A committed YAML file, as read.
fn yaml(path: &str) -> Value {
    accepted(yaml_1_1_and_1_2_agree(&generated(path)))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("{value} is no list"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The rule files for Prometheus, by name.
fn rules() -> Vec<(String, String)> {
    let folder = workspace_root().join("generated/prometheus");
    let files = generated_files(".yml").into_iter().filter(|(file, _)| file.starts_with(&folder));
    let name = |file: &Path| file.file_name().expect("a name").to_string_lossy().into_owned();
    let files = files.map(|(file, text)| (name(&file), text));
    let rules: Vec<_> = files.filter(|(name, _)| name != "prometheus.yml").collect();
    assert!(!rules.is_empty(), "there are no rules");
    rules
}

/// The configuration of Prometheus beside the rules that it names.
fn prometheus_folder() -> TempDir {
    let folder = scratch_folder();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text);
    fs::create_dir(folder.path().join("rules")).expect("a folder can be made");
    write("prometheus.yml", &generated("prometheus/prometheus.yml")).expect("writable");
    for (name, text) in rules() {
        write(&format!("rules/{name}"), &text).expect("writable");
    }
    folder
}

#[test]
fn prometheus_takes_its_configuration_and_finds_the_rules() {
    let folder = prometheus_folder();
    let file = folder.path().join("prometheus.yml");
    accepted(promtool_check_config(&file));
    // That the rules were found is seen from one that is wrong.
    fs::write(folder.path().join("rules/wrong.yml"), "groups: [{ name: a, rules: [{}] }]")
        .expect("writable");
    refused(promtool_check_config(&file), "wrong.yml");
}

/// What is there for those who want it, and is read by nobody yet.
#[test]
fn what_is_left_to_be_uncommented_is_right() {
    let folder = prometheus_folder();
    let file = folder.path().join("prometheus.yml");
    let text = generated("prometheus/prometheus.yml");
    let (before, after) = text.split_once("# remote_write:").expect("it is there");
    let uncommented = format!("{before}remote_write:{}", after.replace("\n# ", "\n"));
    fs::write(&file, &uncommented).expect("writable");
    accepted(promtool_check_config(&file));
    fs::write(&file, uncommented.replace("credentials_file", "credential")).expect("writable");
    refused(promtool_check_config(&file), "field credential not found");
}

#[test]
fn jobs_and_targets_are_those_of_the_specification() {
    let prometheus = yaml("prometheus/prometheus.yml");
    let catalog = catalog();
    let jobs: Vec<_> = list(&prometheus["scrape_configs"])
        .iter()
        .map(|job| {
            let targets = list(&job["static_configs"][0]["targets"]).iter().map(text).collect();
            assert!(job["relabel_configs"].is_null(), "an instance is not what was scraped");
            (text(&job["job_name"]), targets)
        })
        .collect();
    let specified: Vec<(&str, Vec<&str>)> = catalog
        .components
        .iter()
        .map(|component| {
            let targets = component.targets.iter().map(String::as_str).collect();
            (component.job.as_deref().expect("a job"), targets)
        })
        .collect();
    assert_eq!(jobs, specified);
    assert!(specified.iter().all(|(_, targets)| targets.len() > 1), "the guide's targets");
}

/// A range of a rate in Grafana is made of the interval at which is scraped.
#[test]
fn everybody_knows_the_same_interval() {
    let prometheus = yaml("prometheus/prometheus.yml");
    let source = yaml("grafana/provisioning/datasources/streamhouse.yml");
    let interval = &prometheus["global"]["scrape_interval"];
    assert_eq!(interval, "15s");
    assert_eq!(&source["datasources"][0]["jsonData"]["timeInterval"], interval);
    assert_eq!(&prometheus["global"]["evaluation_interval"], interval);
}

#[test]
fn every_receiver_is_reached_and_every_severity_has_one() {
    let alertmanager = yaml("alertmanager/alertmanager.yml");
    let route = &alertmanager["route"];
    let routes = list(&route["routes"]);
    let reached: Vec<&str> =
        routes.iter().chain([route]).map(|route| text(&route["receiver"])).collect();
    let receivers: Vec<&str> =
        list(&alertmanager["receivers"]).iter().map(|receiver| text(&receiver["name"])).collect();
    assert_eq!(receivers, ["pager", "chat", "nobody"]);
    for receiver in &receivers {
        assert!(reached.contains(receiver), "{receiver} is reached by no route");
    }
    for receiver in reached {
        assert!(receivers.contains(&receiver), "there is no receiver {receiver}");
    }
    let matchers: Vec<&str> = routes.iter().map(|route| text(&route["matchers"][0])).collect();
    assert_eq!(matchers, ["severity=\"critical\"", "severity=\"warning\"", "severity=\"info\""]);
}

#[test]
fn secrets_are_in_files() {
    let alertmanager = generated("alertmanager/alertmanager.yml");
    for key in ["api_url_file: \"/run/secrets/", "routing_key_file: \"/run/secrets/"] {
        assert!(alertmanager.contains(key), "{key}");
    }
    for key in [" api_url:", " routing_key:", " service_key:", "https://hooks.slack.com"] {
        assert!(!alertmanager.contains(key), "{key}");
    }
}
