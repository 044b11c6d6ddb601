//! From the catalogue to Prometheus's rules, with everything said that follows.
//!
//! ```text
//! Catalog ──files──▶ RuleFile ──┬─▶ prometheus/rules/
//!                               ├─▶ prometheus/tests/
//!                               └─▶ mimir/, thanos/, kubernetes/
//! ```
//!
//! Tests load few rules, since promtool evaluates every rule that it has loaded in every test: hence
//! a file for each component, two for each SLO, and none with very many alerts.

mod condition;
mod inhibition;
pub(crate) mod slo;
mod yaml;

use std::collections::HashMap;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition};

use crate::emit::belonging;
use crate::promql::Results;
use crate::template;

pub(crate) use condition::expr;
pub(crate) use inhibition::{Inhibition, inhibitions};
pub(crate) use yaml::groups as yaml;

/// Most alerts of a file.
const MOST_ALERTS: usize = 5;

/// A file of rules.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuleFile {
    /// Its name without `.yml`, unique beside the files of other services.
    pub(crate) name: String,
    pub(crate) groups: Vec<Group>,
}

/// Rules that are evaluated one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// How often they are evaluated, where that is not left to Prometheus.
    pub(crate) interval: Option<String>,
    pub(crate) rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) action: Action,
    pub(crate) expr: String,
    pub(crate) labels: Vec<(String, String)>,
}

/// What becomes of a rule's result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Record {
        name: String,
    },
    Alert {
        name: String,
        wait: Option<String>,
        keep_firing_for: Option<String>,
        annotations: Vec<(String, String)>,
    },
}

/// Every rule file: what is recorded, the alerts, and two for each SLO.
pub(crate) fn files(results: &Results<'_>) -> Vec<RuleFile> {
    let catalog = results.catalog();
    recordings(catalog).into_iter().chain(alerts(results)).chain(slo::files(results)).collect()
}

/// What is recorded, as one group, which Prometheus evaluates in order: each after those that it
/// reads.
fn recordings(catalog: &Catalog) -> Option<RuleFile> {
    let rules = catalog.recording_rules.iter().map(|rule| Rule {
        action: Action::Record { name: rule.name.clone() },
        expr: rule.expr.clone(),
        labels: Vec::new(),
    });
    let rules: Vec<_> = rules.collect();
    let name = format!("{}_recording_rules", catalog.namespace);
    (!rules.is_empty()).then(|| RuleFile {
        name: format!("{}.recording", catalog.namespace),
        groups: vec![Group { name, interval: None, rules }],
    })
}

/// The alerts of each component and of the service, in the order in which these are first met.
fn alerts(results: &Results<'_>) -> Vec<RuleFile> {
    let catalog = results.catalog();
    let mut files = Vec::new();
    for (component, alerts) in by_component(catalog) {
        for (number, alerts) in alerts.chunks(MOST_ALERTS).enumerate() {
            let mut name = format!("{}.alerts", catalog.namespace);
            let mut group = catalog.namespace.clone();
            if let Some(component) = component {
                let key = &catalog.components[component].key;
                name = format!("{name}.{key}");
                group = format!("{group}_{key}");
            }
            if number > 0 {
                name = format!("{name}.{}", number + 1);
                group = format!("{group}_{}", number + 1);
            }
            let rules = alerts.iter().map(|alert| rule(results, alert)).collect();
            files.push(RuleFile {
                name,
                groups: vec![Group { name: group, interval: None, rules }],
            });
        }
    }
    files
}

/// The alerts of each component and of none; those of SLOs have files of their own.
fn by_component(catalog: &Catalog) -> Vec<(Option<usize>, Vec<&Alert>)> {
    let mut groups: Vec<(_, Vec<&Alert>)> = Vec::new();
    let mut known = HashMap::new();
    let is_burn = |alert: &&Alert| matches!(alert.condition, Condition::Burn { .. });
    for alert in catalog.alerts.iter().filter(|alert| !is_burn(alert)) {
        let component = belonging::component(catalog, alert);
        let at = *known.entry(component).or_insert_with(|| {
            groups.push((component, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(alert);
    }
    groups
}

/// An alert as a rule.
pub(crate) fn rule(results: &Results<'_>, alert: &Alert) -> Rule {
    let catalog = results.catalog();
    let Alert { name, condition, wait, keep_firing_for, severity, summary, .. } = alert;
    // The description holds placeholders on purpose; the rest is constant.
    let mut annotations = vec![
        ("summary".to_owned(), template::constant(summary)),
        ("description".to_owned(), results.description(alert)),
    ];
    let runbook = catalog.runbook(alert).map(|runbook| template::constant(&runbook));
    annotations.extend(runbook.map(|runbook| ("runbook_url".to_owned(), runbook)));
    Rule {
        action: Action::Alert {
            name: name.clone(),
            wait: wait.clone(),
            keep_firing_for: keep_firing_for.clone(),
            annotations,
        },
        expr: expr(catalog, condition).into_owned(),
        labels: vec![("severity".to_owned(), severity.as_str().to_owned())],
    }
}
