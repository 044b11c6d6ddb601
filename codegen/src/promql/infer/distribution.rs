//! What is told of distributions: quantiles of classic buckets, and of native histograms.

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::rate::contains_aggregation;
use crate::promql::labels::Presence;
use crate::promql::syntax::{Expr, Span};
use crate::promql::types::{Buckets, Filled, Interval, Kind, Type};
use crate::promql::unit::Unit;

impl Inference<'_> {
    pub(super) fn histogram_quantile(
        &mut self,
        quantile: &Type,
        argument: &Expr,
        of: &Type,
    ) -> Type {
        let unit = match (&of.buckets, of.kind) {
            (Some(buckets), _) => buckets.unit.clone(),
            (None, kind) if kind.is_native() => of.unit.clone(),
            _ => None,
        };
        let is_classic = of.is_measured && of.kind != Kind::Unknown && !of.kind.is_native();
        if of.kind == Kind::Bucket && of.is_measured && of.filled != Filled::Never {
            let message =
                "buckets are counters: this is of all that was since each process started";
            let help = "take their `rate`".to_owned();
            self.find(&rule::BARE_COUNTER, argument.span.clone(), message, Some(help));
        }
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
            let by = of.labels.always().filter(|name| !matches!(*name, "instance" | "job"));
            let by: Vec<&str> = by.collect();
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
                // With all observations in the first bucket they are spread evenly from 0 on.
                let share = quantile.constant().unwrap_or(0.0);
                Interval::new(if first > 0.0 { first * share } else { first }, last)
            }
            _ => Interval::ANY,
        };
        let labels = of.labels.without(["le"]);
        let buckets = of.buckets.clone();
        let quantile = Type { labels, ..of.clone() }.calculated(Kind::Quantile, unit, between);
        // The bounds are kept, since nothing between two of them can be told from anything else.
        Type { buckets, ..quantile }
    }

    /// What is told of native histograms; of anything else there is nothing to tell.
    pub(super) fn native(&mut self, function: &str, argument: Option<&Expr>, of: Type) -> Type {
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

    /// Whether a quantile is surely one; what surely is none is found.
    pub(super) fn quantile(&mut self, found: &Type, span: &Span) -> bool {
        let Some(quantile) = found.constant() else { return false };
        let is_within = (0.0..=1.0).contains(&quantile);
        if !is_within {
            let message = format!("there is no quantile {quantile}: the result is always infinite");
            let help = match quantile {
                10.0..=100.0 => format!("write `{}`", quantile / 100.0),
                _ => "write a number from 0 to 1".to_owned(),
            };
            self.find(&rule::QUANTILE_RANGE, span.clone(), message, Some(help));
        }
        is_within
    }
}
