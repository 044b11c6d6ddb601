//! Text that is written again and again: rendered once, copied as a block.

use std::iter;

use super::escape::{Quotes, escape};
use super::protobuf::Label;
use crate::__private::on::memory::{Line, WriteLine};
use crate::descriptor::{Kind, Metric};
use crate::label::Value;

/// A piece of a line: its first bytes lie in a block, which is copied whole whatever its length.
#[derive(Clone, Debug)]
pub(crate) struct Fragment<const BLOCK: usize = 32> {
    block: [u8; BLOCK],
    length: usize,
    /// What has no room in the block.
    rest: Box<[u8]>,
}

/// What stands between labels.
pub(super) const SEPARATOR: &str = ",";

/// What stands between labels and the value.
pub(super) const CLOSING: &str = "} ";

/// What a line starts with is longer than the labels are.
pub(super) type Start = Fragment<64>;

impl<const BLOCK: usize> Fragment<BLOCK> {
    pub(super) fn new(text: &[u8]) -> Self {
        let (start, rest) = text.split_at(text.len().min(BLOCK));
        let mut block = [0; BLOCK];
        block[..start.len()].copy_from_slice(start);
        Self { block, length: text.len(), rest: rest.into() }
    }
}

impl<const BLOCK: usize> WriteLine for &Fragment<BLOCK> {
    #[inline(always)]
    fn write(self, line: &mut Line<'_>) {
        line.block(&self.block, self.length);
        if self.length > BLOCK {
            line.text(&self.rest);
        }
    }
}

impl Start {
    /// What lines start with that have these labels, and others behind them or none.
    pub(super) fn of<'a>(
        name: &[&str],
        labels: impl Iterator<Item = (&'a str, &'a str)>,
        more: bool,
    ) -> Self {
        let mut text = name.concat();
        let mut separator = "{";
        for (name, value) in labels {
            text.push_str(separator);
            push_label(&mut text, name, Value::Text(value));
            separator = SEPARATOR;
        }
        text.push_str(match separator {
            separator if more => separator,
            SEPARATOR => CLOSING,
            _ => " ",
        });
        Self::new(text.as_bytes())
    }
}

impl Fragment {
    /// A label: `topic="orders"`.
    pub(crate) fn label(name: &str, value: Value<'_>) -> Self {
        let mut text = String::new();
        push_label(&mut text, name, value);
        Self::new(text.as_bytes())
    }
}

/// What the lines of a metric start with: names, and labels that are the same everywhere.
#[derive(Debug)]
pub(crate) struct Prefix {
    /// `name_total{region="eu",`; of a histogram `name_sum{` and `name_count{`. What comes next are
    /// the series' own labels, or the value if it has none.
    pub(super) samples: Box<[Start]>,
    /// `name_bucket{le="0.1",` for each bucket.
    pub(super) buckets: Box<[Start]>,
    /// Labels that are the same everywhere, for protobuf.
    pub(super) encoded: Box<[u8]>,
}

impl Prefix {
    /// The prefix of a metric's lines; `labelled` says whether its series have labels of their own.
    pub(crate) fn new(metric: &Metric, labelled: bool) -> Self {
        let constant = || metric.const_labels.iter().copied();
        let bucket = |le| {
            let labels = iter::once(("le", le)).chain(constant());
            Start::of(&[metric.name, "_bucket"], labels, labelled)
        };
        let suffixes: &[&str] = match metric.kind {
            Kind::Histogram => &["_sum", "_count"],
            kind => &[kind.suffix()],
        };
        let sample = |suffix: &&str| Start::of(&[metric.name, suffix], constant(), labelled);
        let infinity = (metric.kind == Kind::Histogram).then_some("+Inf");
        let bounds = metric.buckets.iter().map(|(_, le)| *le).chain(infinity);
        Self {
            samples: suffixes.iter().map(sample).collect(),
            buckets: bounds.map(bucket).collect(),
            encoded: constant()
                .flat_map(|(name, value)| encoded(name, Value::Text(value)))
                .collect(),
        }
    }
}

/// A label as it stands in a protobuf exposition.
pub(crate) fn encoded(name: &str, value: Value<'_>) -> Box<[u8]> {
    let mut label = Vec::new();
    match value {
        Value::Text(text) => (name, text).write(&mut label),
        other => (name, other.to_string().as_str()).write(&mut label),
    }
    label.into()
}

fn push_label(text: &mut String, name: &str, value: Value<'_>) {
    text.push_str(name);
    text.push_str("=\"");
    match value {
        Value::Text(value) => escape(text, value, Quotes::Escaped),
        other => text.push_str(&other.to_string()),
    }
    text.push('"');
}
