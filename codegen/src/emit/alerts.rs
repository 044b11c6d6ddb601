//! `prometheus/alerts.yml`: alerting rules, a group for each component.

use std::collections::HashMap;
use std::fmt::Write as _;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Alert;

use super::{Artifact, belonging};
use crate::promql::Results;
use crate::template;
use crate::text::{PREAMBLE, yaml};

/// Makes the rule file.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let catalog = results.catalog();
    let mut text = format!("# {PREAMBLE}\ngroups:");
    let groups = groups(catalog);
    if groups.is_empty() {
        text.push_str(" []\n");
        return vec![artifact(text)];
    }
    text.push('\n');
    for (name, alerts) in groups {
        _ = write!(text, "  - name: {}\n    rules:\n", yaml::quoted(&name));
        text.extend(alerts.into_iter().map(|alert| rule(alert, results)));
    }
    vec![artifact(text)]
}

fn artifact(text: String) -> Artifact {
    Artifact { path: "prometheus/alerts.yml".to_owned(), text }
}

/// The alerts of each component and of the service, in the order in which groups are first met.
fn groups(catalog: &Catalog) -> Vec<(String, Vec<&Alert>)> {
    let mut groups: Vec<(String, Vec<&Alert>)> = Vec::new();
    let mut known = HashMap::new();
    for alert in &catalog.alerts {
        let component = belonging::component(catalog, alert);
        let at = *known.entry(component).or_insert_with(|| {
            let name = match component {
                Some(component) => {
                    format!("{}_{}", catalog.namespace, catalog.components[component].key)
                }
                None => catalog.namespace.clone(),
            };
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(alert);
    }
    groups
}

/// One rule, as an item of its group's list.
fn rule(alert: &Alert, results: &Results<'_>) -> String {
    let Alert {
        name,
        expr,
        wait,
        keep_firing_for,
        severity,
        summary,
        description: _,
        runbook: _,
        reads: _,
    } = alert;
    let description = results.description(alert);
    let mut lines = vec![format!("      - alert: {}", yaml::quoted(name))];
    lines.push(format!("        expr: {}", yaml::block(expr, 10)));
    let times = [("for", wait), ("keep_firing_for", keep_firing_for)];
    let times = times.into_iter().filter_map(|(key, time)| Some((key, time.as_ref()?)));
    lines.extend(times.map(|(key, time)| format!("        {key}: {}", yaml::quoted(time))));
    lines.push("        labels:".to_owned());
    lines.push(format!("          severity: {}", yaml::quoted(severity.as_str())));
    lines.push("        annotations:".to_owned());
    lines.push(format!("          summary: {}", yaml::quoted(summary)));
    lines.push(format!("          description: {}", yaml::quoted(&description)));
    if let Some(runbook) = results.catalog().runbook(alert) {
        lines.push(format!(
            "          runbook_url: {}",
            yaml::quoted(&template::constant(&runbook))
        ));
    }
    lines.join("\n") + "\n"
}
