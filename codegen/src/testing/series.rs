//! Series as a test gives them: samples at equal distances, from time zero on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::promql::NAME;

/// The labels of a series; its name among them where it has one.
pub(crate) type Labels = BTreeMap<String, String>;

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
        let name = self.labels.get(NAME).map_or("", String::as_str);
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
        let labels = [(NAME, "a"), ("topic", "x\"y")];
        let labels = labels.map(|(label, value)| (label.to_owned(), value.to_owned()));
        let pieces = vec![
            Piece::Line { start: 1.0, step: 0.5, count: 3 },
            Piece::Line { start: 7.0, step: 0.0, count: 1 },
            Piece::Missing(2),
            Piece::Line { start: 4.0, step: -1.0, count: 2 },
            Piece::Stale,
        ];
        let series = Series { labels: Labels::from(labels), pieces };
        assert_eq!(series.selector(), r#"a{topic="x\"y"}"#);
        assert_eq!(series.notation(), "1+0.5x2 7 _x2 4-1x1 stale");
        let values = [1.0, 1.5, 2.0, 7.0].map(Sample::Value).into_iter();
        let values = values.chain([Sample::Missing; 2]);
        let values = values.chain([4.0, 3.0].map(Sample::Value)).chain([Sample::Stale]);
        assert_eq!(series.samples(), values.collect::<Vec<_>>());
    }
}
