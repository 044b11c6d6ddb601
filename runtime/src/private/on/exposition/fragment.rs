//! Text that is written again and again: rendered once, copied in blocks.

use super::escape::{Quotes, escape};
use super::protobuf::Label;
use crate::descriptor::{Kind, Metric};
use crate::label::Value;

/// Bytes that are copied at once: one or two instructions, whatever the length of the text.
pub(super) const BLOCK: usize = 16;

/// A piece of a line, followed by as many zeros as the last block has room for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fragment {
    blocks: Vec<[u8; BLOCK]>,
    length: usize,
}

impl Fragment {
    /// A label with the comma behind it: `topic="orders",`.
    pub(crate) fn label(name: &str, value: Value<'_>) -> Self {
        let mut text = String::new();
        push_label(&mut text, name, value);
        let mut fragment = Self::default();
        fragment.push(text.as_bytes());
        // It lives as long as the value, so it keeps no memory to spare.
        fragment.blocks.shrink_to_fit();
        fragment
    }

    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.length = 0;
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        let start = self.length;
        self.length += text.len();
        self.blocks.resize(self.length.div_ceil(BLOCK), [0; BLOCK]);
        if let Some(place) = self.blocks.as_flattened_mut().get_mut(start..self.length) {
            place.copy_from_slice(text);
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.blocks.as_flattened().get(..self.length).unwrap_or_default()
    }

    /// All blocks, of which the last one may be longer than the text.
    #[inline(always)]
    pub(super) fn blocks(&self) -> &[[u8; BLOCK]] {
        &self.blocks
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.length
    }
}

/// What the lines of a metric start with: names, and labels that are the same everywhere.
#[derive(Debug)]
pub(crate) struct Prefix {
    /// `name_total{region="eu",`; of a histogram `name_sum{` and `name_count{`.
    pub(super) samples: Box<[Fragment]>,
    /// `name_bucket{le="0.1",` for each bucket.
    pub(super) buckets: Box<[Fragment]>,
    /// Labels that are the same everywhere, for protobuf.
    pub(super) encoded: Box<[u8]>,
}

impl Prefix {
    /// The prefix of a metric's lines; `labelled` says whether its series have labels of their own.
    pub(crate) fn new(metric: &Metric, labelled: bool) -> Self {
        let start = |suffix: &str, le: Option<&str>| {
            let mut text = format!("{}{suffix}", metric.name);
            if labelled || le.is_some() || !metric.const_labels.is_empty() {
                text.push('{');
            }
            let le = le.map(|le| ("le", le));
            for (name, value) in le.into_iter().chain(metric.const_labels.iter().copied()) {
                push_label(&mut text, name, Value::Text(value));
            }
            let mut fragment = Fragment::default();
            fragment.push(text.as_bytes());
            fragment
        };
        let suffixes: &[&str] = match metric.kind {
            Kind::Counter => &["_total"],
            Kind::Gauge => &[""],
            Kind::Histogram => &["_sum", "_count"],
            Kind::Info => &["_info"],
        };
        let infinity = (metric.kind == Kind::Histogram).then_some("+Inf");
        let bounds = metric.buckets.iter().map(|(_, le)| *le).chain(infinity);
        Self {
            samples: suffixes.iter().map(|suffix| start(suffix, None)).collect(),
            buckets: bounds.map(|le| start("_bucket", Some(le))).collect(),
            encoded: metric
                .const_labels
                .iter()
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
    text.push_str("\",");
}
