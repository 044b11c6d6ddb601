//! What operators make of their two sides.

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::matching::matched;
use crate::promql::function::Shape;
use crate::promql::labels::Labels;
use crate::promql::syntax::{Chain, Expr, Link, Operator, Span};
use crate::promql::types::{Filled, Interval, Kind, Type};
use crate::promql::unit::Unit;

impl Inference<'_> {
    pub(super) fn chain(&mut self, chain: &Chain) -> Type {
        let Chain { first, rest } = chain;
        let mut left = self.infer(first);
        let mut left_expr = first;
        for link in rest {
            let right = self.infer(&link.right);
            left = self.binary(left, left_expr, link, right);
            // What is to the left has no node of its own; its last operand stands for it.
            left_expr = &link.right;
        }
        left
    }

    fn binary(&mut self, left: Type, left_expr: &Expr, link: &Link, right: Type) -> Type {
        let Link { operator, operator_span, is_bool, matching, fills, right: right_expr } = link;
        for (side, expr) in [(&left, left_expr), (&right, right_expr)] {
            let wanted = if operator.is_set() {
                "two instant vectors"
            } else {
                "scalars and instant vectors"
            };
            let is_fine = match side.shape {
                None | Some(Shape::Instant) => true,
                Some(Shape::Scalar) => !operator.is_set(),
                Some(Shape::Range | Shape::Text) => false,
            };
            if let (false, Some(shape)) = (is_fine, side.shape) {
                let message =
                    format!("`{}` takes {wanted}, not a {}", operator.as_str(), shape.as_str());
                self.find(&rule::QUERY_TYPE, expr.span.clone(), message, None);
                return Type::unknown(Some(Shape::Instant));
            }
        }
        let (Some(left_shape), Some(right_shape)) = (left.shape, right.shape) else {
            return Type::unknown(None);
        };
        let are_vectors = left_shape == Shape::Instant && right_shape == Shape::Instant;
        if let (Some(matching), false) = (matching, are_vectors) {
            let message = "only the series of two vectors are matched by labels";
            self.find(&rule::QUERY_TYPE, matching.span.clone(), message, None);
        }
        if operator.is_comparison() && !is_bool && left.is_scalar() && right.is_scalar() {
            let message = "scalars are compared with `bool`: they cannot be left out";
            let help = format!("write `{} bool`", operator.as_str());
            self.find(&rule::QUERY_TYPE, operator_span.clone(), message, Some(help));
            return Type::scalar(Interval::UNIT, Some(Unit::one()));
        }
        self.units(&left, link, &right);
        if operator.is_set() {
            return self.set(left, link, right);
        }
        let labels = match (left.is_scalar(), right.is_scalar()) {
            (true, true) => Labels::none(),
            (false, true) => left.labels.clone(),
            (true, false) => right.labels.clone(),
            (false, false) => matched(&left.labels, link, &right.labels),
        };
        let can_match = !are_vectors || self.can_match(&left, link, &right);
        if are_vectors && can_match {
            self.many(&left, link, &right);
        }
        let filled = match (left.filled, right.filled) {
            _ if *fills => Filled::Maybe,
            (Filled::Never, _) | (_, Filled::Never) => Filled::Never,
            _ if !can_match => Filled::Never,
            (Filled::Always, Filled::Always) if !are_vectors => Filled::Always,
            _ => Filled::Maybe,
        };
        let shape =
            if left.is_scalar() && right.is_scalar() { Shape::Scalar } else { Shape::Instant };
        let both = Type {
            shape: Some(shape),
            labels,
            filled,
            is_measured: left.is_measured || right.is_measured,
            ..Type::unknown(Some(shape))
        };
        match operator.is_comparison() {
            true => self.comparison(left, link, right, both),
            false => arithmetic(left, link, right, both),
        }
    }

    /// A comparison leaves out what it does not hold for, or makes ones and zeros.
    fn comparison(&mut self, left: Type, link: &Link, right: Type, both: Type) -> Type {
        let Link { operator, operator_span, is_bool, .. } = link;
        if *is_bool {
            let labels = both.labels.unnamed();
            let (kind, unit) = (Kind::Boolean, Some(Unit::one()));
            return Type { labels, kind, unit, between: Interval::UNIT, ..both };
        }
        // The numbers are those of the left side, or of the only vector.
        let kept = if left.is_scalar() { right.clone() } else { left.clone() };
        let (kept_between, operator, other) = match left.is_scalar() {
            true => (right.between, mirrored(*operator), left.between),
            false => (left.between, *operator, right.between),
        };
        self.threshold(operator_span, &kept, operator, other);
        let outcome = outcome(kept_between, operator, other);
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
    fn threshold(&mut self, span: &Span, kept: &Type, operator: Operator, other: Interval) {
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
            Kind::Number if least == 1.0 && !is_above => {
                "of nothing there is no count: what is counted is at least 1".to_owned()
            }
            _ if least == most => format!("this is always {least}"),
            _ if is_above => format!("this is never above {most}"),
            _ if least == 0_f64.next_up() => "this is always above 0".to_owned(),
            _ => format!("this is never below {least}"),
        };
        let help = match (is_above, kept.kind) {
            (false, Kind::Number) if least == 1.0 => {
                "ask for what is missing by `absent`".to_owned()
            }
            (true, _) => format!("compare it with less than {most}"),
            (false, _) => format!("compare it with more than {}", least.max(0.0)),
        };
        let right =
            if other.least == other.most { format!(" {}", other.least) } else { String::new() };
        let message = format!("{what}, so `{}{right}` never holds", operator.as_str());
        self.find(&rule::NEVER_FIRES, span.clone(), message, Some(help));
    }

    fn set(&mut self, left: Type, link: &Link, right: Type) -> Type {
        match link.operator {
            Operator::Or => {
                let filled = match (left.filled, right.filled) {
                    (Filled::Always, _) | (_, Filled::Always) => Filled::Always,
                    (Filled::Never, Filled::Never) => Filled::Never,
                    _ => Filled::Maybe,
                };
                if left.filled == Filled::Never {
                    return Type { filled, ..right };
                }
                if right.filled == Filled::Never {
                    return Type { filled, ..left };
                }
                Type {
                    labels: left.labels.either(&right.labels),
                    kind: if left.kind == right.kind { left.kind } else { Kind::Unknown },
                    unit: left.unit.clone().filter(|unit| Some(unit) == right.unit.as_ref()),
                    between: left.between.either(right.between),
                    filled,
                    buckets: left
                        .buckets
                        .clone()
                        .filter(|buckets| Some(buckets) == right.buckets.as_ref()),
                    is_measured: left.is_measured || right.is_measured,
                    idle: left.idle.clone().or(right.idle),
                    ..left
                }
            }
            Operator::And => {
                let can_match = self.can_match(&left, link, &right);
                let filled = match (can_match, left.filled, right.filled) {
                    (false, ..) | (_, Filled::Never, _) | (_, _, Filled::Never) => Filled::Never,
                    _ => Filled::Maybe,
                };
                // Who asks for something else too may ask whether anything happens.
                Type { filled, idle: None, ..left }
            }
            _ => {
                let filled =
                    if left.filled == Filled::Never { Filled::Never } else { Filled::Maybe };
                self.can_match(&left, link, &right);
                Type { filled, idle: None, ..left }
            }
        }
    }

    /// Finds what is added to or compared with something of another dimension.
    fn units(&mut self, left: &Type, link: &Link, right: &Type) {
        let compares = link.operator.is_comparison();
        let adds = matches!(link.operator, Operator::Add | Operator::Subtract);
        let (Some(one), Some(two)) = (&left.unit, &right.unit) else { return };
        let are_measured = left.is_measured && right.is_measured;
        // Nothing is nothing in every unit, and how many there are is in whatever they are.
        let is_nothing = |side: &Type| side.between == Interval::exactly(0.0);
        let is_number =
            |side: &Type| side.unit.as_ref().is_some_and(Unit::is_one) && side.kind.counts();
        let fits = [left, right].into_iter().any(|side| is_nothing(side) || is_number(side));
        if (compares || adds) && are_measured && !fits && one != two {
            let name = |unit: &Unit| unit.name().unwrap_or_else(|| "something else".to_owned());
            let message =
                format!("the left side is in {}, the right one in {}", name(one), name(two));
            let help = "bring both into the same unit".to_owned();
            self.find(&rule::UNIT_MISMATCH, link.operator_span.clone(), message, Some(help));
        }
    }
}

fn arithmetic(left: Type, link: &Link, right: Type, both: Type) -> Type {
    let operator = link.operator;
    let is_idle = operator == Operator::Divide
        && [&left, &right].iter().all(|side| side.is_rate() && side.between.holds(0.0));
    let idle = is_idle.then(|| link.operator_span.clone());
    let between = match operator {
        Operator::Add => left.between.plus(right.between),
        Operator::Subtract => left.between.plus(right.between.negated()),
        Operator::Multiply => left.between.times(right.between),
        Operator::Divide => left.between.over(right.between),
        _ => match (left.constant(), right.constant(), operator) {
            (Some(one), Some(two), Operator::Power) => Interval::exactly(one.powf(two)),
            (Some(one), Some(two), Operator::Modulo) => Interval::exactly(one % two),
            _ => Interval::ANY,
        },
    };
    let (one, two) = (left.unit.as_ref(), right.unit.as_ref());
    let is_number = |side: &Type| side.kind == Kind::Constant;
    let hundred = |side: &Type| side.constant() == Some(100.0);
    let unit = match operator {
        Operator::Add | Operator::Subtract => match (is_number(&left), is_number(&right)) {
            (true, _) => two.cloned(),
            (_, true) => one.cloned(),
            _ => one.cloned().filter(|unit| Some(unit) == two),
        },
        // Nothing is nothing in every unit.
        Operator::Multiply if left.constant() == Some(0.0) => two.cloned(),
        Operator::Multiply if right.constant() == Some(0.0) => one.cloned(),
        Operator::Multiply if hundred(&left) => two.and_then(Unit::hundredfold),
        Operator::Multiply if hundred(&right) => one.and_then(Unit::hundredfold),
        Operator::Multiply => one.zip(two).and_then(|(one, two)| one.times(two)),
        Operator::Divide => one.zip(two).and_then(|(one, two)| one.per(two)),
        _ => None,
    };
    let kind = match (is_number(&left), is_number(&right), operator) {
        (true, true, _) => Kind::Constant,
        (true, false, Operator::Add | Operator::Multiply) => still(right.kind),
        (true, false, _) => Kind::Unknown,
        (false, true, Operator::Power | Operator::Modulo | Operator::Arctangent) => Kind::Unknown,
        (false, true, _) => still(left.kind),
        (false, false, Operator::Divide) if unit.as_ref().is_some_and(Unit::is_one) => Kind::Ratio,
        (false, false, Operator::Divide) if is_average(&left, &right) => Kind::Average,
        (false, false, Operator::Add | Operator::Subtract) if left.kind == right.kind => {
            still(left.kind)
        }
        _ => Kind::Unknown,
    };
    let labels = both.labels.clone().unnamed();
    Type { labels, kind, unit, between, idle: idle.or(left.idle).or(right.idle), ..both }
}

/// What a kind is after a calculation with numbers.
fn still(kind: Kind) -> Kind {
    match kind {
        // A counter that was shifted or scaled is no counter that somebody exposes.
        Kind::Counter | Kind::Bucket | Kind::Sum | Kind::Count | Kind::Info => Kind::Unknown,
        Kind::Boolean => Kind::Unknown,
        kind => kind,
    }
}

/// A histogram's sum over its count.
fn is_average(left: &Type, right: &Type) -> bool {
    let is_total = |side: &Type| matches!(side.kind, Kind::Sum | Kind::Count);
    left.is_rate() && right.is_rate() || is_total(left) && is_total(right)
}

fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        other => other,
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
