//! Every function of PromQL: what it takes, what it gives, and since when.

use super::Version;

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// One number.
    Scalar,
    /// A number for each series.
    Instant,
    /// MatrixSelector of some time for each series.
    Range,
    /// A text.
    Text,
}

/// A function.
#[derive(Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// The arguments that it has to have, and those that may follow.
    pub(crate) takes: &'static [Shape],
    pub(crate) more: More,
    pub(crate) gives: Shape,
    /// The first version that knows it, and the first that does not any more.
    pub(crate) since: Version,
    pub(crate) until: Option<Version>,
}

/// What may follow the arguments that are demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum More {
    Nothing,
    /// So many at most.
    Optional(&'static [Shape]),
    /// As many as one likes.
    Any(Shape),
}

/// The function of a name.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

impl Shape {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Instant => "instant vector",
            Self::Range => "range vector",
            Self::Text => "string",
        }
    }
}

const OLD: Version = Version(2, 0);
const S: Shape = Shape::Scalar;
const V: Shape = Shape::Instant;
const R: Shape = Shape::Range;
const T: Shape = Shape::Text;

macro_rules! functions {
    ($($name:literal ($($takes:ident),*) $(optional($($optional:ident),*))? $(any($any:ident))? -> $gives:ident $(since($major:literal, $minor:literal))? $(until($end_major:literal, $end_minor:literal))?;)*) => {
        /// In alphabetical order.
        pub(crate) static FUNCTIONS: &[Function] = &[$(Function {
            name: $name,
            takes: &[$($takes),*],
            more: functions!(@more $(optional($($optional),*))? $(any($any))?),
            gives: $gives,
            since: functions!(@since $($major, $minor)?),
            until: functions!(@until $($end_major, $end_minor)?),
        }),*];
    };
    (@more) => { More::Nothing };
    (@more optional($($optional:ident),*)) => { More::Optional(&[$($optional),*]) };
    (@more any($any:ident)) => { More::Any($any) };
    (@since) => { OLD };
    (@since $major:literal, $minor:literal) => { Version($major, $minor) };
    (@until) => { None };
    (@until $major:literal, $minor:literal) => { Some(Version($major, $minor)) };
}

functions! {
    "abs" (V) -> V;
    "absent" (V) -> V;
    "absent_over_time" (R) -> V;
    "acos" (V) -> V;
    "acosh" (V) -> V;
    "asin" (V) -> V;
    "asinh" (V) -> V;
    "atan" (V) -> V;
    "atanh" (V) -> V;
    "avg_over_time" (R) -> V;
    "ceil" (V) -> V;
    "changes" (R) -> V;
    "clamp" (V, S, S) -> V;
    "clamp_max" (V, S) -> V;
    "clamp_min" (V, S) -> V;
    "cos" (V) -> V;
    "cosh" (V) -> V;
    "count_over_time" (R) -> V;
    "day_of_month" () optional(V) -> V;
    "day_of_week" () optional(V) -> V;
    "day_of_year" () optional(V) -> V;
    "days_in_month" () optional(V) -> V;
    "deg" (V) -> V;
    "delta" (R) -> V;
    "deriv" (R) -> V;
    "double_exponential_smoothing" (R, S, S) -> V since(3, 0);
    "end" () -> S since(3, 12);
    "exp" (V) -> V;
    "first_over_time" (R) -> V since(3, 7);
    "floor" (V) -> V;
    "histogram_avg" (V) -> V since(2, 51);
    "histogram_count" (V) -> V;
    "histogram_fraction" (S, S, V) -> V;
    "histogram_quantile" (S, V) -> V;
    "histogram_quantiles" (V, T, S) any(S) -> V since(3, 11);
    "histogram_stddev" (V) -> V since(2, 47);
    "histogram_stdvar" (V) -> V since(2, 47);
    "histogram_sum" (V) -> V;
    "holt_winters" (R, S, S) -> V until(3, 0);
    "hour" () optional(V) -> V;
    "idelta" (R) -> V;
    "increase" (R) -> V;
    "info" (V) optional(V) -> V since(2, 55);
    "irate" (R) -> V;
    "label_join" (V, T, T) any(T) -> V;
    "label_replace" (V, T, T, T, T) -> V;
    "last_over_time" (R) -> V;
    "ln" (V) -> V;
    "log10" (V) -> V;
    "log2" (V) -> V;
    "mad_over_time" (R) -> V since(2, 49);
    "max_of" (S, S) -> S since(3, 13);
    "max_over_time" (R) -> V;
    "min_of" (S, S) -> S since(3, 13);
    "min_over_time" (R) -> V;
    "minute" () optional(V) -> V;
    "month" () optional(V) -> V;
    "pi" () -> S;
    "predict_linear" (R, S) -> V;
    "present_over_time" (R) -> V;
    "quantile_over_time" (S, R) -> V;
    "rad" (V) -> V;
    "range" () -> S since(3, 12);
    "rate" (R) -> V;
    "resets" (R) -> V;
    "round" (V) optional(S) -> V;
    "scalar" (V) -> S;
    "sgn" (V) -> V;
    "sin" (V) -> V;
    "sinh" (V) -> V;
    "sort" (V) -> V;
    "sort_by_label" (V) any(T) -> V since(2, 49);
    "sort_by_label_desc" (V) any(T) -> V since(2, 49);
    "sort_desc" (V) -> V;
    "sqrt" (V) -> V;
    "start" () -> S since(3, 12);
    "start_timestamp" (V) -> V since(3, 14);
    "stddev_over_time" (R) -> V;
    "stdvar_over_time" (R) -> V;
    "step" () -> S since(3, 12);
    "sum_over_time" (R) -> V;
    "tan" (V) -> V;
    "tanh" (V) -> V;
    "time" () -> S;
    "timestamp" (V) -> V;
    "ts_of_first_over_time" (R) -> V since(3, 7);
    "ts_of_last_over_time" (R) -> V since(3, 5);
    "ts_of_max_over_time" (R) -> V since(3, 5);
    "ts_of_min_over_time" (R) -> V since(3, 5);
    "vector" (S) -> V;
    "year" () optional(V) -> V;
}

/// The operators that make fewer series of many, with the shape of the parameter of those that take
/// one, and since when there are they.
pub(crate) const AGGREGATORS: &[(&str, Option<Shape>, Version)] = &[
    ("avg", None, OLD),
    ("bottomk", Some(S), OLD),
    ("count", None, OLD),
    ("count_values", Some(T), OLD),
    ("group", None, OLD),
    ("limit_ratio", Some(S), Version(2, 54)),
    ("limitk", Some(S), Version(2, 54)),
    ("max", None, OLD),
    ("min", None, OLD),
    ("quantile", Some(S), OLD),
    ("stddev", None, OLD),
    ("stdvar", None, OLD),
    ("sum", None, OLD),
    ("topk", Some(S), OLD),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_in_order() {
        assert!(FUNCTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
