//! What a test makes happen, and what must come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::promql::Results;
use crate::promql::parse::parse;
use crate::promql::syntax::Expr;
use crate::rules::{Action, Rule};
use crate::template;

use super::engine::{Engine, LOOKBACK, Unsupported};
use super::plan::{Levels, Plan};
use super::program::{Level, Phase};
use super::series::{Labels, Series};
use super::state::{Timeline, Times, timeline};

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

/// One instance of an alert that fires, as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Firing {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: Vec<(String, String)>,
}

/// An alert for which tests are made.
pub(super) struct Subject<'r> {
    pub(super) rule: &'r Rule,
    pub(super) interval: Duration,
}

/// Every scenario of an alert; all of them together show that it fires and that it does not.
pub(super) fn scenarios(
    results: &Results<'_>,
    rule: &Rule,
    interval: Duration,
) -> Result<Vec<Scenario>, Unsupported> {
    first_scenarios(results, rule, interval, usize::MAX)
}

/// Whether there are scenarios of an alert: for each part of its condition there is the first.
pub(super) fn check(
    results: &Results<'_>,
    rule: &Rule,
    interval: Duration,
) -> Result<(), Unsupported> {
    first_scenarios(results, rule, interval, 1).map(|_| ())
}

/// So many scenarios of each part of an alert's condition, at most.
fn first_scenarios(
    results: &Results<'_>,
    rule: &Rule,
    interval: Duration,
    most: usize,
) -> Result<Vec<Scenario>, Unsupported> {
    let Ok(parsed) = parse(&rule.expr) else { return Err(Unsupported("what is no PromQL")) };
    let plan = Plan::new(results, &parsed.expr, interval)?;
    let subject = Subject { rule, interval };
    let mut scenarios = Vec::new();
    for leaf in 0..plan.condition.leaves.len() {
        let courses = courses(&plan, &subject, leaf).into_iter().take(most);
        for (number, (name, phases)) in courses.enumerate() {
            let series = plan.series(leaf, &phases)?;
            let name = match plan.condition.leaves.len() {
                1 => name,
                _ => format!("{name}, by condition {}", leaf + 1),
            };
            match subject.scenario(&parsed.expr, name, &series, &phases) {
                Ok(scenario) => scenarios.push(scenario),
                // Some conditions take no notice of what further courses do.
                Err(unsupported) if number == 0 => return Err(unsupported),
                Err(_) => {}
            }
        }
    }
    Ok(scenarios)
}

/// What the deciding leaf goes through, each course with its name.
fn courses(plan: &Plan<'_, '_>, subject: &Subject<'_>, leaf: usize) -> Vec<(String, Vec<Phase>)> {
    let Times { wait, keep_firing_for } = subject.times();
    let range = plan.looks_back(leaf);
    let lookback = subject.evaluations(LOOKBACK);
    let Levels { holds, holds_by_far, fails, .. } = plan.levels[leaf];
    let by_far = |level: Level| match plan.condition.others(leaf).is_positive {
        true => level,
        false => plan.levels[leaf].fails_by_far,
    };
    let (rest, wrong, by_far) = match plan.condition.others(leaf).is_positive {
        true => (fails, holds, by_far(holds_by_far)),
        false => (holds, fails, by_far(holds_by_far)),
    };
    let gone = lookback.max(range) + wait + keep_firing_for + 3;
    let before = Phase { level: rest, samples: range + wait + 2 };
    let after = |wrong: Level| {
        let end = if wrong == Level::Missing { wait } else { 0 };
        Phase { level: rest, samples: range + keep_firing_for + end + 3 }
    };
    let during = |level: Level| {
        let begins = if matches!(level, Level::At(_)) { range } else { lookback };
        Phase { level, samples: begins + wait + 3 }
    };
    let course =
        |name: &str, level: Level| (name.to_owned(), vec![before, during(level), after(level)]);
    match (wrong, rest) {
        // What is wrong is that there is nothing.
        (Level::Missing, _) => {
            vec![course("missing for a while", Level::Missing), course("gone", Level::Stale)]
        }
        (_, Level::Missing) => vec![
            course("there for a while", wrong),
            (
                "gone".to_owned(),
                vec![before, during(wrong), Phase { level: Level::Stale, samples: gone }],
            ),
        ],
        _ => {
            let mut courses = vec![course("just beyond the bound for a while", wrong)];
            if range > 0 {
                courses.push(course("far beyond the bound at once", by_far));
            }
            let until = |name: &str, end: Level| {
                let end = Phase { level: end, samples: gone };
                (name.to_owned(), vec![Phase { level: by_far, ..during(by_far) }, end])
            };
            courses.push(until("missing after it fired", Level::Missing));
            courses.push(until("gone after it fired", Level::Stale));
            courses
        }
    }
}

impl Subject<'_> {
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
        let (closed, open) = (self.fired(&closed)?, self.fired(&open)?);
        let mut times = BTreeSet::new();
        for timeline in [&closed, &open] {
            let pairs = timeline.windows(2).enumerate();
            let changes = pairs.filter(|(_, pair)| !is_same(&pair[0], &pair[1]));
            times.extend(changes.flat_map(|(step, _)| [step, step + 1]));
        }
        let ends = phases.iter().scan(0, |end, phase| {
            *end += phase.samples;
            Some(*end - 1)
        });
        times.extend(ends);
        // Where one sample more or less makes a difference, nothing is expected.
        times.retain(|step| closed[*step] == open[*step]);
        let checks: Vec<_> = times
            .into_iter()
            .map(|step| Check { at: self.time(step), fires: closed[step].clone() })
            .collect();
        let fires = checks.iter().any(|check| !check.fires.is_empty());
        let rests = checks.iter().any(|check| check.fires.is_empty());
        if !fires || !rests {
            return Err(Unsupported("a condition that does not follow its series"));
        }
        let series = series.iter().map(|series| (series.selector(), series.notation()));
        Ok(Scenario { name, interval: self.interval, series: series.collect(), checks })
    }

    /// What is sent at each evaluation.
    fn fired(&self, timeline: &Timeline) -> Result<Vec<Vec<Firing>>, Unsupported> {
        let mut known: BTreeMap<(Labels, u64), Firing> = BTreeMap::new();
        let mut all = Vec::with_capacity(timeline.len());
        for now in timeline {
            let mut firing = Vec::new();
            for (labels, value) in now {
                let key = (labels.clone(), value.to_bits());
                if !known.contains_key(&key) {
                    known.insert(key.clone(), sent(self.rule, labels, *value)?);
                }
                firing.extend(known.get(&key).cloned());
            }
            all.push(firing);
        }
        Ok(all)
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

/// Whether the same instances fire, whatever is said of them.
fn is_same(one: &[Firing], other: &[Firing]) -> bool {
    one.iter().map(|firing| &firing.labels).eq(other.iter().map(|firing| &firing.labels))
}

/// An alert with its labels and texts.
pub(super) fn sent(rule: &Rule, labels: &Labels, value: f64) -> Result<Firing, Unsupported> {
    let Action::Alert { annotations, .. } = &rule.action else {
        return Err(Unsupported("what is no alert"));
    };
    let texts = labels.iter().map(|(label, value)| (label.to_owned(), value.to_owned()));
    let mut texts: BTreeMap<_, _> = texts.collect();
    let mut rendered = Vec::new();
    for (key, text) in annotations {
        let text = template::render(text, &texts, value);
        rendered.push((key.clone(), text.map_err(|_| Unsupported("what a text is made of"))?));
    }
    texts.extend(rule.labels.iter().cloned());
    Ok(Firing { labels: texts, annotations: rendered })
}
