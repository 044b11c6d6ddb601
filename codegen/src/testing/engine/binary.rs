//! Operators between two sides.

use std::collections::BTreeMap;

use super::{Engine, Track, Unsupported, Value};
use crate::promql::NAME;
use crate::promql::syntax::{Chain, Group, Link, Matching, Operator, Span};
use crate::testing::series::Labels;

impl Engine {
    pub(super) fn chain(&self, chain: &Chain) -> Result<Value, Unsupported> {
        let Chain { first, rest } = chain;
        let mut left = self.evaluate(first)?;
        for link in rest {
            if link.fills {
                let what = "what stands in for missing series";
                return Err(Unsupported::new(what).within(&link.operator_span));
            }
            left = self.link(left, link)?;
        }
        Ok(left)
    }

    fn link(&self, left: Value, link: &Link) -> Result<Value, Unsupported> {
        let right = self.evaluate(&link.right)?;
        let of = Of::new(link)?;
        Ok(match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => Value::Scalar(of.number(left, right)?),
            (Value::Vector(left), Value::Scalar(right)) => {
                let of = |track: Track| of.track(track, move |number| (number, right));
                Value::Vector(left.into_iter().map(of).collect())
            }
            (Value::Scalar(left), Value::Vector(right)) => {
                let of = |track: Track| of.track(track, move |number| (left, number));
                Value::Vector(right.into_iter().map(of).collect())
            }
            (Value::Vector(left), Value::Vector(right)) => {
                let matching = link.matching.as_ref();
                Value::Vector(match link.operator {
                    Operator::And | Operator::Unless | Operator::Or => {
                        set(link.operator, left, right, matching)
                    }
                    _ => of.matched(left, right, matching, self.steps)?,
                })
            }
        })
    }
}

/// What an operator does with two numbers.
struct Of<'l> {
    operator: Operator,
    place: &'l Span,
    is_bool: bool,
}

impl<'l> Of<'l> {
    fn new(link: &'l Link) -> Result<Self, Unsupported> {
        use Operator::{Arctangent, TrimLower, TrimUpper};
        let Link { operator, operator_span: place, is_bool, .. } = link;
        match *operator {
            Arctangent | TrimLower | TrimUpper => {
                Err(Unsupported::Piece("operator", place.clone()))
            }
            operator => Ok(Self { operator, place, is_bool: *is_bool }),
        }
    }

    /// The result of two numbers, none where a comparison leaves them out.
    fn of(&self, left: f64, right: f64) -> Option<f64> {
        let holds = match self.operator {
            Operator::Add => return Some(left + right),
            Operator::Subtract => return Some(left - right),
            Operator::Multiply => return Some(left * right),
            Operator::Divide => return Some(left / right),
            Operator::Modulo => return Some(left % right),
            Operator::Power => return Some(left.powf(right)),
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
            _ => return None,
        };
        match self.is_bool {
            true => Some(f64::from(u8::from(holds))),
            false => holds.then_some(left),
        }
    }

    fn number(&self, left: f64, right: f64) -> Result<f64, Unsupported> {
        let missing = || Unsupported::new("a comparison of numbers").within(self.place);
        self.of(left, right).ok_or_else(missing)
    }

    /// The numbers of a series with a number on its other side.
    fn track(&self, track: Track, sides: impl Fn(f64) -> (f64, f64)) -> Track {
        let result = |number: f64| {
            let (left, right) = sides(number);
            self.of(left, right)
        };
        if self.operator.is_comparison() && !self.is_bool {
            // What is left of a comparison is what was compared, on whichever side.
            return track.filter(|number| result(number).is_some());
        }
        track.map(|number| result(number).unwrap_or(f64::NAN))
    }

    /// The numbers of series that find each other.
    fn matched(
        &self,
        left: Vec<Track>,
        right: Vec<Track>,
        matching: Option<&Matching>,
        steps: usize,
    ) -> Result<Vec<Track>, Unsupported> {
        let group = matching.and_then(|matching| matching.group.as_ref());
        let is_swapped = group.is_some_and(|group| !group.is_left);
        let (many, one) = if is_swapped { (right, left) } else { (left, right) };
        let mut ones: BTreeMap<Labels, Vec<Track>> = BTreeMap::new();
        for track in one {
            ones.entry(signature(&track.labels, matching)).or_default().push(track);
        }
        let mut tracks: Vec<Track> = Vec::new();
        for many in many {
            let others = ones.get(&signature(&many.labels, matching));
            let Some(others) = others else { continue };
            let mut points = vec![None; steps];
            for (step, point) in points.iter_mut().enumerate() {
                let mut there = others.iter().filter_map(|other| other.points[step]);
                let (Some(number), other) = (many.points[step], there.next()) else { continue };
                if there.next().is_some() {
                    return Err(self.several());
                }
                let sides = |other| if is_swapped { (other, number) } else { (number, other) };
                *point = other.map(sides).and_then(|(left, right)| self.of(left, right));
            }
            let labels = self.labels(&many.labels, others, matching);
            match tracks.iter_mut().find(|known| known.labels == labels) {
                None => tracks.push(Track { labels, points }),
                Some(known) => self.merge(known, points)?,
            }
        }
        Ok(tracks)
    }

    /// Adds what another series of the same labels has; both at once is what Prometheus refuses.
    fn merge(&self, known: &mut Track, points: Vec<Option<f64>>) -> Result<(), Unsupported> {
        for (known, point) in known.points.iter_mut().zip(points) {
            if known.is_some() && point.is_some() {
                return Err(self.several());
            }
            *known = known.or(point);
        }
        Ok(())
    }

    fn several(&self) -> Unsupported {
        Unsupported::new("a match with several series").within(self.place)
    }

    fn labels(&self, many: &Labels, others: &[Track], matching: Option<&Matching>) -> Labels {
        let mut labels = many.clone();
        if !self.operator.is_comparison() || self.is_bool {
            labels.remove(NAME);
        }
        let Some(Matching { is_on, labels: named, group, .. }) = matching else { return labels };
        match group {
            None => {
                let is_named = |label: &str| named.iter().any(|known| known.text == label);
                labels = labels.kept(|label| is_named(label) == *is_on);
            }
            Some(Group { labels: included, .. }) => {
                for label in included {
                    labels.remove(&label.text);
                    let other = others.first().and_then(|other| other.labels.get(&label.text));
                    if let Some(value) = other {
                        labels.insert(&*label.text, value);
                    }
                }
            }
        }
        labels
    }
}

/// What is compared of labels.
fn signature(labels: &Labels, matching: Option<&Matching>) -> Labels {
    let keeps = |label: &str| match matching {
        None => label != NAME,
        Some(Matching { is_on, labels, .. }) => {
            let is_named = labels.iter().any(|named| named.text == label);
            is_named == *is_on && (*is_on || label != NAME)
        }
    };
    labels.kept(keeps)
}

/// The series of one side, as the other side has or has not the like.
fn set(
    operator: Operator,
    left: Vec<Track>,
    right: Vec<Track>,
    matching: Option<&Matching>,
) -> Vec<Track> {
    let keep = |tracks: Vec<Track>, others: &[Track], is_wanted: bool| -> Vec<Track> {
        let others = others.iter().map(|other| (signature(&other.labels, matching), other));
        let others: Vec<_> = others.collect();
        let kept = tracks.into_iter().map(|mut track| {
            let own = signature(&track.labels, matching);
            let like: Vec<_> =
                others.iter().filter(|(other, _)| *other == own).map(|(_, other)| other).collect();
            for (step, point) in track.points.iter_mut().enumerate() {
                let is_there = like.iter().any(|other| other.points[step].is_some());
                *point = point.filter(|_| is_there == is_wanted);
            }
            track
        });
        kept.collect()
    };
    match operator {
        Operator::And => keep(left, &right, true),
        Operator::Unless => keep(left, &right, false),
        _ => {
            let right = keep(right, &left, false);
            left.into_iter().chain(right).collect()
        }
    }
}
