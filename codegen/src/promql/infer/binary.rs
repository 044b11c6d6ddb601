//! What operators make of their two sides.

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::arithmetic::arithmetic;
use super::matching::matched;
use crate::promql::function::Shape;
use crate::promql::labels::Labels;
use crate::promql::syntax::{Chain, Expr, Link, Operator};
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
            // What is missing on a side comes with the labels of the other.
            (false, false) if *fills => {
                left.labels.clone().unnamed().either(&right.labels.clone().unnamed())
            }
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
