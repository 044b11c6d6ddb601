//! Levels: what the variable of a leaf must have for the leaf to hold, just or by far, or just not to
//! hold.

use super::condition::{Bound, Test};
use super::engine::{Engine, Track, Unsupported, Value};
use super::plan::Plan;
use super::program::{DIGITS, Level, rounded};
use super::variable::Shows;
use crate::promql::syntax::{Expr, Operator};

/// How near to a bound a rate, a quantile or a ratio is tried; nearer where a value as far from it
/// cannot be had, such as more than all.
const NEAR: [f64; 3] = [0.01, 0.0025, 0.0005];

/// How much more than just enough is by far; less where other conditions would no longer be as they
/// must.
const FAR: [f64; 4] = [20.0, 4.0, 1.5, 1.05];

/// The levels of one variable at which a leaf holds or does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub(super) variable: usize,
    pub(super) holds: Level,
    pub(super) holds_by_far: Level,
    pub(super) fails: Level,
    pub(super) fails_by_far: Level,
}

/// The levels of a leaf before a background, beside other leaves that must hold or not.
pub(super) fn levels(
    plan: &Plan<'_, '_>,
    leaf: usize,
    background: &[Level],
    beside: &[(usize, bool)],
) -> Result<Levels, Unsupported> {
    let search = Search { plan, leaf, background, beside };
    let variables = &plan.of_leaves[leaf];
    let first = variables.first().copied();
    let first = first.ok_or(Unsupported::new("a condition that reads no series"))?;
    match plan.condition.leaves[leaf].test {
        Test::Present(_) => Ok(search.presence(first)),
        Test::Compare { measured, operator, bound } => {
            let mut found = Err(Unsupported::new("a value that no series changes"));
            for &variable in variables {
                found = search.around(measured, variable, operator, bound);
                if found.is_ok() {
                    break;
                }
            }
            found
        }
    }
}

/// What levels of a leaf are looked for in.
struct Search<'p, 'e, 'c> {
    plan: &'p Plan<'e, 'c>,
    leaf: usize,
    background: &'p [Level],
    beside: &'p [(usize, bool)],
}

impl Search<'_, '_, '_> {
    /// The levels of series that are there or not.
    fn presence(&self, variable: usize) -> Levels {
        let there = match (self.beside.is_empty(), self.background[variable]) {
            (false, Level::At(level)) => Level::At(level),
            _ => Level::At(1.0),
        };
        Levels {
            variable,
            holds: there,
            holds_by_far: there,
            fails: Level::Missing,
            fails_by_far: Level::Missing,
        }
    }

    /// The levels of a variable around a bound.
    fn around(
        &self,
        measured: &Expr,
        variable: usize,
        operator: Operator,
        bound: Bound<'_>,
    ) -> Result<Levels, Unsupported> {
        let bound = match bound {
            Bound::Number(bound) => bound,
            Bound::Measured(bound) => {
                let usual = self.value(bound, variable, 1.0)?;
                if usual != self.value(bound, variable, 2.0)? {
                    return Err(Unsupported::new("a bound that moves with what is measured"));
                }
                usual.ok_or(Unsupported::new("a bound that is not there"))?
            }
        };
        match self.plan.variables[variable].shows {
            Shows::Number(..) => self.counted(measured, variable, operator, bound),
            _ => {
                let mut found = Err(Unsupported::new("a value that cannot be had"));
                for near in NEAR {
                    found =
                        found.or_else(|_| self.bounded(measured, variable, operator, bound, near));
                }
                found
            }
        }
    }

    /// The levels of a variable around a number.
    fn bounded(
        &self,
        measured: &Expr,
        variable: usize,
        operator: Operator,
        bound: f64,
        near: f64,
    ) -> Result<Levels, Unsupported> {
        let is_integer = bound.fract() == 0.0;
        let of = &self.plan.variables[variable];
        let operator_above = of.aggregation.map(|of| &*of.operator.text);
        // The last digit of an average depends on the order in which it is taken.
        let is_rounded = operator_above == Some("avg") && !is_integer;
        let is_exact = of.shows == Shows::Value
            && !is_rounded
            && self.value(measured, variable, bound)? == Some(bound);
        let step = match is_exact {
            true if bound == 0.0 || is_integer && bound.abs() >= 25.0 => 1.0,
            _ if bound == 0.0 => 1.0,
            _ => bound.abs() * near,
        };
        let inexact = if is_exact { 0.0 } else { step };
        // What is not as it should be is off, and not a little more than on.
        let other = if bound == 1.0 { 0.0 } else { bound + step };
        // Of what is never below zero there is no less.
        let (holds, fails) = match operator {
            Operator::Greater => (bound + step, if bound == 0.0 { 0.0 } else { bound - inexact }),
            Operator::GreaterOrEqual => (bound + inexact, bound - step),
            Operator::Less => (bound - step, bound + inexact),
            Operator::LessOrEqual => {
                (if bound == 0.0 { 0.0 } else { bound - inexact }, bound + step)
            }
            Operator::Equal => (bound, other),
            Operator::NotEqual => (other, bound),
            _ => return Err(Unsupported::new("this comparison")),
        };
        let level =
            |value| self.level(measured, variable, self.possible(variable, value), near / 10.0);
        let (holds, fails) = (level(holds)?, level(fails)?);
        let (holds_by_far, fails_by_far) = match operator {
            // Either it is so or not.
            Operator::Equal | Operator::NotEqual => (holds, fails),
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

    /// How many series there must be around a number of them.
    fn counted(
        &self,
        measured: &Expr,
        variable: usize,
        operator: Operator,
        bound: f64,
    ) -> Result<Levels, Unsupported> {
        let mut holds = Vec::new();
        for number in 0..=self.plan.choices[variable].members() {
            let value = self.value(measured, variable, number as f64)?;
            holds.push(value.is_some_and(|value| match operator {
                Operator::Greater => value > bound,
                Operator::GreaterOrEqual => value >= bound,
                Operator::Less => value < bound,
                Operator::LessOrEqual => value <= bound,
                Operator::Equal => value == bound,
                _ => value != bound,
            }));
        }
        // None at all is rather something that nobody counts.
        let changes = (1..holds.len()).rev().find(|at| holds[*at] != holds[at - 1]);
        let at = changes.ok_or(Unsupported::new("a number of series that makes no difference"))?;
        let (less, more) = (Level::At((at - 1) as f64), Level::At(at as f64));
        let (holds, fails) = if holds[at] { (more, less) } else { (less, more) };
        Ok(Levels { variable, holds, holds_by_far: holds, fails, fails_by_far: fails })
    }

    /// A value that a quantile can have at all.
    fn possible(&self, variable: usize, value: f64) -> f64 {
        let near = NEAR[0];
        let bounds = &self.plan.choices[variable].bounds;
        match (&self.plan.variables[variable].shows, &bounds[..]) {
            (Shows::Quantile(quantile), [first, .., last]) => {
                // All observations are in the first bucket, or none is in a bucket with an end.
                if value > last * (1.0 - near) && value < last * (1.0 + 2.0 * near) {
                    value.min(*last)
                } else if value < first * quantile && value > first * quantile * (1.0 - 2.0 * near)
                {
                    first * quantile
                } else {
                    value
                }
            }
            _ => value,
        }
    }

    /// A level on the same side as one, and much further from the other.
    fn far(&self, variable: usize, from: f64, to: f64) -> f64 {
        let is_up = to > from;
        if let Shows::Quantile(quantile) = self.plan.variables[variable].shows {
            return match &self.plan.choices[variable].bounds[..] {
                [.., before, last] if is_up => to.max((before + last) / 2.0),
                [first, ..] if !is_up => to.min(first * quantile.max(0.5)),
                _ => to,
            };
        }
        let further = FAR.map(|far| match is_up == (to >= 0.0) {
            true => to * far,
            false => to / far,
        });
        further.into_iter().find(|level| self.agrees(variable, *level)).unwrap_or(to)
    }

    /// Whether the leaves beside this one hold as they must when a variable has a level.
    fn agrees(&self, variable: usize, level: f64) -> bool {
        let plan = self.plan;
        let levels = plan.with(self.background, self.leaf, variable, Level::At(level));
        let holds = |leaf: usize| {
            let samples = plan.looks_back(leaf) + 2;
            let world = plan.first_group(plan.reads(leaf), &levels, samples).ok()?;
            let engine = Engine::new(&world, plan.interval, samples);
            let tracks = engine.vector(plan.condition.leaves[leaf].expr).ok()?;
            Some(tracks.iter().any(Track::is_there_at_last))
        };
        self.beside.iter().all(|(leaf, must_hold)| holds(*leaf).is_none_or(|it| it == *must_hold))
    }

    /// The level of a variable with which a value is measured, as near as is asked.
    fn level(
        &self,
        measured: &Expr,
        variable: usize,
        value: f64,
        near: f64,
    ) -> Result<f64, Unsupported> {
        // Observations are whole ones.
        let is_quantile = matches!(self.plan.variables[variable].shows, Shows::Quantile(_));
        let nearest = if is_quantile { near } else { 1e-9 };
        let is_near = |found: f64| (found - value).abs() <= value.abs() * nearest;
        if self.value(measured, variable, value)?.is_some_and(is_near) {
            return Ok(value);
        }
        match self.searched(measured, variable, value, near, 1.0) {
            Err(_) if value < 0.0 => self.searched(measured, variable, value, near, -1.0),
            found => found,
        }
    }

    /// The same, where that is not the value itself, on one side of zero.
    fn searched(
        &self,
        measured: &Expr,
        variable: usize,
        value: f64,
        near: f64,
        sign: f64,
    ) -> Result<f64, Unsupported> {
        let cannot = || Unsupported::new("a value that cannot be had");
        let at = |level: f64| self.value(measured, variable, sign * level)?.ok_or_else(cannot);
        let (mut low, mut high) = (0.0, 1.0);
        let is_rising = at(2.0)? > at(1.0)?;
        while (at(high)? < value) == is_rising {
            high *= 4.0;
            if high > 1e15 {
                return Err(cannot());
            }
        }
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if (at(middle)? < value) == is_rising { low = middle } else { high = middle }
        }
        // The fewest digits that do.
        for (digits, near) in [(2, 1e-5), (3, 1e-5), (4, 1e-5), (5, 1e-5), (DIGITS, near)] {
            let found = rounded(high, digits);
            if (at(found)? - value).abs() <= value.abs() * near {
                return Ok(sign * found);
            }
        }
        Err(cannot())
    }

    /// What is measured when a variable keeps a level; none where nothing is.
    fn value(
        &self,
        measured: &Expr,
        variable: usize,
        level: f64,
    ) -> Result<Option<f64>, Unsupported> {
        let plan = self.plan;
        let samples = plan.looks_back(self.leaf) + 2;
        let levels = plan.with(self.background, self.leaf, variable, Level::At(level));
        let world = plan.first_group(plan.reads(self.leaf), &levels, samples);
        let Ok(world) = world else { return Ok(None) };
        let engine = Engine::new(&world, plan.interval, samples);
        let Value::Vector(tracks) = engine.evaluate(measured)? else { return Ok(None) };
        let mut last = tracks.iter().filter_map(|Track { points, .. }| points.last().copied()?);
        Ok(last.next())
    }
}
