//! What is needed to make an alert fire and not fire: its condition taken apart, and a level for each
//! part at which it holds, just or by far, and one at which it just does not.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::promql::Results;
use crate::promql::syntax::{Expr, Operator};

use super::condition::{Condition, Leaf};
use super::engine::{Engine, Track, Unsupported, Value};
use super::label::{Choices, Place};
use super::program::{self, Level, Phase};
use super::series::{Labels, Series};
use super::variable::{Shows, Variable, looks_back, variables};

/// How near to a bound a rate, a quantile or a ratio is tried.
const NEAR: f64 = 0.01;

/// How much more than just enough is by far.
const FAR: f64 = 20.0;

/// What a variable has that nobody varies.
const TRAFFIC: f64 = 100.0;

/// An alert's condition and what can be varied in it.
pub(super) struct Plan<'e, 'c> {
    results: &'e Results<'c>,
    pub(super) condition: Condition<'e>,
    variables: Vec<Variable<'e>>,
    choices: Vec<Choices>,
    /// The variables of each leaf.
    of_leaves: Vec<Vec<usize>>,
    /// The levels of each leaf.
    pub(super) levels: Vec<Levels>,
    interval: Duration,
}

/// The levels of one variable at which a leaf holds or does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    variable: usize,
    pub(super) holds: Level,
    pub(super) holds_by_far: Level,
    pub(super) fails: Level,
    pub(super) fails_by_far: Level,
}

impl<'e, 'c> Plan<'e, 'c> {
    /// Takes the condition of an alert apart.
    pub(super) fn new(
        results: &'e Results<'c>,
        expr: &'e Expr,
        interval: Duration,
    ) -> Result<Self, Unsupported> {
        let condition = Condition::new(expr)?;
        let mut all: Vec<Variable<'e>> = Vec::new();
        let mut of_leaves = Vec::new();
        for leaf in &condition.leaves {
            let mut places = Vec::new();
            for variable in variables(leaf) {
                let known = all.iter().position(|known| known.is(&variable));
                places.push(known.unwrap_or(all.len()));
                if known.is_none() {
                    all.push(variable);
                }
            }
            of_leaves.push(places);
        }
        let choices = all.iter().map(|variable| Choices::new(results, variable, &all));
        let choices = choices.collect::<Result<Vec<_>, _>>()?;
        let levels = Vec::new();
        let mut plan =
            Self { results, condition, variables: all, choices, of_leaves, levels, interval };
        for leaf in 0..plan.condition.leaves.len() {
            let levels = plan.levels_of(leaf)?;
            plan.levels.push(levels);
        }
        Ok(plan)
    }

    /// How many evaluations a leaf looks back.
    pub(super) fn looks_back(&self, leaf: usize) -> usize {
        let back = self.condition.leaves[leaf].measured().map_or(0, looks_back);
        usize::try_from(u128::from(back).div_ceil(self.interval.as_millis().max(1))).unwrap_or(0)
    }

    /// The series with which one leaf goes through phases, and the others hold as they must.
    ///
    /// One group does; with a leaf that is no absence there are others, which stay in order.
    pub(super) fn series(&self, leaf: usize, phases: &[Phase]) -> Result<Vec<Series>, Unsupported> {
        let samples = phases.iter().map(|phase| phase.samples).sum();
        let steady = |level| vec![Phase { level, samples }];
        let others = self.condition.others(leaf);
        let mut programs = vec![steady(Level::At(TRAFFIC)); self.variables.len()];
        for (variable, program) in programs.iter_mut().enumerate() {
            if let Shows::Quantile(_) = self.variables[variable].shows {
                let bounds = &self.choices[variable].bounds;
                let first = bounds.first().copied().unwrap_or(1.0);
                *program = steady(Level::At(first));
            }
        }
        for (other, levels) in self.levels.iter().enumerate() {
            match others.hold[other] {
                Some(true) => programs[levels.variable] = steady(levels.holds_by_far),
                Some(false) => programs[levels.variable] = steady(levels.fails_by_far),
                None => {}
            }
        }
        let own = self.levels[leaf];
        let in_order = if others.is_positive { own.fails_by_far } else { own.holds_by_far };
        let mut healthy = programs.clone();
        programs[own.variable] = phases.to_vec();
        healthy[own.variable] = steady(in_order);
        let mut world = Vec::new();
        self.add_group(None, &programs, &mut world)?;
        // Whatever is there is not absent.
        if !matches!(self.condition.leaves[leaf], Leaf::Absent(_)) {
            let kept: BTreeSet<&str> = self.choices.iter().flat_map(Choices::kept).collect();
            for label in kept {
                self.add_group(Some(label), &healthy, &mut world)?;
            }
        }
        self.add_bystanders(leaf, samples, &mut world)?;
        Ok(world)
    }

    /// Adds the series of a group, with a program for each variable.
    fn add_group(
        &self,
        differs: Option<&str>,
        programs: &[Vec<Phase>],
        world: &mut Vec<Series>,
    ) -> Result<(), Unsupported> {
        for (variable, phases) in programs.iter().enumerate() {
            for member in 0..self.choices[variable].members() {
                let labels = self.choices[variable].labels(Place { differs, member });
                add(self.of_variable(variable, &labels, member, phases)?, world);
            }
        }
        Ok(())
    }

    /// Adds what the matchers of a leaf keep out, far beyond its bound.
    fn add_bystanders(
        &self,
        leaf: usize,
        samples: usize,
        world: &mut Vec<Series>,
    ) -> Result<(), Unsupported> {
        let levels = self.levels[leaf];
        let wrong = match self.condition.others(leaf).is_positive {
            true => levels.holds_by_far,
            false => levels.fails_by_far,
        };
        let wrong = if matches!(wrong, Level::At(_)) { wrong } else { Level::At(TRAFFIC) };
        for &variable in &self.of_leaves[leaf] {
            let (of, choices) = (&self.variables[variable], &self.choices[variable]);
            let is_varied = variable == levels.variable;
            if !is_varied && matches!(of.shows, Shows::Quantile(_)) {
                continue;
            }
            let level = if is_varied { wrong } else { Level::At(TRAFFIC) };
            for labels in choices.bystanders(self.results, of) {
                add(self.of_variable(variable, &labels, 0, &[Phase { level, samples }])?, world);
            }
        }
        Ok(())
    }

    fn of_variable(
        &self,
        variable: usize,
        labels: &Labels,
        member: usize,
        phases: &[Phase],
    ) -> Result<Vec<Series>, Unsupported> {
        let seconds = self.interval.as_secs_f64();
        let (of, choices) = (&self.variables[variable], &self.choices[variable]);
        let series = program::series(of, choices, labels, member, phases, seconds);
        series.ok_or(Unsupported("a quantile that no observations have"))
    }

    /// The levels at which a leaf holds or does not.
    fn levels_of(&self, leaf: usize) -> Result<Levels, Unsupported> {
        let first = self.of_leaves[leaf].first().copied();
        let variable = first.ok_or(Unsupported("a condition that reads no series"))?;
        let there = Level::At(1.0);
        match self.condition.leaves[leaf] {
            Leaf::Present(_) => Ok(Levels {
                variable,
                holds: there,
                holds_by_far: there,
                fails: Level::Missing,
                fails_by_far: Level::Missing,
            }),
            Leaf::Absent(_) => Ok(Levels {
                variable,
                holds: Level::Missing,
                holds_by_far: Level::Missing,
                fails: there,
                fails_by_far: there,
            }),
            Leaf::Compare { operator, bound, .. } => {
                let mut found = Err(Unsupported("a value that no series changes"));
                for &variable in &self.of_leaves[leaf] {
                    found = self.bounded(leaf, variable, operator, bound);
                    if found.is_ok() {
                        break;
                    }
                }
                found
            }
        }
    }

    /// The levels of a variable around a bound.
    fn bounded(
        &self,
        leaf: usize,
        variable: usize,
        operator: Operator,
        bound: f64,
    ) -> Result<Levels, Unsupported> {
        let is_integer = bound.fract() == 0.0;
        let operator_above = self.variables[variable].aggregation.map(|of| &*of.operator.text);
        // The last digit of an average depends on the order in which it is taken.
        let is_rounded = operator_above == Some("avg") && !is_integer;
        let is_exact = self.value(leaf, variable, bound)? == Some(bound)
            && self.variables[variable].shows == Shows::Value
            && !is_rounded;
        let step = match is_exact {
            true if bound == 0.0 || is_integer && bound.abs() >= 25.0 => 1.0,
            _ if bound == 0.0 => 1.0,
            _ => bound.abs() * NEAR,
        };
        let inexact = if is_exact { 0.0 } else { step };
        // Of what is never below zero there is no less.
        let (holds, fails) = match operator {
            Operator::Greater => (bound + step, if bound == 0.0 { 0.0 } else { bound - inexact }),
            Operator::GreaterOrEqual => (bound + inexact, bound - step),
            Operator::Less => (bound - step, bound + inexact),
            Operator::LessOrEqual => {
                (if bound == 0.0 { 0.0 } else { bound - inexact }, bound + step)
            }
            Operator::Equal => (bound, bound + step),
            Operator::NotEqual => (bound + step, bound),
            _ => return Err(Unsupported("this comparison")),
        };
        let holds = self.level(leaf, variable, holds)?;
        let fails = self.level(leaf, variable, fails)?;
        let (holds_by_far, fails_by_far) = match operator {
            Operator::Equal => (holds, self.far(variable, holds, fails)),
            Operator::NotEqual => (self.far(variable, fails, holds), fails),
            _ => (self.far(variable, fails, holds), self.far(variable, holds, fails)),
        };
        Ok(Levels {
            variable,
            holds: Level::At(holds),
            holds_by_far: Level::At(holds_by_far),
            fails: Level::At(fails),
            fails_by_far: Level::At(fails_by_far),
        })
    }

    /// A level on the same side as one, and much further from the other.
    fn far(&self, variable: usize, from: f64, to: f64) -> f64 {
        let is_up = to > from;
        match self.variables[variable].shows {
            Shows::Quantile(quantile) => {
                let bounds = &self.choices[variable].bounds;
                match &bounds[..] {
                    [.., before, last] if is_up => to.max((before + last) / 2.0),
                    [first, ..] if !is_up => to.min(first * quantile.max(0.5)),
                    _ => to,
                }
            }
            _ if is_up && to >= 0.0 => to * FAR,
            _ if is_up => to / FAR,
            _ if to > 0.0 => to / FAR,
            _ => to * FAR,
        }
    }

    /// The level of a variable with which a leaf measures a value.
    fn level(&self, leaf: usize, variable: usize, value: f64) -> Result<f64, Unsupported> {
        let close = |found: f64| (found - value).abs() <= value.abs() * 1e-9;
        if self.value(leaf, variable, value)?.is_some_and(close) {
            return Ok(value);
        }
        let cannot = Unsupported("a value that cannot be had");
        let at = |level| self.value(leaf, variable, level)?.ok_or(cannot);
        let (mut low, mut high) = (0.0, 1.0);
        let is_rising = at(2.0)? > at(1.0)?;
        while (at(high)? < value) == is_rising {
            high *= 4.0;
            if high > 1e15 {
                return Err(cannot);
            }
        }
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if (at(middle)? < value) == is_rising { low = middle } else { high = middle }
        }
        let found = rounded(high);
        (at(found)? - value).abs().le(&(value.abs() * 1e-3)).then_some(found).ok_or(cannot)
    }

    /// What a leaf measures when a variable keeps a level; none where it measures nothing.
    fn value(&self, leaf: usize, variable: usize, level: f64) -> Result<Option<f64>, Unsupported> {
        let Some(measured) = self.condition.leaves[leaf].measured() else { return Ok(None) };
        let samples = self.looks_back(leaf) + 2;
        let mut world = Vec::new();
        let phases = [Phase { level: Level::At(level), samples }];
        let steady = [Phase { level: Level::At(TRAFFIC), samples }];
        for &other in &self.of_leaves[leaf] {
            let phases = if other == variable { &phases } else { &steady };
            for member in 0..self.choices[other].members() {
                let labels = self.choices[other].labels(Place { differs: None, member });
                match self.of_variable(other, &labels, member, phases) {
                    Ok(series) => world.extend(series),
                    Err(_) => return Ok(None),
                }
            }
        }
        let engine = Engine::new(&world, self.interval, samples);
        let Value::Vector(tracks) = engine.evaluate(measured)? else { return Ok(None) };
        let mut last = tracks.iter().filter_map(|Track { points, .. }| points.last().copied()?);
        Ok(last.next())
    }
}

/// Adds series to others, but for those that are there already.
fn add(series: Vec<Series>, world: &mut Vec<Series>) {
    for series in series {
        if !world.iter().any(|known| known.labels == series.labels) {
            world.push(series);
        }
    }
}

/// A number that is nearly the same and has few digits.
fn rounded(number: f64) -> f64 {
    let digits = format!("{number:.6e}");
    digits.parse().unwrap_or(number)
}
