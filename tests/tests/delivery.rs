//! From a gauge to whoever is paged: a real Prometheus and a real Alertmanager deliver both tiers of
//! an alert, the worse one mutes the other, and both resolve.
//!
//! ```text
//! Lag ──scrape──▶ Prometheus ──alerts──▶ Alertmanager ──notifications──▶ Webhook
//! ```

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use streamhouse_metrics_tests::{Alertmanager, Prometheus, Webhook, serve};

/// What the servers are told. Addresses that exist only when they run stand as `TARGET`,
/// `ALERTMANAGER` and `WEBHOOK`.
struct Configuration<'a> {
    prometheus: &'a str,
    /// The files beside it, by name.
    rules: &'a [(&'a str, &'a str)],
    alertmanager: &'a str,
}

const BY_HAND: Configuration<'static> = Configuration {
    prometheus: "
global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 250ms}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: [ALERTMANAGER]}]}]}
scrape_configs: [{job_name: sample, static_configs: [{targets: [TARGET]}]}]
",
    rules: &[(
        "rules.yml",
        "
groups:
- name: sample
  rules:
  - alert: HighLag
    expr: lag_records > 10
    for: 1s
    labels: {severity: warning}
    annotations: {summary: High lag, description: '{{ $value }} of {{ $labels.topic }}'}
  - alert: CriticalLag
    expr: lag_records > 100
    for: 1s
    labels: {severity: critical}
    annotations: {summary: Critical lag, description: '{{ $value }} of {{ $labels.topic }}'}
",
    )],
    alertmanager: "
route:
  receiver: chat
  group_by: [alertname, topic]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
  routes: [{matchers: ['severity=\"critical\"'], receiver: pager}]
receivers:
- {name: chat, webhook_configs: [{url: WEBHOOK}]}
- {name: pager, webhook_configs: [{url: WEBHOOK}]}
inhibit_rules:
- source_matchers: ['alertname=\"CriticalLag\"']
  target_matchers: ['alertname=\"HighLag\"']
  equal: [topic]
",
};

/// The servers, and both ends of the line.
struct Delivery {
    lag: Lag,
    webhook: Webhook,
    alertmanager: Alertmanager,
    _prometheus: Prometheus,
}

impl Delivery {
    /// Starts everything, and waits until each knows the next.
    fn start(configuration: &Configuration<'_>) -> Self {
        let Configuration { prometheus, rules, alertmanager } = configuration;
        let lag = Lag::expose();
        let webhook = Webhook::start();
        let alertmanager = Alertmanager::start(&alertmanager.replace("WEBHOOK", &webhook.url()));
        let config = prometheus
            .replace("ALERTMANAGER", &format!("'{}'", alertmanager.address()))
            .replace("TARGET", &format!("'{}'", lag.address));
        let prometheus = Prometheus::start_with_files(&config, rules);
        // Prometheus forgets an alert for a minute when there is nobody to send it to.
        prometheus.wait_for("alertmanagers", |answer| is_one(&answer["activeAlertmanagers"]));
        prometheus.wait_for("targets", |answer| {
            (answer["activeTargets"][0]["health"] == "up").then_some(())
        });
        Self { lag, webhook, alertmanager, _prometheus: prometheus }
    }

    /// Waits until a receiver is told about an alert of a topic, and returns the alert.
    fn told(&self, receiver: &str, status: &str, alert: &str, topic: &str) -> Value {
        let is_it = |told: &Value| {
            let labels = &told["labels"];
            told["status"] == status && labels["alertname"] == alert && labels["topic"] == topic
        };
        let notification = self.webhook.wait_for(|notification| {
            notification["receiver"] == receiver && alerts(notification).iter().any(is_it)
        });
        alerts(&notification).iter().find(|told| is_it(told)).expect("it was found").clone()
    }

    /// Whether anybody was ever told about an alert of a topic.
    fn is_told(&self, alert: &str, topic: &str) -> bool {
        let is_it =
            |told: &Value| told["labels"]["alertname"] == alert && told["labels"]["topic"] == topic;
        self.webhook.notifications().iter().flat_map(alerts).any(is_it)
    }

    /// Waits until Alertmanager holds an alert of a topic that is muted by another, or that is not.
    fn is_muted(&self, alert: &str, topic: &str, is_muted: bool) {
        self.alertmanager.wait_for(|alerts| {
            let is_it = |held: &&Value| {
                held["labels"]["alertname"] == alert && held["labels"]["topic"] == topic
            };
            let status = &alerts.iter().find(is_it)?["status"];
            let state = if is_muted { "suppressed" } else { "active" };
            let has_reason = status["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty());
            (status["state"] == state && has_reason == is_muted).then_some(())
        });
    }
}

/// A target with one gauge.
struct Lag {
    address: SocketAddr,
    records: Arc<Mutex<BTreeMap<&'static str, u64>>>,
}

impl Lag {
    fn expose() -> Self {
        let records = Arc::<Mutex<BTreeMap<&str, u64>>>::default();
        let exposed = Arc::clone(&records);
        let address = serve("text/plain; version=0.0.4", move |_| {
            let exposed = exposed.lock().expect("nobody panics with it");
            let lines = exposed
                .iter()
                .map(|(topic, records)| format!("lag_records{{topic=\"{topic}\"}} {records}\n"));
            "# TYPE lag_records gauge\n".to_owned() + &lines.collect::<String>()
        });
        Self { address, records }
    }

    fn set(&self, topic: &'static str, records: u64) {
        self.records.lock().expect("nobody panics with it").insert(topic, records);
    }
}

#[test]
fn both_tiers_arrive_the_worse_mutes_the_other_and_both_resolve() {
    let delivery = Delivery::start(&BY_HAND);
    let lag = &delivery.lag;
    let labels = |alert: &str, severity: &str| {
        json!({
            "alertname": alert,
            "severity": severity,
            "topic": "orders",
            "job": "sample",
            "instance": lag.address.to_string(),
        })
    };

    // Past the first threshold, not past the second.
    lag.set("orders", 50);
    let warning = delivery.told("chat", "firing", "HighLag", "orders");
    assert_eq!(warning["labels"], labels("HighLag", "warning"));
    let annotations = json!({ "summary": "High lag", "description": "50 of orders" });
    assert_eq!(warning["annotations"], annotations);
    delivery.is_muted("HighLag", "orders", false);

    // Past both: one topic comes from between them, the other from below.
    lag.set("orders", 500);
    lag.set("payments", 500);
    let critical = delivery.told("pager", "firing", "CriticalLag", "orders");
    assert_eq!(critical["labels"], labels("CriticalLag", "critical"));
    delivery.told("pager", "firing", "CriticalLag", "payments");
    for topic in ["orders", "payments"] {
        delivery.is_muted("HighLag", topic, true);
    }
    assert!(!delivery.is_told("HighLag", "payments"), "it was muted from the beginning");

    // Between them again: what was muted was there all the time.
    lag.set("payments", 50);
    delivery.told("pager", "resolved", "CriticalLag", "payments");
    delivery.told("chat", "firing", "HighLag", "payments");
    delivery.is_muted("HighLag", "orders", true);

    lag.set("orders", 50);
    delivery.told("pager", "resolved", "CriticalLag", "orders");
    delivery.is_muted("HighLag", "orders", false);
    lag.set("orders", 5);
    let resolved = delivery.told("chat", "resolved", "HighLag", "orders");
    assert_eq!(resolved["labels"], labels("HighLag", "warning"));
}

#[test]
#[should_panic(expected = "undefined receiver")]
fn an_alertmanager_without_its_receiver() {
    let config = BY_HAND.alertmanager.replace("WEBHOOK", "http://127.0.0.1:1/");
    Alertmanager::start(&config.replace("name: pager", "name: paper"));
}

fn alerts(notification: &Value) -> &[Value] {
    notification["alerts"].as_array().map_or(&[], Vec::as_slice)
}

fn is_one(list: &Value) -> Option<()> {
    (list.as_array()?.len() == 1).then_some(())
}
