//! Alerts: what Prometheus says of them, and what has become of them since it was asked last.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An alert that fires, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) name: String,
    /// What tells it from the others of its name.
    labels: BTreeMap<String, String>,
    pub(crate) is_firing: bool,
    summary: String,
    description: String,
}

/// All alerts, as of now.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    /// Those that fire come first.
    now: Vec<Alert>,
    /// The names of those that have fired.
    fired: BTreeSet<String>,
}

impl Alert {
    /// Reads the alerts in an answer of `/api/v1/alerts`.
    pub(crate) fn list(answer: &Value) -> Option<Vec<Self>> {
        Some(answer["data"]["alerts"].as_array()?.iter().map(Self::read).collect())
    }

    fn read(alert: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let labels = alert["labels"].as_object().into_iter().flatten();
        let annotations = &alert["annotations"];
        Self {
            name: text(&alert["labels"]["alertname"]),
            labels: labels.map(|(name, value)| (name.clone(), text(value))).collect(),
            is_firing: alert["state"] == "firing",
            summary: text(&annotations["summary"]),
            description: text(&annotations["description"]),
        }
    }

    /// What a person should know about it.
    pub(crate) fn words(&self) -> String {
        let Self { name, summary, description, .. } = self;
        format!("{name} ({summary}): {description}")
    }

    fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.labels == other.labels
    }
}

impl Alerts {
    /// What fires and what is about to, the worst first.
    pub(crate) fn now(&self) -> &[Alert] {
        &self.now
    }

    /// The names of all that have fired so far.
    pub(crate) fn fired(&self) -> &BTreeSet<String> {
        &self.fired
    }

    /// Takes what there is now; says what fires that did not, and what does not any more.
    pub(crate) fn update(&mut self, mut now: Vec<Alert>) -> Vec<String> {
        now.sort_by(|one, other| {
            let key = |alert: &Alert| (!alert.is_firing, alert.name.clone(), alert.labels.clone());
            key(one).cmp(&key(other))
        });
        let fires = |alerts: &[Alert], alert: &Alert| {
            alerts.iter().any(|other| other.is_firing && other.is(alert))
        };
        let mut words = Vec::new();
        for alert in now.iter().filter(|alert| alert.is_firing && !fires(&self.now, alert)) {
            self.fired.insert(alert.name.clone());
            words.push(format!("alert fires: {}", alert.words()));
        }
        for alert in self.now.iter().filter(|alert| alert.is_firing && !fires(&now, alert)) {
            words.push(format!("alert resolved: {}", alert.words()));
        }
        self.now = now;
        words
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn alerts(states: &[(&str, &str)]) -> Vec<Alert> {
        let alerts = states.iter().map(|(topic, state)| {
            json!({
                "labels": { "alertname": "Lag", "topic": topic },
                "annotations": { "summary": "S", "description": format!("of {topic}") },
                "state": state,
            })
        });
        let alerts: Vec<Value> = alerts.collect();
        Alert::list(&json!({ "data": { "alerts": alerts } })).expect("a list")
    }

    #[test]
    fn an_alert_fires_and_is_resolved_once() {
        let mut known = Alerts::default();
        let silent = Vec::<String>::new();
        assert_eq!(known.update(alerts(&[("a", "pending")])), silent);
        let both = [("a", "pending"), ("b", "firing")];
        assert_eq!(known.update(alerts(&both)), ["alert fires: Lag (S): of b"]);
        assert_eq!(known.update(alerts(&both)), silent);
        assert_eq!(
            known.now().iter().map(|alert| alert.is_firing).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(known.update(alerts(&[])), ["alert resolved: Lag (S): of b"]);
        assert!(known.fired().iter().eq(["Lag"]));
    }
}
