//! What is left when many series become fewer.

use streamhouse_metrics_spec::rule;
use streamhouse_metrics_spec::suggest::{is_slip, nearest, question};

use super::Inference;
use super::rate::contains_aggregation;
use crate::promql::function::Shape;
use crate::promql::labels::{Label, Labels, NAME, Presence};
use crate::promql::syntax::{Aggregation, Expr, Grouping, Node, Word};
use crate::promql::types::{Filled, Interval, Kind, Type};
use crate::promql::unit::Unit;

impl Inference<'_> {
    pub(super) fn aggregation(&mut self, aggregation: &Aggregation) -> Type {
        let Aggregation { operator, grouping, parameter, of } = aggregation;
        let name = &*operator.text;
        let parameter_type = parameter.as_ref().map(|parameter| self.infer(parameter));
        if let (Some(parameter), Some(found)) = (parameter, &parameter_type) {
            let wanted = if name == "count_values" { Shape::Text } else { Shape::Scalar };
            let by = format!("the parameter of `{name}`");
            self.expect(parameter, found, wanted, &by);
        }
        let inner = self.infer(of);
        if operator.is_templated {
            return Type { filled: inner.filled, ..Type::unknown(Some(Shape::Instant)) };
        }
        if !self.expect(of, &inner, Shape::Instant, &format!("`{name}`")) {
            return Type::unknown(Some(Shape::Instant));
        }
        if name == "quantile"
            && let (Some(found), Some(parameter)) = (&parameter_type, parameter)
        {
            self.quantile(found, &parameter.span);
        }
        // These choose series and leave them as they are.
        if matches!(name, "topk" | "bottomk" | "limitk" | "limit_ratio") {
            for label in grouping.iter().flat_map(|grouping| &grouping.labels) {
                self.slip(label, &inner.labels);
            }
            let filled = match inner.filled {
                Filled::Always => Filled::Maybe,
                filled => filled,
            };
            return Type { filled, ..inner };
        }
        let mut labels = self.grouped(grouping.as_ref(), of, &inner);
        if name == "count_values" {
            match parameter.as_ref().map(|parameter| &parameter.bare().node) {
                // The label is there before the series are grouped.
                Some(Node::Text(label)) if is_without(grouping.as_ref(), label) => (),
                Some(Node::Text(label)) => labels.set(label, Label::ALWAYS),
                _ => labels = Labels::unknown(),
            }
        }
        let Type { kind, unit, between, .. } = inner.clone();
        let Interval { least, most } = between;
        let (kind, unit, between) = match name {
            "count" | "count_values" => {
                (Kind::Number, Some(Unit::one()), Interval::new(1.0, f64::INFINITY))
            }
            "group" => (Kind::Boolean, Some(Unit::one()), Interval::ONE),
            "sum" if least >= 0.0 => (summed(kind), unit, Interval::new(least, f64::INFINITY)),
            "sum" if most <= 0.0 => (summed(kind), unit, Interval::new(f64::NEG_INFINITY, most)),
            "sum" => (summed(kind), unit, Interval::ANY),
            "stddev" => (Kind::Unknown, unit, Interval::POSITIVE),
            "stdvar" => {
                let square = unit.as_ref().and_then(|unit| unit.times(unit));
                (Kind::Unknown, square, Interval::POSITIVE)
            }
            "avg" | "max" | "min" => (kind, unit, between),
            _ => (if name == "quantile" { Kind::Quantile } else { kind }, unit, Interval::ANY),
        };
        let buckets =
            inner.buckets.clone().filter(|_| matches!(name, "sum" | "avg" | "max" | "min"));
        let idle = inner.idle.clone().filter(|_| !matches!(kind, Kind::Number | Kind::Boolean));
        Type { shape: Some(Shape::Instant), labels, kind, unit, between, buckets, idle, ..inner }
    }

    fn grouped(&mut self, grouping: Option<&Grouping>, of: &Expr, inner: &Type) -> Labels {
        let Some(Grouping { is_without, labels, .. }) = grouping else { return Labels::none() };
        if labels.iter().any(|label| label.is_templated) {
            return match is_without {
                true => inner.labels.clone().unnamed(),
                false => Labels::unknown(),
            };
        }
        let names = labels.iter().map(|label| &*label.text);
        if *is_without {
            labels.iter().for_each(|label| self.slip(label, &inner.labels));
            return inner.labels.without(names.chain([NAME]));
        }
        for label in labels {
            self.slip(label, &inner.labels);
            let is_missing = inner.labels.get(&label.text).presence == Presence::Never;
            // One expression may be for classic and for native histograms.
            let is_spare = label.text == "le" && inner.kind.is_native();
            if is_missing && !is_spare && inner.is_measured && label.text != NAME {
                let message = format!(
                    "nothing here has a label `{}`: the series are not kept apart by it",
                    label.text
                );
                let kept: Vec<&str> = inner
                    .labels
                    .iter()
                    .filter(|(_, label)| label.presence != Presence::Never)
                    .map(|(name, _)| name)
                    .collect();
                let meant = nearest(&label.text, kept.iter().copied());
                let help = meant.map(question);
                // It may have been there before something else was added up.
                let is_gone = help.is_none() && contains_aggregation(of);
                let rule = if is_gone { &rule::NO_EFFECT } else { &rule::METRIC_LABEL };
                self.find(rule, label.span.clone(), message, help);
            }
        }
        inner.labels.only(names)
    }

    /// Finds a label that nobody declared and that was surely meant for one that is there.
    fn slip(&mut self, label: &Word, there: &Labels) {
        if let Some(meant) = meant(label, there) {
            self.find_slip(label, meant);
        }
    }

    pub(super) fn find_slip(&mut self, label: &Word, meant: &str) {
        let message = format!("nothing here has a label `{}`", label.text);
        self.find(&rule::METRIC_LABEL, label.span.clone(), message, Some(question(meant)));
    }
}

/// The label that is there and that one was surely meant for of which nothing is known.
pub(super) fn meant<'l>(label: &Word, there: &'l Labels) -> Option<&'l str> {
    let is_known = there.iter().any(|(name, _)| name == label.text);
    if is_known || !there.is_open {
        return None;
    }
    nearest(&label.text, there.always()).filter(|meant| is_slip(&label.text, meant))
}

/// Whether a grouping takes a label away.
fn is_without(grouping: Option<&Grouping>, label: &str) -> bool {
    grouping.is_some_and(|grouping| {
        grouping.is_without && grouping.labels.iter().any(|without| without.text == label)
    })
}

/// A sum of ratios, quantiles or averages is none.
fn summed(kind: Kind) -> Kind {
    match kind {
        Kind::Ratio | Kind::Quantile | Kind::Average | Kind::Timestamp => Kind::Unknown,
        Kind::Boolean | Kind::Info => Kind::Number,
        kind => kind,
    }
}
