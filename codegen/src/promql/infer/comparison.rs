//! What comparisons leave, and whether they can hold.

use streamhouse_metrics_spec::rule;

use super::Inference;
use crate::promql::syntax::{Link, Operator, Span};
use crate::promql::types::{Filled, Interval, Kind, Type};
use crate::promql::unit::Unit;

impl Inference<'_> {
    /// A comparison leaves out what it does not hold for, or makes ones and zeros.
    pub(super) fn comparison(&mut self, left: Type, link: &Link, right: Type, both: Type) -> Type {
        let Link { operator, operator_span, is_bool, .. } = link;
        if *is_bool {
            let labels = both.labels.unnamed();
            let (kind, unit) = (Kind::Boolean, Some(Unit::one()));
            return Type { labels, kind, unit, between: Interval::UNIT, ..both };
        }
        // The numbers are those of the left side, or of the only vector.
        let kept = if left.is_scalar() { right.clone() } else { left.clone() };
        let (kept_between, operator, other) = match left.is_scalar() {
            true => (right.between, operator.mirrored(), left.between),
            false => (left.between, *operator, right.between),
        };
        let outcome = outcome(kept_between, operator, other);
        self.threshold(operator_span, &kept, operator, other, outcome.is_some());
        // What is no number is unequal to each one, itself included.
        let may_be_none = operator == Operator::NotEqual && kept.kind != Kind::Constant;
        let outcome = outcome.filter(|holds| *holds || !may_be_none);
        if outcome == Some(true) && kept.is_measured {
            self.holding.push(operator_span.clone());
        }
        let filled = match outcome {
            Some(false) => {
                if both.filled != Filled::Never {
                    self.never(operator_span, &kept, operator, other);
                }
                Filled::Never
            }
            // Numbers that are none are left out, whatever else is known.
            Some(true) if both.filled == Filled::Always && kept.kind == Kind::Constant => {
                Filled::Always
            }
            _ if both.filled == Filled::Never => Filled::Never,
            _ => Filled::Maybe,
        };
        let between = narrowed(kept_between, operator, other);
        if operator == Operator::NotEqual
            && let Some(division) = &kept.idle
        {
            let message = "this is no number while nothing happens, and so is never equal to one";
            let help = "divide by what is `> 0`".to_owned();
            self.find(&rule::IDLE_DIVISION, division.clone(), message, Some(help));
        }
        let Type { labels, is_measured, .. } = both;
        // What is no number has been left out.
        Type { labels, filled, between, is_measured, idle: None, ..kept }
    }

    /// Finds a threshold that says little about what is compared with it.
    fn threshold(
        &mut self,
        span: &Span,
        kept: &Type,
        operator: Operator,
        other: Interval,
        is_decided: bool,
    ) {
        let number = other.least;
        if other.least != other.most || kept.filled == Filled::Never {
            return;
        }
        if kept.kind.is_counted() && number != 0.0 {
            let message = "a counter's total depends on when each process started";
            let help = "compare a `rate` or an `increase`".to_owned();
            self.find(&rule::BARE_COUNTER, span.clone(), message, Some(help));
        }
        let Some(buckets) = kept.buckets.as_deref().filter(|_| kept.kind == Kind::Quantile) else {
            return;
        };
        let bounds = &buckets.bounds;
        let at = bounds.partition_point(|bound| *bound < number);
        let is_ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        // What always or never holds says nothing either way.
        if is_decided {
            return;
        }
        if let Some(above) = bounds.get(at).filter(|above| is_ordered && **above != number) {
            let below = at.checked_sub(1).and_then(|at| bounds.get(at)).copied().unwrap_or(0.0);
            if number > below {
                let message = format!(
                    "no bound is at {number}: between {below} and {above} a quantile is only guessed"
                );
                let help = format!("add a bucket, or compare with {below} or {above}");
                self.find(&rule::QUANTILE_BUCKET, span.clone(), message, Some(help));
            }
        }
    }

    fn never(&mut self, span: &Span, kept: &Type, operator: Operator, other: Interval) {
        let Interval { least, most } = kept.between;
        let is_above = other.least >= most;
        let what = match kept.kind {
            Kind::Quantile if kept.buckets.is_some() && is_above => {
                format!("a quantile is never above the last bound, {most}")
            }
            Kind::Number if least == 1.0 && most.is_infinite() && !is_above => {
                "of nothing there is no count: what is counted is at least 1".to_owned()
            }
            _ if least == most => format!("this is always {least}"),
            _ if is_above => format!("this is never above {most}"),
            _ if least == 0_f64.next_up() => "this is always above 0".to_owned(),
            _ => format!("this is never below {least}"),
        };
        let help = match (is_above, kept.kind) {
            (false, Kind::Number) if least == 1.0 && most.is_infinite() => {
                "ask for what is missing by `absent`".to_owned()
            }
            (true, _) => format!("compare it with less than {most}"),
            (false, _) if least == 0_f64.next_up() => "compare it with more than 0".to_owned(),
            (false, _) => format!("compare it with more than {least}"),
        };
        let right =
            if other.least == other.most { format!(" {}", other.least) } else { String::new() };
        let message = format!("{what}, so `{}{right}` never holds", operator.as_str());
        self.find(&rule::NEVER_FIRES, span.clone(), message, Some(help));
    }
}

/// Whether a comparison surely holds or surely does not, as far as numbers are numbers.
fn outcome(left: Interval, operator: Operator, right: Interval) -> Option<bool> {
    let (is_below, is_above) = (left.most < right.least, left.least > right.most);
    let is_same = left.least == left.most && right == left && left.least.is_finite();
    match operator {
        Operator::Less if is_below => Some(true),
        Operator::Less if left.least >= right.most => Some(false),
        Operator::LessOrEqual if left.most <= right.least => Some(true),
        Operator::LessOrEqual if is_above => Some(false),
        Operator::Greater if is_above => Some(true),
        Operator::Greater if left.most <= right.least => Some(false),
        Operator::GreaterOrEqual if left.least >= right.most => Some(true),
        Operator::GreaterOrEqual if is_below => Some(false),
        Operator::Equal if is_same => Some(true),
        Operator::Equal if is_below || is_above => Some(false),
        Operator::NotEqual if is_below || is_above => Some(true),
        Operator::NotEqual if is_same => Some(false),
        _ => None,
    }
}

/// What is left of numbers for which a comparison holds.
fn narrowed(left: Interval, operator: Operator, right: Interval) -> Interval {
    match operator {
        Operator::Less | Operator::LessOrEqual => {
            Interval::new(left.least, left.most.min(right.most))
        }
        // Above 0 begins with the least number that can be divided by.
        Operator::Greater if right.least == 0.0 => {
            Interval::new(left.least.max(0_f64.next_up()), left.most)
        }
        Operator::NotEqual if right == Interval::exactly(0.0) && left.least == 0.0 => {
            Interval::new(0_f64.next_up(), left.most)
        }
        Operator::Greater | Operator::GreaterOrEqual => {
            Interval::new(left.least.max(right.least), left.most)
        }
        Operator::Equal => Interval::new(left.least.max(right.least), left.most.min(right.most)),
        _ => left,
    }
}
