//! From an expression to what it yields, and what is wrong with it.
//!
//! What is not known stays unknown, and nothing is found in it: a finding is always something that
//! is true whatever happens.

mod aggregation;
mod arithmetic;
mod binary;
mod call;
mod comparison;
mod distribution;
mod label;
mod matching;
mod rate;
mod selector;

use std::collections::HashSet;

use streamhouse_metrics_spec::rule::{self, Rule};

use super::Version;
use super::function::Shape;
use super::labels::Labels;
use super::schema::Schema;
use super::syntax::{Expr, Node, Span};
use super::types::{Filled, Interval, Kind, Type};

pub(super) use rate::is_aggregated;

/// Something wrong in an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// The smallest piece that is wrong.
    pub(crate) span: Span,
    /// What happens at run time: lower case, no full stop, names in backticks.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) help: Option<String>,
}

/// What is known while an expression is read.
pub(crate) struct Inference<'s> {
    schema: &'s Schema,
    /// Whether a metric that nobody has declared is unknown rather than wrong.
    assumes_unknown: bool,
    /// Whether labels may have whatever names they like.
    takes_any_label: bool,
    pub(crate) findings: Vec<Finding>,
    /// Every metric that is read, as written, in the order of first mention.
    pub(crate) metrics: Vec<String>,
    seen: HashSet<String>,
    /// The comparisons of what is measured that hold whatever happens.
    pub(crate) holding: Vec<Span>,
}

impl<'s> Inference<'s> {
    pub(crate) fn new(schema: &'s Schema, target: Version, assumes_unknown: bool) -> Self {
        Self {
            schema,
            assumes_unknown,
            takes_any_label: target >= Version(3, 0),
            findings: Vec::new(),
            metrics: Vec::new(),
            seen: HashSet::new(),
            holding: Vec::new(),
        }
    }

    /// What an expression yields.
    pub(crate) fn infer(&mut self, expr: &Expr) -> Type {
        match &expr.node {
            Node::Number(number) => {
                Type { kind: Kind::Constant, ..Type::scalar(Interval::exactly(*number), None) }
            }
            Node::Text(_) => Type {
                labels: Labels::none(),
                kind: Kind::Text,
                filled: Filled::Always,
                ..Type::unknown(Some(Shape::Text))
            },
            Node::Variable => Type::unknown(None),
            Node::Parentheses(inner) => self.infer(inner),
            Node::Selector(selector) => self.selector(selector, &expr.span),
            Node::MatrixSelector(samples) => {
                Type { shape: Some(Shape::Range), ..self.infer(&samples.of) }
            }
            Node::Subquery(subquery) => {
                let inner = self.infer(&subquery.of);
                self.expect(&subquery.of, &inner, Shape::Instant, "a subquery");
                let filled =
                    if inner.filled == Filled::Never { Filled::Never } else { Filled::Maybe };
                Type { shape: Some(Shape::Range), filled, ..inner }
            }
            Node::Call(call) => self.call(call, &expr.span),
            Node::Aggregation(aggregation) => self.aggregation(aggregation),
            Node::Unary { is_negative, of } => self.signed(*is_negative, of),
            Node::Chain(chain) => self.chain(chain),
        }
    }

    fn signed(&mut self, is_negative: bool, of: &Expr) -> Type {
        let inner = self.infer(of);
        let is_fine = matches!(inner.shape, None | Some(Shape::Instant | Shape::Scalar));
        if !is_fine {
            self.expect(of, &inner, Shape::Instant, "a sign");
            return Type::unknown(Some(Shape::Instant));
        }
        if !is_negative {
            return inner;
        }
        let between = inner.between.negated();
        let kind = if inner.is_scalar() { inner.kind } else { Kind::Unknown };
        let (unit, shape) = (inner.unit.clone(), inner.shape);
        Type { shape, ..inner.calculated(kind, unit, between) }
    }

    /// Says what is wrong with the shape of what is given to something, if anything is.
    fn expect(&mut self, expr: &Expr, found: &Type, wanted: Shape, by: &str) -> bool {
        let Some(shape) = found.shape.filter(|shape| *shape != wanted) else { return true };
        let (wanted, shape) = (wanted.as_str(), shape.as_str());
        let help = match (wanted, shape) {
            ("range vector", "instant vector") => {
                Some("say of how much time, as in `[5m]`".to_owned())
            }
            ("instant vector", "range vector") => {
                Some("leave out the time in brackets, or take a `rate` of it".to_owned())
            }
            ("instant vector", "scalar") => Some("make a vector of it by `vector(…)`".to_owned()),
            ("scalar", "instant vector") => Some("make a scalar of it by `scalar(…)`".to_owned()),
            _ => None,
        };
        let message =
            format!("{by} takes {} {wanted}, not {} {shape}", article(wanted), article(shape));
        self.find(&rule::QUERY_TYPE, expr.span.clone(), message, help);
        false
    }

    fn find(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let finding = Finding { rule, span, message: message.into(), help };
        self.findings.push(finding);
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
