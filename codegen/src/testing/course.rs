//! Courses: what one part of a condition goes through in a test.

use super::level::Levels;
use super::plan::Plan;
use super::program::{Level, Phase};
use super::state::Times;

/// How much more than usual a further variable has for a while: enough to bring what is just beyond
/// a bound just back, and by far too much.
const BURSTS: [f64; 2] = [1.012, 20.0];

/// What happens, in words, and what goes through which phases.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// What the part does: `just holds for a while`.
    pub(super) name: String,
    pub(super) of: Of,
    pub(super) phases: Vec<Phase>,
}

/// What goes through phases.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// The variable that decides.
    Deciding,
    /// Another variable, while the one that decides stays at the first of these levels with which
    /// that makes a difference.
    Further { variable: usize, steady: [Level; 2] },
}

/// How long things take, in evaluations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    pub(super) times: Times,
    /// How long a sample counts when no other follows.
    pub(super) lookback: usize,
}

/// The courses of a leaf, each of which begins in order or far beyond all bounds.
pub(super) fn courses(plan: &Plan<'_, '_>, lengths: Lengths, leaf: usize) -> Vec<Course> {
    let Lengths { times: Times { wait, keep_firing_for: keep }, lookback } = lengths;
    let range = plan.looks_back(leaf);
    let Levels { holds, holds_by_far, fails, fails_by_far, .. } = plan.levels[leaf];
    let is_positive = plan.condition.others(leaf).is_positive;
    let phase = |level, samples| Phase { level, samples };
    let course = |name: &str, phases: Vec<Phase>| {
        let (name, of) = (name.to_owned(), Of::Deciding);
        Course { name, of, phases }
    };
    // Until there is nothing, and until all of it is forgotten.
    let missing = lookback.max(range);
    let mut courses = Vec::new();
    if plan.is_presence(leaf) {
        courses.push(match is_positive {
            true => course(
                "is there, then missing, back and gone",
                vec![
                    phase(fails, 2),
                    phase(holds, wait + 3),
                    phase(Level::Missing, missing + keep + 3),
                    phase(holds, wait + 3),
                    phase(Level::Stale, range + keep + 3),
                ],
            ),
            false => course(
                "is missing for a while, then gone and back",
                vec![
                    phase(holds, 2),
                    phase(Level::Missing, missing + wait + 3),
                    phase(holds, keep + 3),
                    phase(Level::Stale, range + wait + 3),
                    phase(holds, keep + 3),
                ],
            ),
        });
        return courses;
    }
    let (verb, rest, wrong, by_far) = match is_positive {
        true => ("holds", fails, holds, holds_by_far),
        false => ("fails", holds, fails, fails_by_far),
    };
    let for_a_while = |level| {
        vec![
            phase(rest, range + wait + 2),
            phase(level, range + wait + 3),
            phase(rest, range + keep + 3),
        ]
    };
    courses.push(course(&format!("just {verb} for a while"), for_a_while(wrong)));
    if range > 0 && by_far != wrong {
        courses.push(course(&format!("{verb} by far at once"), for_a_while(by_far)));
    }
    courses.push(match is_positive {
        true => course(
            match by_far == wrong {
                true => "holds, then is missing, back and gone",
                false => "holds by far, then is missing, back and gone",
            },
            vec![
                phase(by_far, range + wait + 3),
                phase(Level::Missing, missing + keep + 3),
                phase(by_far, wait + 3),
                phase(Level::Stale, range + keep + 3),
            ],
        ),
        false => course(
            "is missing for a while, then back and gone",
            vec![
                phase(rest, range + 2),
                phase(Level::Missing, missing + wait + 3),
                phase(rest, range + keep + 3),
                phase(Level::Stale, range + wait + 3),
            ],
        ),
    });
    for variable in plan.further(leaf) {
        let usual = plan.times_usual(leaf, variable, 1.0);
        let [more, much_more] = BURSTS.map(|times| plan.times_usual(leaf, variable, times));
        courses.push(Course {
            name: format!("is beside more `{}`", plan.variables[variable].name()),
            of: Of::Further { variable, steady: [holds, fails] },
            phases: [usual, more, usual, much_more, usual]
                .map(|level| phase(level, range + wait + keep + 3))
                .into(),
        });
    }
    courses
}
