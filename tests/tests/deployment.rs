//! The generated configurations, as those programs read them that are to follow them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
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
    let folder = generated_folder().join("prometheus/rules");
    let files = generated_files(".yml").into_iter().filter(|(file, _)| file.starts_with(&folder));
    let name = |file: &Path| file.file_name().expect("a name").to_string_lossy().into_owned();
    let rules: Vec<_> = files.map(|(file, text)| (name(&file), text)).collect();
    assert!(!rules.is_empty(), "there are no rules");
    rules
}

/// A copy of the folder of Prometheus: its configuration beside the rules.
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

/// An alert that is muted by one with other labels would be lost.
#[test]
fn every_alert_and_every_label_of_an_inhibition_is_there() {
    let alertmanager = yaml("alertmanager/alertmanager.yml");
    let catalog = catalog();
    let rules = list(&alertmanager["inhibit_rules"]);
    assert!(!rules.is_empty(), "the critical tier mutes nothing");
    for rule in rules {
        for matchers in ["source_matchers", "target_matchers"] {
            let [matcher] = list(&rule[matchers]) else { panic!("{rule} has several matchers") };
            let names =
                text(matcher).trim_start_matches("alertname").trim_start_matches(['=', '~']);
            for name in names.trim_matches('"').split('|') {
                assert!(catalog.alerts.iter().any(|alert| alert.name == name), "{name}");
            }
        }
        let labels = list(&rule["equal"]);
        assert!(!labels.is_empty(), "{rule} mutes everything");
        for label in labels {
            let is_known = catalog.labels.iter().any(|known| *label == *known.name);
            assert!(is_known || *label == streamhouse_metrics_spec::slo::LABEL, "{label}");
        }
    }
    let lag = json!({
        "source_matchers": ["alertname=\"CriticalConsumerLag\""],
        "target_matchers": ["alertname=\"HighConsumerLag\""],
        "equal": ["topic", "partition", "group_id"],
    });
    assert!(rules.contains(&lag), "{rules:?}");
}

#[test]
fn what_is_mounted_is_there_and_where_it_is_looked_for() {
    let compose = yaml("docker-compose.yml");
    let mounts = mounts(&compose);
    let volumes = compose["volumes"].as_object().expect("volumes");
    for (service, from, to) in &mounts {
        let is_there = from.starts_with("./") && generated_folder().join(from).is_dir();
        assert!(is_there || volumes.contains_key(from), "{service}: nobody makes {from}");
        assert!(to.starts_with('/'), "{service}: {to}");
    }
    // What each server is told to read lies in one of its mounts.
    let read = |service: &str, file: &str| {
        let mounted = mounts.iter().find_map(|(of, from, to)| {
            let rest = file.strip_prefix(to).filter(|_| of == service)?;
            Some(generated_folder().join(from).join(rest.trim_start_matches('/')))
        });
        assert!(mounted.is_some_and(|place| place.exists()), "{service} has no {file}");
    };
    for service in ["prometheus", "alertmanager"] {
        let command = list(&compose["services"][service]["command"]).iter().map(text);
        let mut file = command.filter_map(|flag| flag.strip_prefix("--config.file="));
        read(service, file.next().expect("a configuration"));
    }
    let provider = yaml("grafana/provisioning/dashboards/streamhouse.yml");
    read("grafana", text(&provider["providers"][0]["options"]["path"]));
    for kind in ["dashboards", "datasources"] {
        read("grafana", &format!("/etc/grafana/provisioning/{kind}/streamhouse.yml"));
    }
}

/// Every mount of a service: whose it is, from where, to where.
fn mounts(compose: &Value) -> Vec<(String, String, String)> {
    let services = compose["services"].as_object().expect("services").iter();
    let mounts = services.flat_map(|(service, settings)| {
        list(&settings["volumes"]).iter().map(|volume| {
            let mut parts = text(volume).split(':').map(str::to_owned);
            let mut part = || parts.next().expect("a volume has two ends");
            (service.clone(), part(), part())
        })
    });
    mounts.collect()
}

fn generated_folder() -> PathBuf {
    workspace_root().join("generated")
}

#[test]
fn servers_call_each_other_by_their_names() {
    let compose = yaml("docker-compose.yml");
    let prometheus = yaml("prometheus/prometheus.yml");
    let source = yaml("grafana/provisioning/datasources/streamhouse.yml");
    let alertmanagers = &prometheus["alerting"]["alertmanagers"][0]["static_configs"][0];
    let called = [
        text(&alertmanagers["targets"][0]),
        text(&source["datasources"][0]["url"]).trim_start_matches("http://"),
    ];
    for address in called {
        let (service, port) = address.split_once(':').expect("a port");
        let ports = list(&compose["services"][service]["ports"]);
        assert!(text(&ports[0]).ends_with(&format!(":{port}")), "{service} has no port {port}");
    }
}

#[test]
fn every_secret_that_is_read_is_given() {
    let compose = yaml("docker-compose.yml");
    let given = compose["secrets"].as_object().expect("secrets");
    for secret in given.values() {
        // Beside the output folder: what is in it, the generator would call foreign.
        assert!(text(&secret["file"]).starts_with("../secrets/"), "{secret}");
    }
    for (service, file) in
        [("alertmanager", "alertmanager/alertmanager.yml"), ("grafana", "docker-compose.yml")]
    {
        let of_service = list(&compose["services"][service]["secrets"]);
        let content = generated(file);
        let mut read = content.split("/run/secrets/").skip(1).peekable();
        assert!(read.peek().is_some(), "{service} reads no secret");
        for rest in read {
            let name = rest.split('"').next().expect("a name");
            assert!(given.contains_key(name), "nobody gives {name}");
            assert!(of_service.iter().any(|secret| secret == name), "{service} has no {name}");
        }
    }
}

#[test]
fn what_is_kept_is_as_long_as_the_specification_says() {
    let compose = yaml("docker-compose.yml");
    let command = list(&compose["services"]["prometheus"]["command"]);
    assert!(command.iter().any(|flag| flag == "--storage.tsdb.retention.time=30d"), "{command:?}");
}

#[test]
fn images_are_pinned() {
    let compose = yaml("docker-compose.yml");
    for (service, settings) in compose["services"].as_object().expect("services") {
        let (_, version) = text(&settings["image"]).split_once(':').expect("a version");
        let version = version.trim_start_matches('v');
        let numbers = version.split('.').filter(|number| number.parse::<u32>().is_ok());
        assert_eq!(numbers.count(), 3, "{service} is any version");
    }
}

/// The objects of a kind, by their names.
fn objects(folder: &str) -> Vec<(String, Value)> {
    let folder = generated_folder().join("kubernetes").join(folder);
    let files = generated_files(".yml").into_iter().filter(|(file, _)| file.starts_with(&folder));
    let objects: Vec<_> = files
        .map(|(file, content)| {
            let object = accepted(yaml_1_1_and_1_2_agree(&content));
            let name = text(&object["metadata"]["name"]).to_owned();
            assert_eq!(file.file_stem().expect("a name"), &*name);
            (name, object)
        })
        .collect();
    assert!(!objects.is_empty(), "there is nothing in {}", folder.display());
    objects
}

const KINDS: [&str; 4] = ["pod_monitors", "service_monitors", "rules", "dashboards"];

#[test]
fn every_object_has_a_name_that_kubernetes_takes_and_the_labels_of_all() {
    for (name, object) in KINDS.into_iter().flat_map(objects) {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.len() <= 63 && name.chars().all(is_word), "{name}");
        assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
        let metadata = &object["metadata"];
        assert_eq!(metadata["namespace"], "streamhouse", "{name}");
        assert_eq!(metadata["labels"]["release"], "prometheus", "{name}");
    }
}

#[test]
fn every_job_is_monitored_in_two_ways_by_its_own_name() {
    let catalog = catalog();
    for (folder, endpoints) in
        [("pod_monitors", "podMetricsEndpoints"), ("service_monitors", "endpoints")]
    {
        let mut monitors = objects(folder);
        for component in &catalog.components {
            let job = component.job.as_deref().expect("a job");
            let at = monitors.iter().position(|(name, _)| name == job).expect("a monitor");
            let spec = &monitors.swap_remove(at).1["spec"];
            assert_eq!(spec["selector"]["matchLabels"]["app"], component.selector[0].1);
            let endpoint = &spec[endpoints][0];
            assert_eq!(endpoint["port"], "metrics");
            assert_eq!(endpoint["interval"], "15s");
            let relabeling = json!({ "targetLabel": "job", "replacement": job });
            assert_eq!(endpoint["relabelings"], json!([relabeling]));
        }
        assert!(monitors.is_empty(), "{monitors:?}");
    }
}

#[test]
fn every_dashboard_is_an_object_that_is_not_too_large() {
    let objects = objects("dashboards");
    let folder = generated_folder().join("grafana/dashboards");
    let dashboards = generated_files(".json").into_iter();
    let dashboards: Vec<_> = dashboards.filter(|(file, _)| file.starts_with(&folder)).collect();
    assert_eq!(objects.len(), dashboards.len());
    for (file, dashboard) in dashboards {
        let name = file.file_name().expect("a name").to_string_lossy();
        let (_, object) = objects
            .iter()
            .find(|(_, object)| !object["data"][&*name].is_null())
            .unwrap_or_else(|| panic!("no object holds {name}"));
        assert_eq!(text(&object["data"][&*name]), dashboard.trim_end());
        assert_eq!(object["metadata"]["labels"]["grafana_dashboard"], "1");
        assert!(object.to_string().len() < 1024 * 1024, "{name}");
    }
}

/// The step to a cluster changes no rule.
#[test]
fn clusters_take_the_rules_of_prometheus() {
    let rules = rules();
    for (name, content) in &rules {
        let prometheus = accepted(yaml_1_1_and_1_2_agree(content));
        let stem = name.trim_end_matches(".yml");

        let object = stem.replace(['_', '.'], "-");
        let kubernetes = yaml(&format!("kubernetes/rules/{object}.yml"));
        assert_eq!(kubernetes["spec"], prometheus, "{name}");

        let mut mimir = yaml(&format!("mimir/rules/{name}"));
        let namespace = mimir.as_object_mut().expect("a table").remove("namespace");
        assert_eq!(namespace, Some(json!(stem)));
        assert_eq!(mimir, prometheus, "{name}");

        let mut thanos = yaml(&format!("thanos/rules/{name}"));
        for group in thanos["groups"].as_array_mut().expect("groups") {
            let strategy =
                group.as_object_mut().expect("a table").remove("partial_response_strategy");
            assert_eq!(strategy, Some(json!("abort")), "{name}");
        }
        assert_eq!(thanos, prometheus, "{name}");
    }
    for folder in ["mimir/rules", "thanos/rules", "kubernetes/rules"] {
        let files = fs::read_dir(generated_folder().join(folder)).expect("a folder");
        assert_eq!(files.count(), rules.len(), "{folder} has others too");
    }
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
