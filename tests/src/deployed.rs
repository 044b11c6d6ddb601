//! What is generated for Prometheus and Alertmanager, as both run here: at the tests' pace, and with
//! addresses that exist. Everything else is as it is deployed.

use std::net::SocketAddr;

use serde_json::{Value, json};
use streamhouse_demo::scaled;

use crate::{accepted, generated, generated_files, yaml_1_1_and_1_2_agree};

/// The generated rule files, by the names under which Prometheus's configuration finds them.
pub fn deployed_rules() -> Vec<(String, String)> {
    let files = generated_files(".yml").into_iter().filter_map(|(path, text)| {
        let is_rules = path.parent()?.ends_with("generated/prometheus/rules");
        let name = path.file_name()?.to_string_lossy().into_owned();
        is_rules.then(|| (format!("rules/{name}"), scaled(&text)))
    });
    files.collect()
}

/// The generated configuration of Prometheus, with the targets of some jobs; others have none.
pub fn deployed_prometheus(targets: &[(&str, SocketAddr)], alertmanager: SocketAddr) -> String {
    let mut config = at_pace("prometheus/prometheus.yml");
    for job in config["scrape_configs"].as_array_mut().expect("jobs") {
        let own = targets.iter().filter(|(name, _)| job["job_name"] == *name);
        let own: Vec<_> = own.map(|(_, address)| address.to_string()).collect();
        job["static_configs"] = json!([{ "targets": own }]);
    }
    let own = json!([{ "targets": [alertmanager.to_string()] }]);
    config["alerting"]["alertmanagers"][0]["static_configs"] = own;
    text(&config)
}

/// The generated configuration of Alertmanager, whose receivers all tell a webhook, but for those
/// that tell nobody.
pub fn deployed_alertmanager(webhook: &str) -> String {
    let mut config = at_pace("alertmanager/alertmanager.yml");
    for receiver in config["receivers"].as_array_mut().expect("receivers") {
        let tells = receiver.as_object().is_some_and(|receiver| receiver.len() > 1);
        let mut local = json!({ "name": receiver["name"] });
        if tells {
            local["webhook_configs"] = json!([{ "url": webhook, "send_resolved": true }]);
        }
        *receiver = local;
    }
    text(&config)
}

fn at_pace(path: &str) -> Value {
    accepted(yaml_1_1_and_1_2_agree(&scaled(&generated(path))))
}

/// JSON, which is YAML, too.
fn text(config: &Value) -> String {
    format!("{config:#}\n")
}
