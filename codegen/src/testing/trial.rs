//! Tests on trial: each alert with its tests and the mutants that these must refuse.

use streamhouse_metrics_spec::Catalog;

use super::mutant::mutants;
use super::{Pace, TestFile, of_rule, text};
use crate::handwritten::Handwritten;
use crate::promql::Results;
use crate::rules::{self, Group, Rule};

/// An alert on its own, in texts for `promtool test rules`.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The name of the alert.
    pub alert: String,
    /// A rule file with nothing but the alert, for `rules/alert.yml`.
    pub rules: String,
    /// Its tests, which read `../rules/alert.yml`.
    pub tests: String,
    /// Rule files that are wrong, each with what is wrong with it.
    pub mutants: Vec<(String, String)>,
}

/// Every alert of a specification without errors, with its tests and its mutants.
///
/// ```
/// let text = r#"
/// namespace = "shop"
///
/// [checkout.depth]
/// type = "gauge"
/// unit = "items"
/// help = "Orders that wait"
///
/// [alerts.ManyWait]
/// metric   = "checkout.depth"
/// above    = 100
/// for      = "5m"
/// severity = "warning"
/// summary  = "Many orders wait"
/// "#;
/// let catalog = streamhouse_metrics_spec::check_text(text).expect("true").catalog;
/// let trials = streamhouse_metrics_codegen::trials(&catalog);
/// let mistakes: Vec<_> = trials[0].mutants.iter().map(|(mistake, _)| &**mistake).collect();
/// assert!(mistakes.contains(&"a bound 5 % more than `100`"), "{mistakes:?}");
/// ```
pub fn trials(catalog: &Catalog) -> Vec<Trial> {
    let handwritten = Handwritten::default();
    let results = Results::new(catalog, &handwritten);
    let trials = catalog.alerts.iter().map(|alert| {
        let rule = rules::rule(&results, alert);
        let interval = Pace::of(&rule).interval;
        let scenarios = of_rule(&results, alert, &rule, interval).unwrap_or_default().into_iter();
        let scenarios = scenarios.map(|scenario| (alert.name.clone(), scenario)).collect();
        let file = TestFile { name: "alert".to_owned(), interval, scenarios };
        let mutants = mutants(&rule, interval).into_iter();
        Trial {
            alert: alert.name.clone(),
            mutants: mutants.map(|mutant| (mutant.mistake, file_of(mutant.rule))).collect(),
            rules: file_of(rule),
            tests: text(&file),
        }
    });
    trials.collect()
}

/// A rule file with one rule.
fn file_of(rule: Rule) -> String {
    let group = Group { name: "alert".to_owned(), interval: None, rules: vec![rule] };
    format!("groups:\n{}", rules::yaml(&[group], 2))
}
