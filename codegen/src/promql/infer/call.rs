//! What functions make of their arguments.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use streamhouse_metrics_spec::{duration, rule};

use super::selector::is_surely_wrong;
use super::{Inference, article};
use crate::promql::function::{Function, More, Shape};
use crate::promql::labels::{Label, Labels, NAME, Presence};
use crate::promql::syntax::{Call, Expr, Match, Matcher, Node, Selector, Span, Word};
use crate::promql::types::{Buckets, Filled, Interval, Kind, Type};
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
                let quantile = self.histogram_quantile(&arguments[1], &of);
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
                replaced(of, arguments)
            }
            "label_join" => match arguments.get(1).map(|argument| &argument.bare().node) {
                Some(Node::Text(label)) => {
                    let mut of = of;
                    of.labels.set(label, Label::MAYBE);
                    of
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

    /// What is told of native histograms; of anything else there is nothing to tell.
    fn native(&mut self, function: &str, argument: Option<&Expr>, of: Type) -> Type {
        let is_other = of.is_measured && !of.kind.is_native() && of.kind != Kind::Unknown;
        if let Some(argument) = argument.filter(|_| is_other && of.filled != Filled::Never) {
            let message = format!("`{function}` leaves out all that are no native histograms");
            let help = "read a metric that is `native`, without `_bucket`".to_owned();
            self.find(&rule::EMPTY_RESULT, argument.span.clone(), message, Some(help));
            let empty = of.calculated(Kind::Unknown, None, Interval::ANY);
            return Type { filled: Filled::Never, ..empty };
        }
        let is_rate = of.kind == Kind::HistogramRate;
        let rated = |unit: Unit| if is_rate { unit.per(&Unit::seconds()) } else { Some(unit) };
        let unit = of.unit.clone();
        let rate = |kind| if is_rate { Kind::Rate } else { kind };
        let (kind, unit, between) = match function {
            "histogram_count" => (rate(Kind::Number), rated(Unit::one()), Interval::POSITIVE),
            "histogram_sum" => (rate(Kind::Unknown), unit.and_then(rated), Interval::ANY),
            "histogram_fraction" => (Kind::Ratio, Some(Unit::one()), Interval::UNIT),
            "histogram_avg" => (Kind::Average, unit, Interval::ANY),
            "histogram_stddev" => (Kind::Unknown, unit, Interval::POSITIVE),
            _ => (Kind::Unknown, unit.and_then(|unit| unit.times(&unit)), Interval::POSITIVE),
        };
        of.calculated(kind, unit, between)
    }

    /// Finds a rate of something that is no counter.
    fn counted(&mut self, function: &str, name: &Word, of: &Type, argument: &Expr) {
        match of.kind {
            Kind::Gauge
            | Kind::Info
            | Kind::Boolean
            | Kind::Timestamp
            | Kind::Rate
            | Kind::Increase
            | Kind::Delta
            | Kind::Derivative
            | Kind::Average
            | Kind::Quantile
            | Kind::Ratio => {
                let kind = of.kind.as_str();
                let message = format!(
                    "`{function}` of {} {kind}: each time it falls counts as a restart",
                    article(kind)
                );
                let other = if function == "increase" { "delta" } else { "deriv" };
                let help = Some(format!("write `{other}`"));
                self.find(&rule::RATE_OF_GAUGE, name.span.clone(), message, help);
            }
            _ => (),
        }
        let is_aggregated = match &argument.bare().node {
            Node::Subquery(subquery) => is_aggregated(&subquery.of),
            Node::Samples(samples) => match &samples.of.bare().node {
                Node::Selector(selector) => self.is_recorded_aggregate(selector),
                _ => false,
            },
            _ => false,
        };
        if is_aggregated && of.kind.is_counted() {
            let message = format!(
                "`{function}` of many added up: when one process restarts, all of it counts as new"
            );
            let help = Some(format!("take the sum of `{function}`"));
            self.find(&rule::RATE_OF_SUM, name.span.clone(), message, help);
        }
    }

    fn is_recorded_aggregate(&self, selector: &Selector) -> bool {
        let series = selector.name.as_ref().and_then(|name| self.schema.series(&name.text));
        series.is_some_and(|series| series.is_aggregated)
    }

    /// Finds a rate over so little time that one missing scrape leaves nothing of it.
    fn long_enough(&mut self, function: &str, argument: &Expr) {
        let range = match &argument.bare().node {
            Node::Samples(samples) => &samples.range,
            // Its steps are evaluations, which lie as close as they are asked to.
            _ => return,
        };
        let interval = self.schema.scrape_interval;
        let least = interval.saturating_mul(4);
        let time = range.milliseconds.map(Duration::from_millis);
        if time.is_some_and(|range| range < least) {
            let message = format!(
                "`{function}` looks back over less than four scrapes, which are {} apart",
                duration::written(interval)
            );
            let help = format!("write at least `{}`", duration::written(least));
            self.find(&rule::SHORT_RANGE, range.span.clone(), message, Some(help));
        }
    }

    /// Finds what `label_replace` refuses: names that are none, and broken patterns.
    fn label_arguments(&mut self, arguments: &[Expr]) {
        for (at, argument) in arguments.iter().enumerate() {
            let Node::Text(text) = &argument.bare().node else { continue };
            let message = match at {
                1 if !is_label_name(text) => format!("`{text}` is no name for a label"),
                4 if !text.contains('$') && is_surely_wrong(text) => {
                    "this is no regular expression".to_owned()
                }
                _ => continue,
            };
            self.find(&rule::QUERY_TYPE, argument.span.clone(), message, None);
        }
    }

    /// Finds a difference of something that is a counter.
    fn measured(&mut self, function: &str, name: &Word, of: &Type) {
        if of.kind.is_counted() {
            let message = format!("`{function}` of a counter: each restart makes it wrong");
            let help = match function {
                "deriv" => "write `rate`",
                "predict_linear" => "multiply its `rate` by the seconds to look ahead",
                _ => "write `increase`",
            };
            let place = name.span.clone();
            self.find(&rule::DELTA_OF_COUNTER, place, message, Some(help.to_owned()));
        }
    }

    fn histogram_quantile(&mut self, argument: &Expr, of: &Type) -> Type {
        let unit = match (&of.buckets, of.kind) {
            (Some(buckets), _) => buckets.unit.clone(),
            (None, kind) if kind.is_native() => of.unit.clone(),
            _ => None,
        };
        let is_classic = of.is_measured && of.kind != Kind::Unknown && !of.kind.is_native();
        let le = of.labels.get("le").presence;
        if is_classic && le == Presence::Never && of.filled != Filled::Never {
            let (message, help) = match &of.buckets {
                Some(_) => (
                    "the buckets are added up without `le`: there is never a quantile",
                    "keep `le` in the grouping",
                ),
                None => (
                    "these are no buckets: there is never a quantile",
                    "read the samples of a histogram that end in `_bucket`",
                ),
            };
            self.find(&rule::QUANTILE_INPUT, argument.span.clone(), message, Some(help.to_owned()));
            let empty = of.clone().calculated(Kind::Quantile, unit, Interval::ANY);
            return Type { filled: Filled::Never, ..empty };
        }
        let is_whole = of.labels.get("instance").presence == Presence::Always;
        if is_whole
            && !contains_aggregation(argument)
            && of.is_measured
            && of.filled != Filled::Never
        {
            let message = "this is a quantile for each instance, and none of them all";
            let by = of.labels.iter().filter(|(name, label)| {
                label.presence == Presence::Always && !matches!(*name, "instance" | "job")
            });
            let by: Vec<&str> = by.map(|(name, _)| name).collect();
            let by = if by.contains(&"le") || of.buckets.is_none() {
                by
            } else {
                [by, vec!["le"]].concat()
            };
            let help = format!("add the rates up first: `sum by ({}) (…)`", by.join(", "));
            self.find(&rule::PER_INSTANCE, argument.span.clone(), message, Some(help));
        }
        let between = match of.buckets.as_deref() {
            Some(Buckets { bounds, .. }) if !bounds.is_empty() => {
                let (first, last) = (bounds[0], bounds[bounds.len() - 1]);
                Interval::new(first.min(0.0), last)
            }
            _ => Interval::ANY,
        };
        let labels = of.labels.without(["le"]);
        let buckets: Option<Rc<Buckets>> = of.buckets.clone();
        let quantile = Type { labels, ..of.clone() }.calculated(Kind::Quantile, unit, between);
        // The bounds are kept, since nothing between two of them can be told from anything else.
        Type { buckets, ..quantile }
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

/// The labels of what is said to be absent: those that a selector demands exactly.
fn absent_labels(argument: &Expr) -> Labels {
    let selector = match &argument.bare().node {
        Node::Selector(selector) => selector,
        Node::Samples(samples) => match &samples.of.bare().node {
            Node::Selector(selector) => selector,
            _ => return Labels::none(),
        },
        _ => return Labels::none(),
    };
    let Selector { matchers, .. } = &**selector;
    if matchers.iter().any(|matcher| matcher.label.is_templated) {
        return Labels::unknown();
    }
    let (mut labels, mut demanded) = (BTreeMap::new(), HashSet::new());
    for Matcher { label, operator, value, .. } in matchers {
        // The first one that demands a value sets it; any other takes it away again.
        let is_first = *operator == Match::Equal && demanded.insert(&*label.text);
        let known = match is_first {
            true if value.is_templated => Label::MAYBE,
            true if !value.text.is_empty() => Label::of([&*value.text]),
            _ => Label::NEVER,
        };
        if label.text != NAME {
            labels.insert(&*label.text, known);
        }
    }
    Labels::new(labels.into_iter().map(|(name, label)| (name.to_owned(), label)), false)
}

/// A dashboard puts something in where there is a `$`.
fn is_label_name(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.contains('$')
        || text.chars().all(is_word) && text.starts_with(|c: char| !c.is_ascii_digit())
}

/// Whether something is an aggregation of many series.
pub(in crate::promql) fn is_aggregated(expr: &Expr) -> bool {
    let Node::Aggregation(aggregation) = &expr.bare().node else { return false };
    // These only choose series.
    !matches!(&*aggregation.operator.text, "topk" | "bottomk" | "limitk" | "limit_ratio")
}

pub(super) fn contains_aggregation(expr: &Expr) -> bool {
    is_aggregated(expr) || expr.children().into_iter().any(contains_aggregation)
}

/// What `label_replace` makes of a label: another value, or none, or what it was.
fn replaced(mut of: Type, arguments: &[Expr]) -> Type {
    let text = |at: usize| match arguments.get(at).map(|argument| &argument.bare().node) {
        Some(Node::Text(text)) => Some(&**text),
        _ => None,
    };
    let (Some(label), Some(replacement), Some(regex)) = (text(1), text(2), text(4)) else {
        return Type { labels: Labels::unknown(), ..of };
    };
    let matches_all = matches!(regex, ".*" | "(.*)" | "");
    let is_constant = !replacement.contains('$');
    let is_certain = matches_all && is_constant && !regex.is_empty();
    let label_now = match (is_certain, replacement) {
        (true, "") => Label::NEVER,
        (true, replacement) => Label::of([replacement]),
        (false, _) => {
            let before = of.labels.get(label);
            let stays =
                before.presence == Presence::Always && is_constant && !replacement.is_empty();
            Label { presence: if stays { Presence::Always } else { Presence::Maybe }, values: None }
        }
    };
    of.labels.set(label, label_now);
    of
}
