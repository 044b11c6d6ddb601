//! From a gauge to whoever is paged: a real Prometheus and a real Alertmanager deliver both tiers
//! of an alert, the worse one mutes the other, and both resolve.
//!
//! ```text
//! Lag ──scrape──▶ Prometheus ──alerts──▶ Alertmanager ──notifications──▶ Webhook
//! ```

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use streamhouse_metrics_tests::{
    Alertmanager, Prometheus, Webhook, deployed_alertmanager, deployed_prometheus, deployed_rules,
    serve,
};

/// What the servers are told, and an alert of two tiers to try it on.
struct Configuration {
    /// What Prometheus is told, of a target and of Alertmanager.
    prometheus: Box<dyn Fn(SocketAddr, SocketAddr) -> String>,
    /// The files beside it, by name.
    rules: Vec<(String, String)>,
    /// What Alertmanager is told, of a webhook.
    alertmanager: Box<dyn Fn(&str) -> String>,
    /// The gauge, of a topic that stands as `TOPIC`.
    series: &'static str,
    warning: Tier,
    critical: Tier,
}

/// An alert, the value at which it fires, and who is told.
struct Tier {
    alert: &'static str,
    at: u64,
    receiver: &'static str,
    summary: &'static str,
    description: &'static str,
}

/// As small as it can be.
fn by_hand() -> Configuration {
    let rules = "
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
";
    let [warning, critical] = ["HighLag", "CriticalLag"];
    Configuration {
        prometheus: Box::new(|target, alertmanager| prometheus("sample", target, alertmanager)),
        rules: vec![("rules.yml".to_owned(), rules.to_owned())],
        alertmanager: Box::new(move |webhook| alertmanager(warning, critical, webhook)),
        series: "lag_records{topic=\"TOPIC\"}",
        warning: Tier {
            alert: warning,
            at: 50,
            receiver: "chat",
            summary: "High lag",
            description: "50 of orders",
        },
        critical: Tier {
            alert: critical,
            at: 500,
            receiver: "pager",
            summary: "Critical lag",
            description: "500 of orders",
        },
    }
}

/// What is generated, at the pace of the tests.
fn generated() -> Configuration {
    let [warning, critical] = ["HighConsumerLag", "CriticalConsumerLag"];
    Configuration {
        prometheus: Box::new(|target, alertmanager| {
            deployed_prometheus(&[("streamhouse-consumers", target)], alertmanager)
        }),
        rules: deployed_rules(),
        alertmanager: Box::new(deployed_alertmanager),
        series: "streamhouse_consumer_lag_records\
                 {topic=\"TOPIC\",partition=\"0\",group_id=\"billing\"}",
        warning: Tier {
            alert: warning,
            at: 20_000,
            receiver: "chat",
            summary: "High consumer lag",
            description: "Consumer group billing is 20k records behind on orders/0",
        },
        critical: Tier {
            alert: critical,
            at: 200_000,
            receiver: "pager",
            summary: "Critical consumer lag",
            description: "Consumer group billing is 200k records behind on orders/0",
        },
    }
}

fn prometheus(job: &str, target: SocketAddr, alertmanager: SocketAddr) -> String {
    format!(
        "
global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 250ms}}
rule_files: [rules*.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}
scrape_configs: [{{job_name: {job}, static_configs: [{{targets: ['{target}']}}]}}]
"
    )
}

fn alertmanager(warning: &str, critical: &str, webhook: &str) -> String {
    format!(
        "
route:
  receiver: chat
  group_by: [alertname, topic]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
  routes: [{{matchers: ['severity=\"critical\"'], receiver: pager}}]
receivers:
- {{name: chat, webhook_configs: [{{url: '{webhook}'}}]}}
- {{name: pager, webhook_configs: [{{url: '{webhook}'}}]}}
inhibit_rules:
- source_matchers: ['alertname=\"{critical}\"']
  target_matchers: ['alertname=\"{warning}\"']
  equal: [topic]
"
    )
}

/// The servers, and both ends of the line.
struct Delivery {
    lag: Lag,
    webhook: Webhook,
    alertmanager: Alertmanager,
    _prometheus: Prometheus,
}

impl Delivery {
    /// Starts everything, and waits until each knows the next.
    fn start(configuration: &Configuration) -> Self {
        let Configuration { prometheus, rules, alertmanager, series, .. } = configuration;
        let lag = Lag::expose(series);
        let webhook = Webhook::start();
        let alertmanager = Alertmanager::start(&alertmanager(&webhook.url()));
        let config = prometheus(lag.address, alertmanager.address());
        let prometheus = Prometheus::start_with_files(&config, rules);
        // Prometheus forgets an alert for a minute when there is nobody to send it to.
        prometheus.wait_for("alertmanagers", |answer| is_one(&answer["activeAlertmanagers"]));
        prometheus.wait_for("targets", |answer| {
            (answer["activeTargets"][0]["health"] == "up").then_some(())
        });
        Self { lag, webhook, alertmanager, _prometheus: prometheus }
    }

    /// Waits until a receiver is told about an alert of a topic, and returns the alert.
    fn told(&self, tier: &Tier, status: &str, topic: &str) -> Value {
        let Tier { alert, receiver, .. } = tier;
        let is_it = |told: &Value| {
            let labels = &told["labels"];
            told["status"] == status && labels["alertname"] == *alert && labels["topic"] == topic
        };
        let notification = self.webhook.wait_for(|notification| {
            notification["receiver"] == *receiver && alerts(notification).iter().any(is_it)
        });
        alerts(&notification).iter().find(|told| is_it(told)).expect("it was found").clone()
    }

    /// Whether anybody was ever told about an alert of a topic.
    fn is_told(&self, Tier { alert, .. }: &Tier, topic: &str) -> bool {
        let is_it = |told: &Value| {
            told["labels"]["alertname"] == *alert && told["labels"]["topic"] == topic
        };
        self.webhook.notifications().iter().flat_map(alerts).any(is_it)
    }

    /// Waits until Alertmanager holds an alert of a topic that is muted by another, or that is not.
    fn is_muted(&self, Tier { alert, .. }: &Tier, topic: &str, is_muted: bool) {
        self.alertmanager.wait_for(|alerts| {
            let is_it = |held: &&Value| {
                held["labels"]["alertname"] == *alert && held["labels"]["topic"] == topic
            };
            let status = &alerts.iter().find(is_it)?["status"];
            let state = if is_muted { "suppressed" } else { "active" };
            let has_reason = status["inhibitedBy"].as_array().is_some_and(|by| !by.is_empty());
            (status["state"] == state && has_reason == is_muted).then_some(())
        });
    }
}

/// A target with one gauge, whose series are those of topics.
struct Lag {
    address: SocketAddr,
    records: Arc<Mutex<BTreeMap<&'static str, u64>>>,
}

impl Lag {
    fn expose(series: &'static str) -> Self {
        let records = Arc::<Mutex<BTreeMap<&str, u64>>>::default();
        let exposed = Arc::clone(&records);
        let address = serve("text/plain; version=0.0.4", move |_| {
            let exposed = exposed.lock().expect("nobody panics with it");
            let lines = exposed.iter().map(|(topic, records)| {
                let series = series.replace("TOPIC", topic);
                format!("{series} {records}\n")
            });
            lines.collect()
        });
        Self { address, records }
    }

    fn set(&self, topic: &'static str, records: u64) {
        self.records.lock().expect("nobody panics with it").insert(topic, records);
    }
}

#[test]
fn both_tiers_arrive_the_worse_mutes_the_other_and_both_resolve() {
    // Every series has an alert of its own.
    let labels = |instance| json!({ "topic": "orders", "job": "sample", "instance": instance });
    check(&by_hand(), labels);
}

#[test]
fn the_generated_tiers_do_so_too() {
    // Whoever reads the partition: the instance says nothing.
    let labels = |_| json!({ "topic": "orders", "partition": "0", "group_id": "billing" });
    check(&generated(), labels);
}

/// Tries both tiers; the labels are those that the alerts of a topic share.
#[track_caller]
fn check(configuration: &Configuration, labels: impl Fn(String) -> Value) {
    let delivery = Delivery::start(configuration);
    let lag = &delivery.lag;
    let Configuration { warning, critical, .. } = configuration;
    let is_right = |told: &Value, tier: &Tier, severity: &str| {
        let mut labels = labels(lag.address.to_string());
        labels["alertname"] = json!(tier.alert);
        labels["severity"] = json!(severity);
        assert_eq!(told["labels"], labels);
        assert_eq!(told["annotations"]["summary"], tier.summary);
        assert_eq!(told["annotations"]["description"], tier.description);
    };

    // Past the first threshold, not past the second.
    lag.set("orders", warning.at);
    is_right(&delivery.told(warning, "firing", "orders"), warning, "warning");
    delivery.is_muted(warning, "orders", false);

    // Past both: one topic comes from between them, the other from below.
    lag.set("orders", critical.at);
    lag.set("payments", critical.at);
    is_right(&delivery.told(critical, "firing", "orders"), critical, "critical");
    delivery.told(critical, "firing", "payments");
    for topic in ["orders", "payments"] {
        delivery.is_muted(warning, topic, true);
    }
    assert!(!delivery.is_told(warning, "payments"), "it was muted from the beginning");

    // Between them again: what was muted was there all the time.
    lag.set("payments", warning.at);
    delivery.told(critical, "resolved", "payments");
    delivery.told(warning, "firing", "payments");
    delivery.is_muted(warning, "orders", true);

    lag.set("orders", warning.at);
    delivery.told(critical, "resolved", "orders");
    delivery.is_muted(warning, "orders", false);
    lag.set("orders", 0);
    is_right(&delivery.told(warning, "resolved", "orders"), warning, "warning");
}

#[test]
#[should_panic(expected = "undefined receiver")]
fn an_alertmanager_without_its_receiver() {
    let config = (by_hand().alertmanager)("http://127.0.0.1:1/");
    Alertmanager::start(&config.replace("name: pager", "name: paper"));
}

fn alerts(notification: &Value) -> &[Value] {
    notification["alerts"].as_array().map_or(&[], Vec::as_slice)
}

fn is_one(list: &Value) -> Option<()> {
    (list.as_array()?.len() == 1).then_some(())
}
