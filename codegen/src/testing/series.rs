//! Series as a test gives them: samples at equal distances, from time zero on.

use std::fmt::Write as _;
use std::rc::Rc;

use crate::promql::NAME;

/// The labels of a series; its name among them where it has one.
///
/// Evaluation copies labels more often than anything else, so that texts are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Labels(Vec<(Rc<str>, Rc<str>)>);

impl Labels {
    /// The value of a label.
    pub(crate) fn get(&self, label: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| **known == *label).map(|(_, value)| &**value)
    }

    /// Sets the value of a label.
    pub(crate) fn insert(&mut self, label: impl Into<Rc<str>>, value: impl Into<Rc<str>>) {
        let label = label.into();
        match self.0.binary_search_by(|(known, _)| known.cmp(&label)) {
            Ok(at) => self.0[at].1 = value.into(),
            Err(at) => self.0.insert(at, (label, value.into())),
        }
    }

    /// Takes a label away.
    pub(crate) fn remove(&mut self, label: &str) -> Option<Rc<str>> {
        let at = self.0.iter().position(|(known, _)| **known == *label)?;
        Some(self.0.remove(at).1)
    }

    /// Every label with its value, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(label, value)| (&**label, &**value))
    }

    /// Some of the labels.
    pub(crate) fn kept(&self, keeps: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(label, _)| keeps(label)).cloned().collect())
    }
}

/// A series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) labels: Labels,
    pub(crate) pieces: Vec<Piece>,
}

/// Samples one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece {
    /// So many samples, each `step` above the one before.
    Line { start: f64, step: f64, count: usize },
    /// So many scrapes that found nothing.
    Missing(usize),
    /// The mark of a series that has ended.
    Stale,
}

/// What is known of a series at the time of a scrape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sample {
    Value(f64),
    Missing,
    Stale,
}

impl Series {
    /// Its samples; calculated the way in which promtool reads the notation.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for piece in &self.pieces {
            match *piece {
                Piece::Line { start, step, count } => {
                    let mut value = start;
                    for _ in 0..count {
                        samples.push(Sample::Value(value));
                        value += step;
                    }
                }
                Piece::Missing(count) => samples.extend(vec![Sample::Missing; count]),
                Piece::Stale => samples.push(Sample::Stale),
            }
        }
        samples
    }

    /// Its name and labels, as PromQL selects them.
    pub(crate) fn selector(&self) -> String {
        let name = self.labels.get(NAME).unwrap_or_default();
        let labels = self.labels.iter().filter(|(label, _)| *label != NAME);
        let labels: Vec<_> = labels.map(|(label, value)| format!("{label}={value:?}")).collect();
        match labels.is_empty() {
            true => name.to_owned(),
            false => format!("{name}{{{}}}", labels.join(",")),
        }
    }

    /// Its samples in the notation of `promtool test rules`.
    pub(crate) fn notation(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            if !text.is_empty() {
                text.push(' ');
            }
            // Writing to a string cannot fail.
            _ = match *piece {
                Piece::Line { start, count: 1, .. } => write!(text, "{start}"),
                Piece::Line { start, step, count } => {
                    let sign = if step < 0.0 { '-' } else { '+' };
                    write!(text, "{start}{sign}{}x{}", step.abs(), count.saturating_sub(1))
                }
                Piece::Missing(1) => write!(text, "_"),
                Piece::Missing(count) => write!(text, "_x{count}"),
                Piece::Stale => write!(text, "stale"),
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_written_as_promtool_reads_them() {
        let mut labels = Labels::default();
        labels.insert("topic", "x\"y");
        labels.insert(NAME, "a");
        let pieces = vec![
            Piece::Line { start: 1.0, step: 0.5, count: 3 },
            Piece::Line { start: 7.0, step: 0.0, count: 1 },
            Piece::Missing(2),
            Piece::Line { start: 4.0, step: -1.0, count: 2 },
            Piece::Stale,
        ];
        let series = Series { labels, pieces };
        assert_eq!(series.selector(), r#"a{topic="x\"y"}"#);
        assert_eq!(series.notation(), "1+0.5x2 7 _x2 4-1x1 stale");
        let values = [1.0, 1.5, 2.0, 7.0].map(Sample::Value).into_iter();
        let values = values.chain([Sample::Missing; 2]);
        let values = values.chain([4.0, 3.0].map(Sample::Value)).chain([Sample::Stale]);
        assert_eq!(series.samples(), values.collect::<Vec<_>>());
    }
}
