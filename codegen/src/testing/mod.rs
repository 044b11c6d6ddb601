//! Tests of alerts for `promtool test rules`, made from the alerts themselves.
//!
//! ```text
//! condition ──plan──▶ levels ──scenario──▶ series over time ──engine──▶ what fires when
//!                                              └──────────▶ tests ◀──────────┘
//! ```
//!
//! Each leaf of a condition decides in turn: it is brought just and by far beyond its bound and back,
//! its series go missing and end. What must come of it is calculated, and promtool, which made none
//! of it, has the last word: generated tests are run by the tests of this project.

mod condition;
mod course;
mod engine;
mod label;
mod level;
mod mutant;
mod notification;
mod pace;
mod plan;
mod program;
mod scenario;
mod series;
mod state;
mod trial;
mod variable;
mod world;
mod yaml;

use std::collections::HashMap;
use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Alert, AlertTest};
use streamhouse_metrics_spec::duration;

use crate::promql::Results;
use crate::rules::{Action, Rule, RuleFile};
use crate::spread::spread;

pub(crate) use condition::{Compared, compared};
pub(crate) use engine::Unsupported;
use notification::{Firing, Notification};
pub(crate) use pace::Pace;
pub(crate) use scenario::{Check, Scenario};
use series::Labels;
pub use trial::{Trial, trials};

/// The tests of a specification's alerts, and the alerts that have none.
#[derive(Debug, Default)]
pub(crate) struct Tests {
    pub(crate) files: Vec<TestFile>,
    /// By name and with why.
    pub(crate) uncovered: HashMap<String, Uncovered>,
}

/// Why an alert has no tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Uncovered {
    /// None follow from its condition, and none are written; or nobody can foresee its texts.
    Unsupported(Unsupported),
    /// Those that are written do not say the value that its texts show.
    Value,
    /// None of those that are written makes it fire.
    NeverFires,
}

impl From<Unsupported> for Uncovered {
    fn from(unsupported: Unsupported) -> Self {
        Self::Unsupported(unsupported)
    }
}

/// Tests of the alerts of one rule file.
#[derive(Clone, Debug)]
pub(crate) struct TestFile {
    /// The name of the rule file, and its own.
    pub(crate) name: String,
    pub(crate) interval: Duration,
    /// With the names of their alerts.
    pub(crate) scenarios: Vec<(String, Scenario)>,
}

impl Tests {
    /// Makes the tests of those rule files that have alerts.
    pub(crate) fn new(results: &Results<'_>, files: &[RuleFile]) -> Self {
        let alerts = &results.catalog().alerts;
        let alerts = alerts.iter().map(|alert| (&*alert.name, alert)).collect();
        let mut tests = Self::default();
        for (file, uncovered) in spread(files.len(), |at| of_file(results, &alerts, &files[at])) {
            tests.uncovered.extend(uncovered);
            tests.files.extend((!file.scenarios.is_empty()).then_some(file));
        }
        tests
    }
}

/// A test file as a text.
pub(crate) fn text(file: &TestFile) -> String {
    yaml::text(file)
}

/// The tests of a rule file, and which of its alerts have none.
fn of_file(
    results: &Results<'_>,
    alerts: &HashMap<&str, &Alert>,
    file: &RuleFile,
) -> (TestFile, Vec<(String, Uncovered)>) {
    let interval = interval_of(file);
    let (mut scenarios, mut uncovered) = (Vec::new(), Vec::new());
    for rule in file.groups.iter().flat_map(|group| &group.rules) {
        let Action::Alert { name, .. } = &rule.action else { continue };
        let Some(alert) = alerts.get(&**name) else { continue };
        let found = of_rule(results, alert, rule, interval).unwrap_or_else(|why| {
            uncovered.push((name.clone(), why));
            Vec::new()
        });
        // A test that expects nothing passes whatever the alert is.
        if !found.is_empty() && !found.iter().any(fires) {
            uncovered.push((name.clone(), Uncovered::NeverFires));
        }
        scenarios.extend(found.into_iter().map(|scenario| (name.clone(), scenario)));
    }
    (TestFile { name: file.name.clone(), interval, scenarios }, uncovered)
}

fn fires(scenario: &Scenario) -> bool {
    scenario.checks.iter().any(|check| !check.fires.is_empty())
}

/// The time between evaluations in the tests of a rule file.
fn interval_of(file: &RuleFile) -> Duration {
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    let intervals = rules.map(|rule| Pace::of(rule).interval);
    intervals.min().unwrap_or(Duration::from_secs(60))
}

/// The tests of an alert: those that are written, and those that follow.
fn of_rule(
    results: &Results<'_>,
    alert: &Alert,
    rule: &Rule,
    interval: Duration,
) -> Result<Vec<Scenario>, Uncovered> {
    let notification = Notification::new(rule)?;
    let written = alert.tests.iter().map(|test| of_test(&notification, test));
    let mut written = written.collect::<Result<Vec<_>, _>>()?;
    match scenario::scenarios(results, rule, interval) {
        Ok(follow) => written.extend(follow),
        Err(unsupported) if written.is_empty() => return Err(unsupported.into()),
        Err(_) => {}
    }
    Ok(written)
}

/// A test that somebody has written.
fn of_test(notification: &Notification<'_>, test: &AlertTest) -> Result<Scenario, Uncovered> {
    let AlertTest { series, interval, at, fires } = test;
    let fires = fires.iter().map(|fired| {
        let mut labels = Labels::default();
        fired.labels.iter().for_each(|(label, value)| labels.insert(&**label, &**value));
        let firing = notification.of(&labels, fired.value.unwrap_or(0.0))?;
        if fired.value.is_none() && firing != notification.of(&labels, 1.0)? {
            return Err(Uncovered::Value);
        }
        Ok(firing)
    });
    let check = Check {
        at: duration::parse(at).unwrap_or_default(),
        fires: fires.collect::<Result<Vec<_>, Uncovered>>()?,
    };
    Ok(Scenario {
        name: format!("as written, at {at}"),
        interval: duration::parse(interval).unwrap_or(Duration::from_secs(60)),
        series: series.clone(),
        checks: vec![check],
    })
}
