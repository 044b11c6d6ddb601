//! Functions, of those that alerts are made of.

use super::{Engine, Track, Unsupported, Value, quantile};
use crate::promql::NAME;
use crate::promql::syntax::{Call, Expr, Match, Node};
use crate::testing::series::Labels;

/// What is done with the samples of a range: their times and numbers, when it ends, its length.
type OverTime = fn(&[(i64, f64)], i64, i64) -> Option<f64>;

impl Engine {
    pub(super) fn call(&self, call: &Call) -> Result<Value, Unsupported> {
        let Call { name, arguments, .. } = call;
        match (&*name.text, &**arguments) {
            ("absent", [of]) => Ok(Value::Vector(vec![self.absent(of, self.vector(of)?)])),
            ("absent_over_time", [of]) => {
                match self.over_time(of, |all, _, _| Some(all.last()?.1))? {
                    Value::Vector(tracks) => Ok(Value::Vector(vec![self.absent(of, tracks)])),
                    Value::Scalar(_) => {
                        Err(Unsupported::new("a number where series should be").within(&of.span))
                    }
                }
            }
            ("vector", [of]) => match self.evaluate(of)? {
                Value::Scalar(number) => {
                    let points = vec![Some(number); self.steps];
                    Ok(Value::Vector(vec![Track { labels: Labels::default(), points }]))
                }
                Value::Vector(_) => {
                    Err(Unsupported::new("a vector where a number should be").within(&of.span))
                }
            },
            ("histogram_quantile", [quantile, of]) => {
                let quantile = self.number(quantile)?;
                Ok(Value::Vector(quantile::quantile(quantile, self.vector(of)?)?))
            }
            ("clamp_min", [of, least]) => {
                let least = self.number(least)?;
                self.each(of, move |number| number.max(least))
            }
            ("clamp_max", [of, most]) => {
                let most = self.number(most)?;
                self.each(of, move |number| number.min(most))
            }
            ("abs", [of]) => self.each(of, f64::abs),
            ("ceil", [of]) => self.each(of, f64::ceil),
            ("floor", [of]) => self.each(of, f64::floor),
            (function, [of]) => match over_time(function) {
                Some(function) => self.over_time(of, function),
                None => Err(Unsupported::Piece("function", name.span.clone())),
            },
            _ => Err(Unsupported::Piece("function", name.span.clone())),
        }
    }

    fn number(&self, expr: &Expr) -> Result<f64, Unsupported> {
        match self.evaluate(expr)? {
            Value::Scalar(number) => Ok(number),
            Value::Vector(_) => {
                Err(Unsupported::new("a vector where a number should be").within(&expr.span))
            }
        }
    }

    fn each(&self, expr: &Expr, of: impl Fn(f64) -> f64 + Copy) -> Result<Value, Unsupported> {
        Ok(Value::Vector(self.vector(expr)?.into_iter().map(|track| track.map(of)).collect()))
    }

    fn over_time(&self, expr: &Expr, function: OverTime) -> Result<Value, Unsupported> {
        let Node::MatrixSelector(samples) = &expr.bare().node else {
            let is_subquery = matches!(expr.bare().node, Node::Subquery(_));
            let what = if is_subquery { "subquery" } else { "range" };
            return Err(Unsupported::Piece(what, expr.span.clone()));
        };
        let (ranges, length) = self.range(samples)?;
        let tracks = ranges.into_iter().map(|range| {
            let windows = range.windows().enumerate();
            let points = windows.map(|(step, window)| function(window, self.time(step), length));
            let points = points.collect();
            let mut labels = range.labels;
            labels.remove(NAME);
            Track { labels, points }
        });
        Ok(Value::Vector(tracks.collect()))
    }

    /// One while there is nothing, with the labels that the selector asks for once.
    fn absent(&self, of: &Expr, tracks: Vec<Track>) -> Track {
        let mut labels = Labels::default();
        let selector = match &of.bare().node {
            Node::MatrixSelector(samples) => &samples.of.node,
            other => other,
        };
        if let Node::Selector(selector) = selector {
            for (at, matcher) in selector.matchers.iter().enumerate() {
                let label = &*matcher.label.text;
                let before = &selector.matchers[..at];
                let is_again = before.iter().any(|other| other.label.text == label);
                match matcher.operator {
                    Match::Equal if !is_again => labels.insert(label, &*matcher.value.text),
                    _ => _ = labels.remove(label),
                }
            }
        }
        let is_there = |step: usize| tracks.iter().any(|track| track.points[step].is_some());
        let points = (0..self.steps).map(|step| (!is_there(step)).then_some(1.0)).collect();
        Track { labels, points }
    }
}

fn over_time(name: &str) -> Option<OverTime> {
    let of_numbers: OverTime = match name {
        "rate" => {
            |samples, end, length| Some(increase(samples, end, length)? / (length as f64 / 1000.0))
        }
        "increase" => increase,
        "irate" => |samples, _, _| instant_rate(samples),
        "delta" => |samples, end, length| extrapolated(samples, end, length, false),
        "sum_over_time" => |samples, _, _| some(samples).map(sum),
        "avg_over_time" => |samples, _, _| some(samples).map(|all| sum(all) / all.len() as f64),
        "count_over_time" => |samples, _, _| some(samples).map(|all| all.len() as f64),
        "max_over_time" => |samples, _, _| folded(samples, f64::max),
        "min_over_time" => |samples, _, _| folded(samples, f64::min),
        "last_over_time" => |samples, _, _| Some(samples.last()?.1),
        "present_over_time" => |samples, _, _| some(samples).map(|_| 1.0),
        _ => return None,
    };
    Some(of_numbers)
}

fn some(samples: &[(i64, f64)]) -> Option<&[(i64, f64)]> {
    (!samples.is_empty()).then_some(samples)
}

fn sum(samples: &[(i64, f64)]) -> f64 {
    samples.iter().map(|(_, number)| number).sum()
}

fn folded(samples: &[(i64, f64)], of: fn(f64, f64) -> f64) -> Option<f64> {
    samples.iter().map(|(_, number)| *number).reduce(of)
}

fn increase(samples: &[(i64, f64)], end: i64, length: i64) -> Option<f64> {
    extrapolated(samples, end, length, true)
}

/// How fast a counter grew from the last sample but one to the last.
fn instant_rate(samples: &[(i64, f64)]) -> Option<f64> {
    let [.., (before, old), (time, new)] = samples else { return None };
    let change = if new < old { *new } else { new - old };
    Some(change / ((time - before) as f64 / 1000.0))
}

/// The change over a range, as Prometheus stretches that of its samples to the range's ends: as far
/// as the next sample may be, and a counter no further back than to where it was zero.
fn extrapolated(samples: &[(i64, f64)], end: i64, length: i64, is_counter: bool) -> Option<f64> {
    let (&(first_time, first), &(last_time, last)) = (samples.first()?, samples.last()?);
    if samples.len() < 2 {
        return None;
    }
    let mut change = last - first;
    if is_counter {
        let resets = samples.windows(2).filter(|pair| pair[1].1 < pair[0].1);
        change += resets.map(|pair| pair[0].1).sum::<f64>();
    }
    let seconds = |milliseconds: i64| milliseconds as f64 / 1000.0;
    let mut to_start = seconds(first_time - (end - length));
    let to_end = seconds(end - last_time);
    let sampled = seconds(last_time - first_time);
    let average = sampled / (samples.len() - 1) as f64;
    if is_counter && change > 0.0 && first >= 0.0 {
        to_start = to_start.min(sampled * (first / change));
    }
    let threshold = average * 1.1;
    let within = |gap: f64| if gap < threshold { gap } else { average / 2.0 };
    let stretched = sampled + within(to_start) + within(to_end);
    Some(change * (stretched / sampled))
}
