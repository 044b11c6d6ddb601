//! What changes in a time: rates of counters, differences of gauges.

use std::time::Duration;

use streamhouse_metrics_spec::{duration, rule};

use super::{Inference, article};
use crate::promql::syntax::{Expr, Node, Selector, Word};
use crate::promql::types::{Kind, Type};

impl Inference<'_> {
    /// Finds a rate of something that is no counter.
    pub(super) fn counted(&mut self, function: &str, name: &Word, of: &Type, argument: &Expr) {
        match of.kind {
            Kind::Gauge
            | Kind::Info
            | Kind::Boolean
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
            Node::MatrixSelector(samples) => match &samples.of.bare().node {
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
    pub(super) fn long_enough(&mut self, function: &str, argument: &Expr) {
        let range = match &argument.bare().node {
            Node::MatrixSelector(samples) => &samples.range,
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

    /// Finds a difference of something that is a counter.
    pub(super) fn measured(&mut self, function: &str, name: &Word, of: &Type) {
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
