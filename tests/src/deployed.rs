//! What is generated for Prometheus and Alertmanager, as both run here: at the tests' pace, and with
//! addresses that exist. Everything else is as it is deployed: jobs, rules, routes, groups,
//! inhibitions and receivers.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};
use streamhouse_demo::scaled;

use crate::{accepted, generated, generated_files, workspace_root, yaml_1_1_and_1_2_agree};

/// The folder of secrets, as servers see it that are deployed.
const SECRETS: &str = "/run/secrets";

/// The generated rule files, by their paths from Prometheus's configuration.
pub fn deployed_rules() -> Vec<(String, String)> {
    let folder = workspace_root().join("generated/prometheus");
    let files = generated_files(".yml").into_iter().filter_map(|(file, text)| {
        let path = file.strip_prefix(&folder).ok().filter(|path| path.starts_with("rules"))?;
        Some((path.display().to_string(), scaled(&text)))
    });
    files.collect()
}

/// The generated configuration of Prometheus, with the targets of some jobs; others have none.
pub fn deployed_prometheus(targets: &[(&str, SocketAddr)], alertmanager: SocketAddr) -> Value {
    let mut config = at_pace("prometheus/prometheus.yml");
    for job in list(&mut config["scrape_configs"]) {
        let own = targets.iter().filter(|(name, _)| job["job_name"] == *name);
        job["static_configs"][0]["targets"] = own.map(|(_, own)| own.to_string()).collect();
    }
    let alertmanagers = &mut config["alerting"]["alertmanagers"][0]["static_configs"][0];
    alertmanagers["targets"] = json!([alertmanager.to_string()]);
    config
}

/// The generated configuration of Alertmanager, with secrets in a folder of ours.
///
/// The pager and the chat are where a webhook is. Who hears of alerts by these hears of them as a
/// webhook does too, which is told all that there is to an alert.
pub fn deployed_alertmanager(webhook: &str, secrets: &Path, pager_key: &str) -> Value {
    for (name, secret) in [("slack_url", webhook), ("pagerduty_key", pager_key)] {
        fs::write(secrets.join(name), secret).expect("a scratch file can be written");
    }
    let mut config = at_pace("alertmanager/alertmanager.yml");
    for receiver in list(&mut config["receivers"]) {
        let ways = receiver.as_object_mut().expect("a receiver is a table");
        let tells = ways.keys().any(|key| key != "name");
        for way in ways.values_mut().filter_map(Value::as_array_mut).flatten() {
            if way["routing_key_file"].is_string() {
                way["url"] = json!(webhook);
            }
            for secret in way.as_object_mut().expect("a table").values_mut() {
                let file = secret.as_str().and_then(|file| file.strip_prefix(SECRETS));
                if let Some(name) = file {
                    *secret = json!(format!("{}{name}", secrets.display()));
                }
            }
        }
        if tells {
            ways.insert("webhook_configs".to_owned(), json!([{ "url": webhook }]));
        }
    }
    config
}

fn at_pace(path: &str) -> Value {
    accepted(yaml_1_1_and_1_2_agree(&scaled(&generated(path))))
}

fn list(value: &mut Value) -> &mut [Value] {
    value.as_array_mut().expect("a list")
}
