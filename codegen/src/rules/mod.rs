//! From the catalogue to Prometheus's rules, with everything said that follows.
//!
//! ```text
//! Catalog ──files──▶ RuleFile ──┬─▶ prometheus/rules/
//!                               ├─▶ prometheus/tests/
//!                               └─▶ mimir/, thanos/, kubernetes/
//! ```
//!
//! Tests load few rules, since promtool evaluates every rule that it has loaded in every test: hence
//! a file for each component, two for each SLO, and none with very many alerts, or with some that wait
//! for seconds and others that wait for days.

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
use crate::testing::Pace;

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
        let rules = alerts.into_iter().map(|alert| rule(results, alert));
        for (number, rules) in tested_together(rules).into_iter().enumerate() {
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
            files.push(RuleFile {
                name,
                groups: vec![Group { name: group, interval: None, rules }],
            });
        }
    }
    files
}

/// Rules in lists of a few, each in the first one with room whose tests it does not make slow.
fn tested_together(rules: impl Iterator<Item = Rule>) -> Vec<Vec<Rule>> {
    let mut lists: Vec<(Pace, Vec<Rule>)> = Vec::new();
    for rule in rules {
        let pace = Pace::of(&rule);
        let fitting = lists.iter_mut().find_map(|(known, rules)| {
            let both = known.beside(pace).filter(|_| rules.len() < MOST_ALERTS)?;
            Some((both, known, rules))
        });
        match fitting {
            Some((both, known, rules)) => {
                *known = both;
                rules.push(rule);
            }
            None => lists.push((pace, vec![rule])),
        }
    }
    lists.into_iter().map(|(_, rules)| rules).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_tests_slow_is_tested_apart() {
        let rule = |wait: &str| Rule {
            action: Action::Alert {
                name: wait.to_owned(),
                wait: Some(wait.to_owned()),
                keep_firing_for: None,
                annotations: Vec::new(),
            },
            expr: "up == 0".to_owned(),
            labels: Vec::new(),
        };
        let name = |rule: Rule| match rule.action {
            Action::Alert { name, .. } | Action::Record { name } => name,
        };
        let names = |waits: &[&str]| {
            let lists = tested_together(waits.iter().map(|wait| rule(wait))).into_iter();
            let lists = lists.map(|rules| rules.into_iter().map(name).collect::<Vec<_>>());
            lists.map(|names| names.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(names(&["1m", "2m", "3m", "4m", "5m", "6m"]), ["1m 2m 3m 4m 5m", "6m"]);
        assert_eq!(names(&["5m", "7s", "7d", "10m", "8s"]), ["5m 7s 10m 8s", "7d"]);
        assert_eq!(names(&["7d", "7s", "6d", "8s"]), ["7d 6d", "7s 8s"]);
    }
}
