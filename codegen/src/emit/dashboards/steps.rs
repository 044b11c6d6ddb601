//! Colours: from which value on things are how bad.

use streamhouse_metrics_spec::catalog::Severity;

use super::model::Step;
use crate::promql::syntax::Operator;

/// Everything is in order.
pub(super) const GOOD: &str = "green";

/// What is as good as nothing, to whoever looks at a panel.
const JUST_ABOVE: f64 = 1e-6;

/// From where on, or up to where, something is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) operator: Operator,
    pub(super) value: f64,
    pub(super) severity: Severity,
    /// What must be wrong at once has one number: between two bounds, say.
    pub(super) group: usize,
}

/// The colour of a severity.
pub(super) fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "red",
        Severity::Warning => "orange",
        Severity::Info => "blue",
    }
}

impl Bound {
    /// Where colours change.
    ///
    /// Grafana's steps begin at a value; what is wrong up to zero is in order from just above it,
    /// which for what is counted is one.
    fn edges(&self, is_whole: bool) -> Vec<f64> {
        let above = match is_whole {
            true => self.value + 1.0,
            false => self.value + self.value.abs().max(1.0) * JUST_ABOVE,
        };
        match self.operator {
            Operator::LessOrEqual => vec![above],
            Operator::Equal | Operator::NotEqual => vec![self.value, above],
            _ => vec![self.value],
        }
    }

    /// Whether a value is wrong, which is that of an edge or between edges.
    fn is_wrong(&self, value: f64) -> bool {
        match self.operator {
            // An edge is where what is beyond it begins.
            Operator::Greater | Operator::GreaterOrEqual => value >= self.value,
            Operator::Less => value < self.value,
            Operator::LessOrEqual => value <= self.value,
            Operator::Equal => value == self.value,
            Operator::NotEqual => value != self.value,
            _ => false,
        }
    }
}

/// The steps of some bounds, the lowest first; of things that are counted in whole numbers or not.
pub(super) fn steps(bounds: &[Bound], is_whole: bool) -> Vec<Step> {
    let mut edges: Vec<_> = bounds.iter().flat_map(|bound| bound.edges(is_whole)).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let Some(&lowest) = edges.first() else { return Vec::new() };
    let below = lowest - lowest.abs().max(1.0);
    let of = |value: f64| {
        let is_wrong = |bound: &&Bound| {
            let group = bounds.iter().filter(|other| other.group == bound.group);
            group.into_iter().all(|bound| bound.is_wrong(value))
        };
        let wrong = bounds.iter().filter(is_wrong).map(|bound| bound.severity);
        wrong.max_by_key(|severity| urgency(*severity)).map_or(GOOD, colour)
    };
    let first = Step { from: None, colour: of(below) };
    let rest = edges.iter().map(|&edge| Step { from: Some(edge), colour: of(edge) });
    let mut steps: Vec<_> = std::iter::once(first).chain(rest).collect();
    // A change of nothing is none, but where the bound is to be seen.
    steps.dedup_by(|next, before| {
        next.colour == before.colour && !bounds.iter().any(|bound| Some(bound.value) == next.from)
    });
    steps
}

/// How urgent a severity is, the higher the more.
pub(super) fn urgency(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 0,
        Severity::Warning => 1,
        Severity::Critical => 2,
    }
}

/// Up to where an axis reaches on which a bound is to be seen, in a number that reads well.
pub(super) fn reach(bounds: &[Bound]) -> Option<f64> {
    let highest = bounds.iter().map(|bound| bound.value).max_by(f64::total_cmp)?;
    (highest > 0.0).then(|| format!("{:.1e}", highest * 1.2).parse().unwrap_or(highest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(operator: Operator, value: f64, severity: Severity) -> Bound {
        Bound { operator, value, severity, group: (value * 1000.0) as usize }
    }

    #[track_caller]
    fn check(bounds: &[Bound], is_whole: bool, expected: &[(Option<f64>, &str)]) {
        let found = steps(bounds, is_whole);
        let found: Vec<_> = found.into_iter().map(|step| (step.from, step.colour)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_worse_the_higher() {
        let bounds = [
            bound(Operator::Greater, 100_000.0, Severity::Critical),
            bound(Operator::Greater, 10_000.0, Severity::Warning),
        ];
        let expected = [(None, "green"), (Some(10_000.0), "orange"), (Some(100_000.0), "red")];
        check(&bounds, true, &expected);
        assert_eq!(reach(&bounds), Some(120_000.0));
    }

    #[test]
    fn the_worse_the_lower() {
        let bounds = [
            bound(Operator::Less, 5.0, Severity::Critical),
            bound(Operator::Less, 10.0, Severity::Info),
        ];
        check(&bounds, true, &[(None, "red"), (Some(5.0), "blue"), (Some(10.0), "green")]);
    }

    #[test]
    fn nothing_is_wrong_and_one_is_not() {
        let bounds = [bound(Operator::LessOrEqual, 0.0, Severity::Warning)];
        check(&bounds, true, &[(None, "orange"), (Some(1.0), "green")]);
        assert_eq!(reach(&bounds), None);
    }

    #[test]
    fn one_value_is_wrong_or_the_only_right_one() {
        let broken = [bound(Operator::Equal, 2.0, Severity::Critical)];
        check(&broken, true, &[(None, "green"), (Some(2.0), "red"), (Some(3.0), "green")]);
        let three = [bound(Operator::NotEqual, 3.0, Severity::Warning)];
        check(&three, true, &[(None, "orange"), (Some(3.0), "green"), (Some(4.0), "orange")]);
    }

    #[test]
    fn between_two_bounds() {
        let mut bounds = [
            bound(Operator::Greater, 10.0, Severity::Warning),
            bound(Operator::Less, 100.0, Severity::Warning),
        ];
        bounds[1].group = bounds[0].group;
        check(&bounds, true, &[(None, "green"), (Some(10.0), "orange"), (Some(100.0), "green")]);
    }

    #[test]
    fn small_bounds_are_on_the_axis() {
        assert_eq!(reach(&[bound(Operator::Greater, 0.1, Severity::Warning)]), Some(0.12));
    }
}
