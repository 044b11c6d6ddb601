//! From lag to whoever is told of it: a real Prometheus and a real Alertmanager, started on what is
//! generated, deliver both tiers of an alert; the worse one mutes the other, and both resolve.
//!
//! ```text
//! Demo, Lag ──scrape──▶ Prometheus ──alerts──▶ Alertmanager ──notifications──▶ Webhook
//! ```
//!
//! A minute lasts a second here, and everybody is on loopback; all else is as it is deployed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use streamhouse_metrics_tests::{
    Alertmanager, Demo, Prometheus, Webhook, deployed_alertmanager, deployed_prometheus,
    deployed_rules, scratch_folder, serve,
};
use tempfile::TempDir;

/// The job whose lag is watched.
const CONSUMERS: &str = "streamhouse-consumers";

/// What the pager's secret is here; the chat's is where the chat is.
const PAGER_KEY: &str = "a key";

/// An alert, who is told of it, and a lag of which it tells.
struct Tier {
    alert: &'static str,
    severity: &'static str,
    receiver: &'static str,
    summary: &'static str,
    records: u64,
}

const HIGH: Tier = Tier {
    alert: "HighConsumerLag",
    severity: "warning",
    receiver: "chat",
    summary: "High consumer lag",
    records: 20_000,
};

const CRITICAL: Tier = Tier {
    alert: "CriticalConsumerLag",
    severity: "critical",
    receiver: "pager",
    summary: "Critical consumer lag",
    records: 200_000,
};

impl Tier {
    /// All labels of the alert about a partition and its reader.
    fn labels(&self, reader: &Value) -> Value {
        let mut labels = reader.clone();
        labels["alertname"] = json!(self.alert);
        labels["severity"] = json!(self.severity);
        labels
    }
}

/// A partition and the group that reads it.
fn reader(group_id: &str, topic: &str, partition: &str) -> Value {
    json!({ "group_id": group_id, "topic": topic, "partition": partition })
}

/// The servers, and the far end of the line.
struct Delivery {
    webhook: Webhook,
    alertmanager: Alertmanager,
    _prometheus: Prometheus,
    _secrets: TempDir,
}

impl Delivery {
    /// Starts both servers, and waits until Prometheus knows its rules, its targets and Alertmanager.
    fn start(targets: &[(&str, SocketAddr)]) -> Self {
        Self::start_but(targets, |_| {})
    }

    /// The same with another configuration of Alertmanager than is deployed.
    fn start_but(targets: &[(&str, SocketAddr)], change: impl FnOnce(&mut Value)) -> Self {
        let (webhook, secrets) = (Webhook::start(), scratch_folder());
        let mut config = deployed_alertmanager(&webhook.url(), secrets.path(), PAGER_KEY);
        change(&mut config);
        // YAML, as all JSON is.
        let alertmanager = Alertmanager::start(&config.to_string());
        let rules = deployed_rules();
        let config = deployed_prometheus(targets, alertmanager.address());
        let prometheus = Prometheus::start_with_files(&config.to_string(), &rules);
        prometheus.wait_for("rules", |answer| {
            let groups = list(&answer["groups"]);
            let files: BTreeSet<String> = groups.iter().map(|group| text(&group["file"])).collect();
            let mut evaluated = groups.iter().flat_map(|group| list(&group["rules"]));
            let is_all = files.len() == rules.len() && evaluated.all(|rule| rule["health"] == "ok");
            is_all.then_some(())
        });
        prometheus.wait_for("targets", |answer| {
            let active = list(&answer["activeTargets"]);
            let are_up = active.iter().all(|target| target["health"] == "up");
            (active.len() == targets.len() && are_up).then_some(())
        });
        // It forgets an alert for a minute when there is nobody to send it to.
        prometheus.wait_for("alertmanagers", |answer| {
            (list(&answer["activeAlertmanagers"]).len() == 1).then_some(())
        });
        Self { webhook, alertmanager, _prometheus: prometheus, _secrets: secrets }
    }

    /// Waits until a tier's receiver is told that it fires or is resolved, and returns what it says.
    fn told(&self, tier: &Tier, status: &str, reader: &Value) -> String {
        let labels = tier.labels(reader);
        let is_it = |alert: &&Value| alert["status"] == status && alert["labels"] == labels;
        let notification = self.webhook.wait_for(|notification| {
            notification["receiver"] == tier.receiver
                && list(&notification["alerts"]).iter().any(|alert| is_it(&alert))
        });
        let alert = list(&notification["alerts"]).iter().find(is_it).expect("it was found");
        assert_eq!(alert["annotations"]["summary"], tier.summary);
        text(&alert["annotations"]["description"])
    }

    /// Whether anybody was ever told of a tier.
    fn is_told(&self, tier: &Tier, reader: &Value) -> bool {
        let labels = tier.labels(reader);
        let notifications = self.webhook.notifications();
        let mut alerts = notifications.iter().flat_map(|told| list(&told["alerts"]));
        alerts.any(|alert| alert["labels"] == labels)
    }

    /// Waits until Alertmanager holds a tier that another one mutes.
    fn is_muted(&self, tier: &Tier, by: &Tier, reader: &Value) {
        self.alertmanager.wait_for(|alerts| {
            let source = held(alerts, by, reader)?;
            let status = &held(alerts, tier, reader)?["status"];
            let by_it = json!([source["fingerprint"]]);
            (status["state"] == "suppressed" && status["inhibitedBy"] == by_it).then_some(())
        });
    }

    /// Waits until nothing mutes a tier, if it is still held.
    fn is_heard(&self, tier: &Tier, reader: &Value) {
        self.alertmanager.wait_for(|alerts| {
            let alert = held(alerts, tier, reader);
            alert.is_none_or(|alert| alert["status"]["state"] == "active").then_some(())
        });
    }
}

/// An alert among those that Alertmanager holds.
fn held<'a>(alerts: &'a [Value], tier: &Tier, reader: &Value) -> Option<&'a Value> {
    let labels = tier.labels(reader);
    alerts.iter().find(|alert| alert["labels"] == labels)
}

/// A target that exposes whatever lag it is told to.
struct Lag {
    address: SocketAddr,
    records: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Lag {
    fn expose() -> Self {
        let records = Arc::<Mutex<BTreeMap<String, u64>>>::default();
        let exposed = Arc::clone(&records);
        let address = serve("text/plain; version=0.0.4", move |_| {
            let exposed = exposed.lock().expect("nobody panics with it");
            exposed.iter().map(|(series, records)| format!("{series} {records}\n")).collect()
        });
        Self { address, records }
    }

    fn set(&self, reader: &Value, records: u64) {
        let labels = reader.as_object().expect("labels").iter();
        // These values are quoted in JSON as they are in Prometheus's text.
        let labels: Vec<_> = labels.map(|(name, value)| format!("{name}={value}")).collect();
        let series = format!("streamhouse_consumer_lag_records{{{}}}", labels.join(","));
        self.records.lock().expect("nobody panics with it").insert(series, records);
    }
}

#[test]
fn both_tiers_arrive_the_worse_mutes_the_other_and_both_resolve() {
    let lag = Lag::expose();
    let delivery = Delivery::start(&[(CONSUMERS, lag.address)]);
    let [orders, payments] = ["orders", "payments"].map(|topic| reader("billing", topic, "0"));

    // One past the first threshold, the other past both.
    lag.set(&orders, HIGH.records);
    lag.set(&payments, CRITICAL.records);
    let description = delivery.told(&HIGH, "firing", &orders);
    assert_eq!(description, "Consumer group billing is 20k records behind on orders/0");
    let description = delivery.told(&CRITICAL, "firing", &payments);
    assert_eq!(description, "Consumer group billing is 200k records behind on payments/0");
    delivery.is_muted(&HIGH, &CRITICAL, &payments);
    delivery.is_heard(&HIGH, &orders);
    assert!(!delivery.is_told(&HIGH, &payments), "it was muted from the beginning");

    // They change places: what was muted was there all the time.
    lag.set(&orders, CRITICAL.records);
    lag.set(&payments, HIGH.records);
    delivery.told(&CRITICAL, "firing", &orders);
    delivery.is_muted(&HIGH, &CRITICAL, &orders);
    delivery.told(&CRITICAL, "resolved", &payments);
    delivery.told(&HIGH, "firing", &payments);

    // One tier after the other: one that is muted when it ends may end unheard.
    lag.set(&orders, HIGH.records);
    delivery.is_heard(&HIGH, &orders);
    lag.set(&orders, 0);
    lag.set(&payments, 0);
    delivery.told(&CRITICAL, "resolved", &orders);
    delivery.told(&HIGH, "resolved", &orders);
    delivery.told(&HIGH, "resolved", &payments);

    // The chat and the pager have heard of it in their own words.
    let chat = |told: &Value| {
        let said = &told["attachments"][0];
        let words = text(&said["text"]);
        told["channel"] == "#streamhouse-alerts"
            && said["title"] == "[FIRING] HighConsumerLag: High consumer lag"
            && words.contains("is 20k records behind on orders/0 (<https://")
            && words.ends_with("/runbooks/HighConsumerLag.md|runbook>)")
    };
    delivery.webhook.wait_for(chat);
    for action in ["trigger", "resolve"] {
        delivery.webhook.wait_for(|told| {
            told["routing_key"] == PAGER_KEY
                && told["event_action"] == action
                && told["payload"]["severity"] == "critical"
                && text(&told["payload"]["summary"]).contains("CriticalConsumerLag")
        });
    }
}

/// The group that the demo slows down is really behind, and really catches up.
///
/// It is not 100,000 records behind before anybody loses patience. So the critical tier comes from
/// another process that says so of the same partition.
#[test]
fn chaos_is_heard_of_until_the_group_has_caught_up() {
    let demo = Demo::start_with(&["--agents", "3", "--chaos", "--for", "120s"]);
    let lag = Lag::expose();
    let endpoints = demo.endpoints().iter().map(|endpoint| (endpoint.job, endpoint.address));
    let targets: Vec<_> = endpoints.chain([(CONSUMERS, lag.address)]).collect();
    let [slowed, worse] = ["0", "1"].map(|partition| reader("audit", "payments", partition));
    lag.set(&worse, CRITICAL.records);
    let delivery = Delivery::start(&targets);

    let description = delivery.told(&HIGH, "firing", &slowed);
    assert!(description.starts_with("Consumer group audit is 1"), "{description}");
    assert!(description.ends_with("k records behind on payments/0"), "{description}");

    lag.set(&slowed, CRITICAL.records);
    delivery.told(&CRITICAL, "firing", &slowed);
    delivery.is_muted(&HIGH, &CRITICAL, &slowed);
    delivery.is_muted(&HIGH, &CRITICAL, &worse);
    assert!(!delivery.is_told(&HIGH, &worse), "it was muted from the beginning");

    lag.set(&slowed, 0);
    lag.set(&worse, 0);
    delivery.told(&CRITICAL, "resolved", &slowed);
    delivery.told(&CRITICAL, "resolved", &worse);
    delivery.told(&HIGH, "resolved", &slowed);
}

/// That nobody hears of a tier is the inhibition's doing.
#[test]
fn without_inhibitions_both_tiers_are_told() {
    let lag = Lag::expose();
    let delivery = Delivery::start_but(&[(CONSUMERS, lag.address)], |alertmanager| {
        let settings = alertmanager.as_object_mut().expect("a table");
        settings.remove("inhibit_rules").expect("there are inhibitions");
    });
    let orders = reader("billing", "orders", "0");
    lag.set(&orders, CRITICAL.records);
    delivery.told(&CRITICAL, "firing", &orders);
    delivery.told(&HIGH, "firing", &orders);
}

#[test]
#[should_panic(expected = "undefined receiver")]
fn an_alertmanager_without_its_receiver() {
    Delivery::start_but(&[], |alertmanager| alertmanager["receivers"][0]["name"] = json!("paper"));
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
