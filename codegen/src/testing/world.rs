//! The series of a test: what is in order, what is not, and what is none of its business.

use super::engine::Unsupported;
use super::label::Place;
use super::plan::{Plan, TRAFFIC};
use super::program::{self, Level, Phase};
use super::series::{Labels, Series};
use super::variable::Shows;

impl Plan<'_, '_> {
    /// The series of the first group with each variable at a level.
    pub(super) fn first_group(
        &self,
        variables: impl IntoIterator<Item = usize>,
        levels: &[Level],
        samples: usize,
    ) -> Result<Vec<Series>, Unsupported> {
        let mut world = Vec::new();
        for variable in variables {
            let phases = [Phase { level: levels[variable], samples }];
            self.add(variable, None, &phases, &mut world)?;
        }
        Ok(world)
    }

    /// The series with which one leaf goes through phases of the variable that decides it, and the
    /// others hold as they must.
    ///
    /// One group does; unless the leaf says what is absent there are others, which stay in order.
    pub(super) fn series(&self, leaf: usize, phases: &[Phase]) -> Result<Vec<Series>, Unsupported> {
        self.series_with(leaf, self.levels[leaf].variable, &self.background(leaf), phases)
    }

    /// The same with another variable that goes through phases, while the one that decides is steady.
    pub(super) fn series_of_another(
        &self,
        leaf: usize,
        steady: Level,
        variable: usize,
        phases: &[Phase],
    ) -> Result<Vec<Series>, Unsupported> {
        let own = self.levels[leaf].variable;
        let background = self.with(&self.background(leaf), leaf, own, steady);
        self.series_with(leaf, variable, &background, phases)
    }

    fn series_with(
        &self,
        leaf: usize,
        varied: usize,
        background: &[Level],
        phases: &[Phase],
    ) -> Result<Vec<Series>, Unsupported> {
        let samples = phases.iter().map(|phase| phase.samples).sum();
        let steady = |levels: Vec<Level>| {
            levels.into_iter().map(|level| vec![Phase { level, samples }]).collect::<Vec<_>>()
        };
        let others = self.condition.others(leaf);
        let own = self.levels[leaf];
        let in_order = if others.is_positive { own.fails_by_far } else { own.holds_by_far };
        let mut programs = vec![Vec::new(); self.variables.len()];
        for phase in phases {
            let levels = self.with(background, leaf, varied, phase.level);
            for (program, level) in programs.iter_mut().zip(levels) {
                program.push(Phase { level, ..*phase });
            }
        }
        let mut world = Vec::new();
        for (variable, program) in programs.iter().enumerate() {
            self.add(variable, None, program, &mut world)?;
        }
        // Whatever is there is not absent.
        if !self.condition.is_absent(leaf) {
            let healthy = steady(self.with(&self.background(leaf), leaf, own.variable, in_order));
            for label in &self.apart {
                for (variable, program) in healthy.iter().enumerate() {
                    self.add(variable, Some(label), program, &mut world)?;
                }
            }
        }
        self.add_bystanders(leaf, samples, &mut world)?;
        Ok(world)
    }

    /// Adds the series of a variable in a group, but for those that are there already.
    fn add(
        &self,
        variable: usize,
        differs: Option<&str>,
        phases: &[Phase],
        world: &mut Vec<Series>,
    ) -> Result<(), Unsupported> {
        for member in 0..self.choices[variable].members() {
            let labels = self.choices[variable].labels(Place { differs, member });
            self.add_member(variable, &labels, member, phases, world)?;
        }
        Ok(())
    }

    fn add_member(
        &self,
        variable: usize,
        labels: &Labels,
        member: usize,
        phases: &[Phase],
        world: &mut Vec<Series>,
    ) -> Result<(), Unsupported> {
        let seconds = self.interval.as_secs_f64();
        let (of, choices) = (&self.variables[variable], &self.choices[variable]);
        let series = program::series(of, choices, labels, member, phases, seconds);
        for series in series.ok_or(Unsupported::new("a quantile that no observations have"))? {
            if !world.iter().any(|known| known.labels == series.labels) {
                world.push(series);
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
        for &variable in &self.of_leaves[leaf] {
            let (of, choices) = (&self.variables[variable], &self.choices[variable]);
            let is_varied = variable == levels.variable;
            if !is_varied && matches!(of.shows, Shows::Quantile(_)) {
                continue;
            }
            let level = if is_varied { levels.holds_by_far } else { Level::At(TRAFFIC) };
            // Where series are counted, one makes no difference.
            let members = if matches!(of.shows, Shows::Number(..)) { choices.members() } else { 1 };
            for member in 0..members {
                for labels in choices.bystanders(self.results, of, member) {
                    let phases = [Phase { level, samples }];
                    self.add_member(variable, &labels, member, &phases, world)?;
                }
            }
        }
        Ok(())
    }
}
