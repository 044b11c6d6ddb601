//! What is needed to make an alert fire and not fire: its condition taken apart, and what everything
//! else has while one part of it decides.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::promql::Results;
use crate::promql::syntax::{Expr, Node};

use super::condition::{Condition, Test};
use super::engine::{Engine, Track, Unsupported, is_selected};
use super::label::{Choices, Place};
use super::level::{self, Levels};
use super::program::{Level, Phase};
use super::variable::{Shows, Variable, looks_back, variables};

/// What a variable has that nobody varies.
pub(super) const TRAFFIC: f64 = 100.0;

/// An alert's condition and what can be varied in it.
pub(super) struct Plan<'e, 'c> {
    pub(super) results: &'e Results<'c>,
    pub(super) condition: Condition<'e>,
    pub(super) variables: Vec<Variable<'e>>,
    pub(super) choices: Vec<Choices>,
    /// The variables of each leaf.
    pub(super) of_leaves: Vec<Vec<usize>>,
    /// The variables whose series each variable selects too.
    parts: Vec<Vec<usize>>,
    /// The levels of each leaf, where nothing else is varied.
    alone: Vec<Levels>,
    /// The levels of each leaf as the one that decides.
    pub(super) levels: Vec<Levels>,
    /// The labels in which groups differ.
    pub(super) apart: BTreeSet<String>,
    pub(super) interval: Duration,
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
        let mut named = BTreeSet::new();
        add_named(expr, &mut named);
        let choices = all.iter().map(|variable| Choices::new(results, variable, &all, &named));
        let choices = choices.collect::<Result<Vec<_>, _>>()?;
        let apart = choices.iter().flat_map(Choices::kept).map(str::to_owned).collect();
        let parts = parts(&all, &choices)?;
        let mut plan = Self {
            results,
            condition,
            variables: all,
            choices,
            of_leaves,
            parts,
            alone: Vec::new(),
            levels: Vec::new(),
            apart,
            interval,
        };
        for leaf in 0..plan.condition.leaves.len() {
            let place = &plan.condition.leaves[leaf].expr.span;
            let levels = level::levels(&plan, leaf, &plan.usual(), &[]);
            plan.alone.push(levels.map_err(|unsupported| unsupported.within(place))?);
        }
        for leaf in 0..plan.condition.leaves.len() {
            let beside = plan.beside(leaf);
            let levels = match beside.is_empty() {
                true => Ok(plan.alone[leaf]),
                false => level::levels(&plan, leaf, &plan.background(leaf), &beside),
            };
            let place = &plan.condition.leaves[leaf].expr.span;
            plan.levels.push(levels.map_err(|unsupported| unsupported.within(place))?);
        }
        plan.keep_what_matches(expr)?;
        Ok(plan)
    }

    /// How many evaluations a leaf looks back.
    pub(super) fn looks_back(&self, leaf: usize) -> usize {
        self.steps(looks_back(self.condition.leaves[leaf].measured()))
    }

    fn steps(&self, milliseconds: u64) -> usize {
        let steps = u128::from(milliseconds).div_ceil(self.interval.as_millis().max(1));
        usize::try_from(steps).unwrap_or(0)
    }

    /// The levels of the variables with another one at a level, which takes its parts along.
    pub(super) fn with(
        &self,
        background: &[Level],
        leaf: usize,
        variable: usize,
        level: Level,
    ) -> Vec<Level> {
        let mut levels = background.to_vec();
        for &part in &self.parts[variable] {
            if self.of_leaves[leaf].contains(&part) {
                continue;
            }
            levels[part] = match (level, background[variable], background[part]) {
                (Level::At(new), Level::At(usual), Level::At(part)) => {
                    Level::At(part * new / usual)
                }
                (new, ..) => new,
            };
        }
        levels[variable] = level;
        levels
    }

    /// The variables that a leaf reads, and their parts.
    pub(super) fn reads(&self, leaf: usize) -> BTreeSet<usize> {
        let of_leaf = &self.of_leaves[leaf];
        let parts = of_leaf.iter().flat_map(|variable| &self.parts[*variable]);
        of_leaf.iter().chain(parts).copied().collect()
    }

    /// The variables of a leaf beside the one that decides it, that look back.
    pub(super) fn further(&self, leaf: usize) -> impl Iterator<Item = usize> {
        let own = self.levels[leaf].variable;
        let further = self.of_leaves[leaf].iter().copied().filter(move |variable| *variable != own);
        further.filter(|variable| self.variables[*variable].shows == Shows::Slope)
    }

    /// So many times what a variable has while a leaf decides.
    pub(super) fn times_usual(&self, leaf: usize, variable: usize, times: f64) -> Level {
        match self.background(leaf)[variable] {
            Level::At(usual) => Level::At(usual * times),
            other => other,
        }
    }

    /// What variables have that nobody varies.
    fn usual(&self) -> Vec<Level> {
        let of = |(variable, choices): (&Variable<'_>, &Choices)| match variable.shows {
            Shows::Quantile(_) => choices.bounds.first().copied().unwrap_or(1.0),
            Shows::Number(..) => 1.0,
            Shows::Value | Shows::Slope => TRAFFIC,
        };
        self.variables.iter().zip(&self.choices).map(of).map(Level::At).collect()
    }

    /// What variables have while a leaf decides: the other leaves hold as they must, by far.
    pub(super) fn background(&self, leaf: usize) -> Vec<Level> {
        let mut levels = self.usual();
        let others = self.condition.others(leaf);
        for (other, of) in self.alone.iter().enumerate() {
            match others.hold[other] {
                Some(true) => levels[of.variable] = of.holds_by_far,
                Some(false) => levels[of.variable] = of.fails_by_far,
                None => {}
            }
        }
        levels
    }

    /// The other leaves that read what a leaf reads, each with whether it must hold.
    fn beside(&self, leaf: usize) -> Vec<(usize, bool)> {
        let read = self.reads(leaf);
        let others = self.condition.others(leaf);
        let must =
            others.hold.iter().enumerate().filter_map(|(other, hold)| Some((other, (*hold)?)));
        must.filter(|(other, _)| !read.is_disjoint(&self.reads(*other))).collect()
    }

    /// Leaves out the groups that would keep leaves from deciding: several series would match one, or
    /// one stands in for another.
    fn keep_what_matches(&mut self, expr: &Expr) -> Result<(), Unsupported> {
        if self.decides(expr)? {
            return Ok(());
        }
        for label in std::mem::take(&mut self.apart) {
            self.apart.insert(label.clone());
            if !self.decides(expr)? {
                self.apart.remove(&label);
            }
        }
        Ok(())
    }

    /// Whether the condition holds when any leaf is as it should not be.
    fn decides(&self, expr: &Expr) -> Result<bool, Unsupported> {
        for (leaf, levels) in self.levels.iter().enumerate() {
            let Levels { holds, fails, .. } = *levels;
            let level = if self.condition.others(leaf).is_positive { holds } else { fails };
            let samples = self.steps(looks_back(expr)) + 2;
            let series = self.series(leaf, &[Phase { level, samples }])?;
            let Ok(tracks) = Engine::new(&series, self.interval, samples).vector(expr) else {
                return Ok(false);
            };
            if !tracks.iter().any(Track::is_there_at_last) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a leaf says no more than that there are series.
    pub(super) fn is_presence(&self, leaf: usize) -> bool {
        matches!(self.condition.leaves[leaf].test, Test::Present(_))
    }
}

/// The variables of one metric that others select too.
fn parts(all: &[Variable<'_>], choices: &[Choices]) -> Result<Vec<Vec<usize>>, Unsupported> {
    let mut parts = vec![Vec::new(); all.len()];
    for (whole, parts) in parts.iter_mut().enumerate() {
        for (part, choices) in choices.iter().enumerate().filter(|(part, _)| *part != whole) {
            let labels = choices.labels(Place { differs: None, member: 0 });
            if is_selected(all[whole].selector, &labels)? {
                parts.push(part);
            }
        }
    }
    Ok(parts)
}

/// The labels that groupings and matchings name.
fn add_named<'e>(expr: &'e Expr, named: &mut BTreeSet<&'e str>) {
    match &expr.node {
        Node::Aggregation(aggregation) => {
            let grouping = aggregation.grouping.iter().filter(|grouping| !grouping.is_without);
            named.extend(grouping.flat_map(|grouping| &grouping.labels).map(|label| &*label.text));
        }
        Node::Chain(chain) => {
            for matching in chain.rest.iter().filter_map(|link| link.matching.as_ref()) {
                let included = matching.group.iter().flat_map(|group| &group.labels);
                let matched = matching.labels.iter().filter(|_| matching.is_on);
                named.extend(matched.chain(included).map(|label| &*label.text));
            }
        }
        _ => {}
    }
    expr.children().into_iter().for_each(|child| add_named(child, named));
}
