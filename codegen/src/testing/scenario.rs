//! What a test makes happen, and what must come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::promql::Results;
use crate::promql::parse::parse;
use crate::promql::syntax::Expr;
use crate::rules::{Action, Rule};

use super::condition::Leaf;
use super::course::{self, Course, Lengths, Of};
use super::engine::{Engine, LOOKBACK, Unsupported};
use super::notification::{Firing, Notification};
use super::plan::Plan;
use super::program::Phase;
use super::series::{Labels, Series};
use super::state::{Times, timeline};

/// Samples and what fires at some of their times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scenario {
    /// What happens, in words.
    pub(crate) name: String,
    pub(crate) interval: Duration,
    pub(crate) series: Vec<(String, String)>,
    pub(crate) checks: Vec<Check>,
}

/// What fires at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Check {
    pub(crate) at: Duration,
    pub(crate) fires: Vec<Firing>,
}

/// An alert for which tests are made.
pub(super) struct Subject<'r> {
    rule: &'r Rule,
    notification: Notification<'r>,
    interval: Duration,
}

/// Every scenario of an alert; all of them together show that it fires and that it does not.
pub(super) fn scenarios(
    results: &Results<'_>,
    rule: &Rule,
    interval: Duration,
) -> Result<Vec<Scenario>, Unsupported> {
    let Ok(parsed) = parse(&rule.expr) else { return Err(Unsupported::new("what is no PromQL")) };
    let plan = Plan::new(results, &parsed.expr, interval)?;
    let subject = Subject { rule, notification: Notification::new(rule)?, interval };
    let lengths = Lengths { times: subject.times(), lookback: subject.evaluations(LOOKBACK) };
    let mut scenarios = Vec::new();
    for (leaf, Leaf { expr: part, .. }) in plan.condition.leaves.iter().enumerate() {
        for (number, course) in course::courses(&plan, lengths, leaf).iter().enumerate() {
            let written = rule.expr[part.span.clone()].split_whitespace().collect::<Vec<_>>();
            let name = match plan.condition.leaves.len() {
                1 => course.name.clone(),
                _ => format!("`{}` {}", written.join(" "), course.name),
            };
            match subject.of_course(&plan, &parsed.expr, leaf, course, name) {
                Ok(scenario) => scenarios.push(scenario),
                // Some conditions take no notice of what further courses do.
                Err(unsupported) if number == 0 => return Err(unsupported.within(&part.span)),
                Err(_) => {}
            }
        }
    }
    Ok(scenarios)
}

impl Subject<'_> {
    /// What must come of a course.
    fn of_course(
        &self,
        plan: &Plan<'_, '_>,
        expr: &Expr,
        leaf: usize,
        course: &Course,
        name: String,
    ) -> Result<Scenario, Unsupported> {
        let phases = &course.phases;
        let of = |series: &[Series]| self.scenario(expr, name.clone(), series, phases);
        match course.of {
            Of::Deciding => of(&plan.series(leaf, phases)?),
            Of::Further { variable, steady: [first, second] } => {
                let at = |steady| {
                    let found = of(&plan.series_of_another(leaf, steady, variable, phases)?)?;
                    let is_other = self.changes(&found, phases);
                    is_other
                        .then_some(found)
                        .ok_or(Unsupported::new("a condition that takes no notice"))
                };
                at(first).or_else(|_| at(second))
            }
        }
    }

    /// Whether some phase ends in another way than the first.
    fn changes(&self, scenario: &Scenario, phases: &[Phase]) -> bool {
        let fires = ends(phases).filter_map(|end| {
            let check = scenario.checks.iter().find(|check| check.at == self.time(end))?;
            Some(!check.fires.is_empty())
        });
        fires.collect::<BTreeSet<_>>().len() == 2
    }

    /// What must come of some series.
    fn scenario(
        &self,
        expr: &Expr,
        name: String,
        series: &[Series],
        phases: &[Phase],
    ) -> Result<Scenario, Unsupported> {
        let steps = phases.iter().map(|phase| phase.samples).sum();
        let engine = Engine::new(series, self.interval, steps);
        let closed = timeline(engine.vector(expr)?, self.times(), steps);
        let open = timeline(engine.left_open().vector(expr)?, self.times(), steps);
        let mut times = BTreeSet::new();
        for timeline in [&closed, &open] {
            let pairs = timeline.windows(2).enumerate();
            let changes = pairs.filter(|(_, pair)| !pair[0].keys().eq(pair[1].keys()));
            times.extend(changes.flat_map(|(step, _)| [step, step + 1]));
        }
        times.extend(ends(phases));
        let mut checks = Vec::new();
        for step in times {
            let fires = self.fired(&closed[step])?;
            // Where one sample more or less makes a difference, nothing is expected.
            if closed[step] == open[step] || fires == self.fired(&open[step])? {
                checks.push(Check { at: self.time(step), fires });
            }
        }
        let fires = checks.iter().any(|check| !check.fires.is_empty());
        let rests = checks.iter().any(|check| check.fires.is_empty());
        if !fires || !rests {
            return Err(Unsupported::new("a condition that does not follow its series"));
        }
        let series = series.iter().map(|series| (series.selector(), series.notation()));
        Ok(Scenario { name, interval: self.interval, series: series.collect(), checks })
    }

    /// What is sent of what fires.
    fn fired(&self, firing: &BTreeMap<Labels, f64>) -> Result<Vec<Firing>, Unsupported> {
        firing.iter().map(|(labels, value)| self.notification.of(labels, *value)).collect()
    }

    fn times(&self) -> Times {
        let (wait, keep_firing_for) = match &self.rule.action {
            Action::Alert { wait, keep_firing_for, .. } => (wait, keep_firing_for),
            Action::Record { .. } => (&None, &None),
        };
        let steps = |time: &Option<String>| {
            let time = time.as_deref().and_then(streamhouse_metrics_spec::duration::parse);
            time.map_or(0, |time| self.evaluations(time))
        };
        Times { wait: steps(wait), keep_firing_for: steps(keep_firing_for) }
    }

    /// How many evaluations a time lasts.
    fn evaluations(&self, time: Duration) -> usize {
        let interval = self.interval.as_millis().max(1);
        usize::try_from(time.as_millis().div_ceil(interval)).unwrap_or(usize::MAX)
    }

    fn time(&self, step: usize) -> Duration {
        self.interval * u32::try_from(step).unwrap_or(u32::MAX)
    }
}

/// The last evaluation of each phase.
fn ends(phases: &[Phase]) -> impl Iterator<Item = usize> {
    phases.iter().scan(0, |end, phase| {
        *end += phase.samples;
        Some(*end - 1)
    })
}
