//! What functions make of their arguments.

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::label::{absent_labels, forgetting_bounds, replaced};
use crate::promql::function::{Function, More, Shape};
use crate::promql::labels::{Label, Labels, Presence};
use crate::promql::syntax::{Call, Expr, Node, Span, Word};
use crate::promql::types::{Filled, Interval, Kind, Type};
use crate::promql::unit::Unit;

impl Inference<'_> {
    pub(super) fn call(&mut self, call: &Call, span: &Span) -> Type {
        let Call { name, function, arguments } = call;
        let types: Vec<Type> = arguments.iter().map(|argument| self.infer(argument)).collect();
        let Some(function) = *function else { return Type::unknown(None) };
        if !self.takes(function, name, arguments, &types, span) {
            return Type::unknown(Some(function.gives));
        }
        let result = self.result(function, name, arguments, &types);
        let counts = matches!(result.kind, Kind::Number | Kind::Boolean | Kind::Timestamp);
        let result = Type { idle: result.idle.clone().filter(|_| !counts), ..result };
        // Of what is no histogram there is none of these.
        let is_picky = function.name.starts_with("histogram_");
        let result = match result.filled {
            Filled::Always if is_picky => Type { filled: Filled::Maybe, ..result },
            _ => result,
        };
        let is_never = types
            .iter()
            .zip(arguments)
            .any(|(found, _)| found.filled == Filled::Never && !found.is_scalar());
        let gives_more = matches!(function.name, "absent" | "absent_over_time" | "scalar");
        if is_never && !gives_more { Type { filled: Filled::Never, ..result } } else { result }
    }

    /// Whether a function takes what it is given; what it does not take is found.
    fn takes(
        &mut self,
        function: &Function,
        name: &Word,
        arguments: &[Expr],
        types: &[Type],
        span: &Span,
    ) -> bool {
        let least = function.takes.len();
        let most = match function.more {
            More::Nothing => Some(least),
            More::Optional(more) => Some(least + more.len()),
            More::Any(_) => None,
        };
        let count = arguments.len();
        if count < least || most.is_some_and(|most| count > most) {
            let wanted = match most {
                Some(most) if most == least => format!("{least}"),
                Some(most) => format!("{least} to {most}"),
                None => format!("at least {least}"),
            };
            let plural = if wanted == "1" { "argument" } else { "arguments" };
            let message = format!("`{}` takes {wanted} {plural}, not {count}", function.name);
            self.find(&rule::QUERY_TYPE, name.span.start..span.end, message, None);
            return false;
        }
        let more: Box<dyn Iterator<Item = Shape>> = match function.more {
            More::Nothing => Box::new(std::iter::empty()),
            More::Optional(more) => Box::new(more.iter().copied()),
            More::Any(shape) => Box::new(std::iter::repeat(shape)),
        };
        let wanted = function.takes.iter().copied().chain(more);
        let by = format!("`{}`", function.name);
        let mut is_fine = true;
        for ((argument, found), wanted) in arguments.iter().zip(types).zip(wanted) {
            is_fine &= self.expect(argument, found, wanted, &by);
        }
        is_fine
    }

    fn result(
        &mut self,
        function: &Function,
        name: &Word,
        arguments: &[Expr],
        types: &[Type],
    ) -> Type {
        let unknown = Type::unknown(Some(function.gives));
        let first = types.first().cloned().unwrap_or_else(|| unknown.clone());
        // What is measured: the first vector among the arguments.
        let of = types.iter().find(|found| !found.is_scalar() && found.shape != Some(Shape::Text));
        let of = of.cloned().unwrap_or_else(|| unknown.clone());
        let (kind, unit, between) = (of.kind, of.unit.clone(), of.between);
        let per_second = unit.as_ref().and_then(|unit| unit.per(&Unit::seconds()));
        let one = || Some(Unit::one());
        let positive = Interval::POSITIVE;
        let numbers = |least: f64, most: f64| {
            Type { is_measured: false, ..of.clone() }.calculated(
                Kind::Number,
                one(),
                Interval::new(least, most),
            )
        };
        match function.name {
            "rate" | "irate" | "increase" => {
                self.long_enough(function.name, &arguments[0]);
                self.counted(function.name, name, &of, &arguments[0]);
                let (kind, unit) = match (function.name, of.kind) {
                    ("increase", Kind::Histogram) => (Kind::Histogram, unit),
                    (_, Kind::Histogram) => (Kind::HistogramRate, unit),
                    ("increase", _) => (Kind::Increase, unit),
                    _ => (Kind::Rate, per_second),
                };
                let buckets = of.buckets.clone();
                // What falls below nothing, or is no counter, has rates below nothing too.
                let is_positive = of.kind.is_counted() && between.least >= 0.0;
                let between = if is_positive { positive } else { Interval::ANY };
                Type { buckets, ..of.calculated(kind, unit, between) }
            }
            "delta" | "idelta" => {
                self.long_enough(function.name, &arguments[0]);
                self.measured(function.name, name, &of);
                of.calculated(Kind::Delta, unit, Interval::ANY)
            }
            "deriv" => {
                self.long_enough(function.name, &arguments[0]);
                self.measured(function.name, name, &of);
                of.calculated(Kind::Derivative, per_second, Interval::ANY)
            }
            "predict_linear" => {
                self.long_enough(function.name, &arguments[0]);
                self.measured(function.name, name, &of);
                of.calculated(kind, unit, Interval::ANY)
            }
            "last_over_time" | "first_over_time" => Type { shape: Some(Shape::Instant), ..of },
            "avg_over_time" | "min_over_time" | "max_over_time" | "quantile_over_time" => {
                let is_within = match function.name {
                    "quantile_over_time" => self.quantile(&first, &arguments[0].span),
                    _ => true,
                };
                let between = if is_within { between } else { Interval::ANY };
                let buckets = of.buckets.clone();
                Type { buckets, ..of.calculated(kind, unit, between) }
            }
            "sum_over_time" => {
                let between = if between.least >= 0.0 { positive } else { Interval::ANY };
                of.calculated(Kind::Unknown, unit, between)
            }
            "count_over_time" => numbers(1.0, f64::INFINITY),
            "present_over_time" => of.calculated(Kind::Boolean, one(), Interval::ONE),
            "changes" | "resets" => numbers(0.0, f64::INFINITY),
            "stddev_over_time" | "mad_over_time" => of.calculated(Kind::Unknown, unit, positive),
            "stdvar_over_time" => of.calculated(Kind::Unknown, None, positive),
            "holt_winters" | "double_exponential_smoothing" => {
                of.calculated(kind, unit, Interval::ANY)
            }
            "absent" | "absent_over_time" => Type {
                labels: absent_labels(&arguments[0]),
                kind: Kind::Boolean,
                unit: one(),
                between: Interval::ONE,
                filled: match of.filled {
                    Filled::Never => Filled::Always,
                    Filled::Maybe => Filled::Maybe,
                    Filled::Always => Filled::Never,
                },
                ..unknown
            },
            "abs" => {
                let most = between.most.abs().max(between.least.abs());
                of.calculated(kind, unit, Interval::new(0.0, most))
            }
            "ceil" | "floor" => {
                let between = Interval::new(between.least.floor(), between.most.ceil());
                of.calculated(kind, unit, between)
            }
            "round" => of.calculated(
                kind,
                unit,
                if between.least >= 0.0 { positive } else { Interval::ANY },
            ),
            "clamp" | "clamp_min" | "clamp_max" => {
                let bound = |at: usize| types.get(at).map_or(Interval::ANY, |bound| bound.between);
                let (low, high) = match function.name {
                    "clamp_min" => (bound(1).least, f64::INFINITY),
                    "clamp_max" => (f64::NEG_INFINITY, bound(1).most),
                    _ => (bound(1).least, bound(2).most),
                };
                let between = Interval::new(
                    between.least.max(low).min(high),
                    between.most.min(high).max(low),
                );
                of.calculated(kind, unit, between)
            }
            "sgn" => of.calculated(Kind::Number, one(), Interval::new(-1.0, 1.0)),
            "sqrt" => of.calculated(Kind::Unknown, None, positive),
            "exp" => of.calculated(Kind::Unknown, None, positive),
            "sin" | "cos" | "tanh" => of.calculated(Kind::Unknown, None, Interval::new(-1.0, 1.0)),
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => of,
            "timestamp" => Type { is_measured: false, ..of }.calculated(
                Kind::Timestamp,
                Some(Unit::seconds()),
                Interval::ANY,
            ),
            "ts_of_first_over_time"
            | "ts_of_last_over_time"
            | "ts_of_max_over_time"
            | "ts_of_min_over_time" => Type { is_measured: false, ..of }.calculated(
                Kind::Timestamp,
                Some(Unit::seconds()),
                Interval::ANY,
            ),
            "time" | "start" | "end" => {
                Type { kind: Kind::Timestamp, ..Type::scalar(positive, Some(Unit::seconds())) }
            }
            "step" | "range" => {
                Type { kind: Kind::Unknown, ..Type::scalar(positive, Some(Unit::seconds())) }
            }
            "pi" => Type::scalar(Interval::exactly(std::f64::consts::PI), None),
            "scalar" => Type {
                labels: Labels::none(),
                filled: Filled::Always,
                shape: Some(Shape::Scalar),
                kind: if kind == Kind::Constant { Kind::Constant } else { Kind::Unknown },
                ..of
            },
            "vector" => Type {
                shape: Some(Shape::Instant),
                labels: Labels::none(),
                filled: Filled::Always,
                ..first
            },
            "minute" => numbers_of_time(&of, arguments, 0.0, 59.0),
            "hour" => numbers_of_time(&of, arguments, 0.0, 23.0),
            "day_of_week" => numbers_of_time(&of, arguments, 0.0, 6.0),
            "day_of_month" => numbers_of_time(&of, arguments, 1.0, 31.0),
            "day_of_year" => numbers_of_time(&of, arguments, 1.0, 366.0),
            "days_in_month" => numbers_of_time(&of, arguments, 28.0, 31.0),
            "month" => numbers_of_time(&of, arguments, 1.0, 12.0),
            "year" => numbers_of_time(&of, arguments, f64::NEG_INFINITY, f64::INFINITY),
            "histogram_quantile" => {
                let is_within = self.quantile(&first, &arguments[0].span);
                let quantile = self.histogram_quantile(&first, &arguments[1], &of);
                match is_within {
                    true => quantile,
                    false => Type { between: Interval::ANY, buckets: None, ..quantile },
                }
            }
            "histogram_avg" | "histogram_count" | "histogram_fraction" | "histogram_stddev"
            | "histogram_stdvar" | "histogram_sum" => {
                self.native(function.name, arguments.last(), of)
            }
            "label_replace" => {
                self.label_arguments(arguments);
                forgetting_bounds(replaced(of, arguments), arguments)
            }
            "label_join" => match arguments.get(1).map(|argument| &argument.bare().node) {
                Some(Node::Text(label)) => {
                    let mut of = of;
                    of.labels.set(label, Label::MAYBE);
                    forgetting_bounds(of, arguments)
                }
                _ => Type { labels: Labels::unknown(), ..of },
            },
            "info" => {
                // The labels of some other metric come to these.
                let kept = of.labels.iter().filter(|(_, label)| label.presence == Presence::Always);
                let kept = kept.map(|(name, label)| (name.to_owned(), label.clone()));
                let labels = Labels::new(kept, true);
                Type { labels, ..of }
            }
            _ if function.gives == Shape::Scalar => Type::scalar(Interval::ANY, None),
            _ => of.calculated(Kind::Unknown, None, Interval::ANY),
        }
    }
}

/// The parts of a time stamp; without an argument, of now.
fn numbers_of_time(of: &Type, arguments: &[Expr], least: f64, most: f64) -> Type {
    let between = Interval::new(least, most);
    match arguments.is_empty() {
        true => Type {
            labels: Labels::none(),
            kind: Kind::Number,
            unit: Some(Unit::one()),
            between,
            filled: Filled::Always,
            ..Type::unknown(Some(Shape::Instant))
        },
        false => Type { is_measured: false, ..of.clone() }.calculated(
            Kind::Number,
            Some(Unit::one()),
            between,
        ),
    }
}
