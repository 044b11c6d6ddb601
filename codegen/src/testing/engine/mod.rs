//! What PromQL makes of series, for as much of it as alerts are written in.
//!
//! An expression is evaluated at all times at once, the times being those of the samples: labels are
//! then looked at once and not at each time. What is not implemented is an error and never a guess,
//! and promtool judges every result, since what comes out stands in the generated tests.
//!
//! Prometheus 3 leaves a sample out that is exactly as old as a range is long, Prometheus 2 does not.
//! Tests hold for both, so that whoever evaluates does so twice.

mod aggregation;
mod binary;
mod function;
mod quantile;
mod selector;

use std::time::Duration;

use super::series::{Labels, Sample, Series};
use crate::promql::NAME;
use crate::promql::syntax::{Expr, Node, Span};

pub(super) use selector::is_selected;

/// How long a sample counts when no other follows.
pub(crate) const LOOKBACK: Duration = Duration::from_secs(300);

/// Series and how they are looked at.
#[derive(Debug)]
pub(crate) struct Engine {
    series: Vec<(Labels, Vec<Sample>)>,
    /// Milliseconds from one sample to the next.
    interval: i64,
    /// At how many times an expression is evaluated.
    steps: usize,
    is_left_open: bool,
}

/// What an expression yields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// The same number at all times.
    Scalar(f64),
    Vector(Vec<Track>),
}

/// One series of a result, with its number at each time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track {
    pub(crate) labels: Labels,
    pub(crate) points: Vec<Option<f64>>,
}

/// Something that is not implemented, or that Prometheus would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unsupported {
    /// A piece of an expression, what it is and where it stands: the function at a place.
    Piece(&'static str, Span),
    /// What is so of a condition, or of the part of it at a place.
    Condition(&'static str, Option<Span>),
    /// What is so of a text that belongs to an alert, and where in it.
    Text(String, Span),
}

impl Unsupported {
    /// What is so of the part of a condition that somebody else knows.
    pub(crate) const fn new(what: &'static str) -> Self {
        Self::Condition(what, None)
    }

    /// The same, of a part that is now known.
    pub(crate) fn within(self, place: &Span) -> Self {
        match self {
            Self::Condition(what, None) => Self::Condition(what, Some(place.clone())),
            known => known,
        }
    }
}

impl Engine {
    /// Looks at some series at the times of their samples.
    pub(crate) fn new(series: &[Series], interval: Duration, steps: usize) -> Self {
        let series = series.iter().map(|series| (series.labels.clone(), series.samples()));
        Self {
            series: series.collect(),
            interval: milliseconds(interval),
            steps,
            is_left_open: false,
        }
    }

    /// The same, as Prometheus 3 does it.
    pub(crate) fn left_open(self) -> Self {
        Self { is_left_open: true, ..self }
    }

    /// What an expression yields.
    pub(crate) fn evaluate(&self, expr: &Expr) -> Result<Value, Unsupported> {
        match &expr.node {
            Node::Number(number) => Ok(Value::Scalar(*number)),
            Node::Parentheses(inner) => self.evaluate(inner),
            Node::Selector(selector) => Ok(Value::Vector(self.instant(selector)?)),
            Node::Unary { is_negative, of } => Ok(match self.evaluate(of)? {
                value if !*is_negative => value,
                Value::Scalar(number) => Value::Scalar(-number),
                Value::Vector(tracks) => {
                    Value::Vector(tracks.into_iter().map(|track| track.map(|x| -x)).collect())
                }
            }),
            Node::Call(call) => self.call(call),
            Node::Aggregation(aggregation) => Ok(Value::Vector(self.aggregation(aggregation)?)),
            Node::Chain(chain) => self.chain(chain),
            Node::Text(_) | Node::Variable | Node::MatrixSelector(_) | Node::Subquery(_) => {
                Err(Unsupported::Piece("expression", expr.span.clone()))
            }
        }
    }

    /// What an expression yields that must be a vector.
    pub(crate) fn vector(&self, expr: &Expr) -> Result<Vec<Track>, Unsupported> {
        match self.evaluate(expr)? {
            Value::Vector(tracks) => Ok(tracks),
            Value::Scalar(_) => {
                Err(Unsupported::new("a number where series should be").within(&expr.span))
            }
        }
    }
}

impl Track {
    /// Calculates with each number; the result has no name.
    fn map(mut self, of: impl Fn(f64) -> f64) -> Self {
        self.labels.remove(NAME);
        for point in self.points.iter_mut().flatten() {
            *point = of(*point);
        }
        self
    }

    /// Whether it has a number at the last time.
    pub(crate) fn is_there_at_last(&self) -> bool {
        self.points.last().is_some_and(Option::is_some)
    }

    /// Leaves numbers out.
    fn filter(mut self, keeps: impl Fn(f64) -> bool) -> Self {
        for point in &mut self.points {
            *point = point.filter(|number| keeps(*number));
        }
        self
    }
}

/// The number that an expression is, if it is one whatever the series are.
pub(crate) fn constant(expr: &Expr) -> Option<f64> {
    let nothing = Engine { series: Vec::new(), interval: 1, steps: 0, is_left_open: false };
    match nothing.evaluate(expr) {
        Ok(Value::Scalar(number)) => Some(number),
        _ => None,
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
