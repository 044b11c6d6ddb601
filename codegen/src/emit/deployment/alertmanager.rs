//! `alertmanager/alertmanager.yml`: whom an alert reaches, and when it is silent.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::vocabulary::Severity;

use super::place;
use crate::rules::Inhibition;
use crate::template;
use crate::text::document::{Map, Value};

/// Who is woken.
const PAGER: &str = "pager";

/// Where somebody looks during the day, and where goes what has no severity.
const CHAT: &str = "chat";

/// Nobody: such alerts are there to be looked up.
const NOBODY: &str = "nobody";

/// A headline in the chat.
const TITLE: &str =
    "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}";

/// What the chat says below it, a line an alert.
const TEXT: &str = "\
{{ range .Alerts }}
{{ .Annotations.description }}{{ with .Annotations.runbook_url }} (<{{ . }}|runbook>){{ end }}
{{- end }}";

/// The configuration.
pub(super) fn configuration(catalog: &Catalog, inhibitions: &[Inhibition]) -> Map {
    Map::default()
        .with("route", route(catalog))
        .with("receivers", receivers(&catalog.deployment.channel))
        .with("inhibit_rules", inhibitions.iter().map(inhibit_rule).collect::<Vec<_>>())
}

/// Alerts of one name and one job are one message, unless their targets are told apart.
fn route(catalog: &Catalog) -> Map {
    let mut group_by = vec!["alertname", "job"];
    let labels = catalog.surroundings.target_labels.iter().map(String::as_str);
    group_by.extend(labels.filter(|label| !["job", "instance"].contains(label)));
    let routes = Severity::ALL.map(|severity| {
        let (receiver, repeat_interval) = match severity {
            Severity::Critical => (PAGER, Some("4h")),
            Severity::Warning => (CHAT, None),
            Severity::Info => (NOBODY, None),
        };
        Map::default()
            .with("matchers", [format!("severity=\"{}\"", severity.as_str())])
            .with("receiver", receiver)
            .with_some("repeat_interval", repeat_interval)
    });
    Map::default()
        .with("receiver", CHAT)
        .with("group_by", group_by)
        .with("group_wait", "30s")
        .with("group_interval", "5m")
        .with("repeat_interval", "12h")
        .with("routes", routes)
}

fn receivers(channel: &str) -> Vec<Map> {
    let pagerduty = Map::default()
        .with("routing_key_file", place::secret(place::PAGER_KEY))
        .with("severity", Severity::Critical.as_str());
    let slack = Map::default()
        .with("api_url_file", place::secret(place::CHAT_URL))
        .with("channel", template::constant(channel))
        .with("send_resolved", true)
        .with("title", TITLE)
        .with("text", TEXT);
    let receiver = |name: &str| Map::default().with("name", name);
    vec![
        receiver(PAGER).with("pagerduty_configs", [pagerduty]),
        receiver(CHAT).with("slack_configs", [slack]),
        receiver(NOBODY),
    ]
}

fn inhibit_rule(inhibition: &Inhibition) -> Map {
    let Inhibition { source, targets, equal } = inhibition;
    let equal: Vec<Value> = equal.iter().map(|label| (&**label).into()).collect();
    Map::default()
        .with("source_matchers", [format!("alertname=\"{source}\"")])
        .with("target_matchers", [matcher(targets)])
        .with("equal", equal)
}

/// A matcher of alerts by their names, which are words; a regular expression matches whole values.
fn matcher(names: &[String]) -> String {
    match names {
        [name] => format!("alertname=\"{name}\""),
        names => format!("alertname=~\"{}\"", names.join("|")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::document;

    #[test]
    fn the_worse_alert_silences_the_others() {
        let inhibition = |targets: &[&str], equal: &[&str]| Inhibition {
            source: "Worst".to_owned(),
            targets: targets.iter().map(|&target| target.to_owned()).collect(),
            equal: equal.iter().map(|&label| label.to_owned()).collect(),
        };
        let checked = streamhouse_metrics_spec::check_text(
            "namespace = 'shop'\n[cart.items]\ntype = 'gauge'\nunit = 'items'\nhelp = 'a'\n",
        );
        let catalog = checked.expect("is valid").catalog;
        let inhibitions = [inhibition(&["Bad"], &["topic", "group"]), inhibition(&["A", "B"], &[])];
        let text = document::text(&configuration(&catalog, &inhibitions));
        let (_, rules) = text.split_once("inhibit_rules:").expect("there are rules");
        assert_eq!(
            rules,
            r#"
  - source_matchers:
      - "alertname=\"Worst\""
    target_matchers:
      - "alertname=\"Bad\""
    equal:
      - "topic"
      - "group"
  - source_matchers:
      - "alertname=\"Worst\""
    target_matchers:
      - "alertname=~\"A|B\""
    equal: []
"#
        );
    }
}
