//! From a consumer that falls behind to whoever is told, and back: the demo's chaos, and both servers
//! on what is generated for them.

use std::net::SocketAddr;

use serde_json::{Value, json};
use streamhouse_metrics_tests::{
    Alertmanager, Demo, Endpoint, Prometheus, Webhook, deployed_alertmanager, deployed_prometheus,
    deployed_rules,
};

/// The alert that a group fires which is slowed down.
const ALERT: &str = "HighConsumerLag";

/// The first alert of a notification that is this one and has a status.
fn told(notification: &Value, status: &str) -> Option<Value> {
    let alerts = notification["alerts"].as_array()?;
    let is_it = |alert: &&Value| alert["status"] == status && alert["labels"]["alertname"] == ALERT;
    alerts.iter().find(is_it).cloned()
}

#[test]
fn a_group_that_falls_behind_is_told_of_and_that_it_has_caught_up() {
    let demo = Demo::start_with(&["--agents", "2", "--chaos", "--for", "120s"]);
    let targets = demo.endpoints().iter();
    let targets: Vec<(&str, SocketAddr)> =
        targets.map(|Endpoint { job, address }| (&**job, *address)).collect();
    let webhook = Webhook::start();
    let alertmanager = Alertmanager::start(&deployed_alertmanager(&webhook.url()));
    let config = deployed_prometheus(&targets, alertmanager.address());
    let prometheus = Prometheus::start_with_files(&config, &deployed_rules());
    prometheus.wait_for("alertmanagers", |answer| {
        (answer["activeAlertmanagers"].as_array()?.len() == 1).then_some(())
    });

    let fired = webhook.wait_for(|notification| told(notification, "firing").is_some());
    assert_eq!(fired["receiver"], "chat");
    let fired = told(&fired, "firing").expect("it was waited for");
    let labels = fired["labels"].as_object().expect("labels");
    let names: Vec<_> = labels.keys().collect();
    assert_eq!(names, ["alertname", "group_id", "partition", "severity", "topic"]);
    assert_eq!((&labels["severity"], &labels["group_id"]), (&json!("warning"), &json!("audit")));
    let description = fired["annotations"]["description"].as_str().expect("a text");
    let begins = "Consumer group audit is ";
    let text = |label: &str| labels[label].as_str().unwrap_or_default();
    let ends = format!("k records behind on {}/{}", text("topic"), text("partition"));
    assert!(description.starts_with(begins) && description.ends_with(&ends), "{description}");

    webhook.wait_for(|notification| {
        told(notification, "resolved").is_some_and(|alert| alert["labels"] == fired["labels"])
    });
}
