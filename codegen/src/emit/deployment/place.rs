//! Where things are: below the output folder, in containers, and how they call each other.

/// Grafana's provisioning, below the output folder.
pub(super) const PROVISIONING: &str = "grafana/provisioning";

/// Where Grafana finds the dashboards of a service.
pub(super) fn dashboards(namespace: &str) -> String {
    format!("/var/lib/grafana/dashboards/{namespace}")
}

/// Where a secret is read.
pub(super) fn secret(name: &str) -> String {
    format!("/run/secrets/{name}")
}

/// The address to which the chat takes messages: whoever has it may write.
pub(super) const CHAT_URL: &str = "slack_url";

/// The key with which somebody is paged.
pub(super) const PAGER_KEY: &str = "pagerduty_key";

/// The password of Grafana's administrator.
pub(super) const GRAFANA_PASSWORD: &str = "grafana_admin_password";

/// Alertmanager, as Prometheus calls it.
pub(super) const ALERTMANAGER: &str = "alertmanager:9093";

/// Prometheus, as Grafana calls it.
pub(super) const PROMETHEUS: &str = "prometheus:9090";
