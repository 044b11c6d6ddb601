//! What calculations make of numbers: their kind, their unit, their interval.

use crate::promql::syntax::{Link, Operator};
use crate::promql::types::{Interval, Kind, Type};
use crate::promql::unit::Unit;

pub(super) fn arithmetic(left: Type, link: &Link, right: Type, both: Type) -> Type {
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
    let is_known = left.unit.is_some() && right.unit.is_some();
    is_known && left.is_rate() && right.is_rate() || is_total(left) && is_total(right)
}
