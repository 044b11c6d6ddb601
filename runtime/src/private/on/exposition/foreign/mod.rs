//! Metrics that are registered with `prometheus_client` itself, in the formats it does not write.
//!
//! ```text
//! encode_registry ──▶ text ──parse──▶ Family, Series ──┬──▶ Prometheus text
//!                                                      └──▶ protobuf
//! ```
//!
//! That crate shows the contents of a registry in no other way than as OpenMetrics text. It accepts
//! every name, help and bucket that it is given, so whatever a strict reader would refuse is left
//! out here, line by line: a scrape is worth more than a line. The text is borrowed throughout.

mod labels;
mod line;
mod message;
mod parse;
mod text;

#[cfg(all(test, not(loom)))]
mod tests;

use self::labels::Labels;
use self::line::{Exemplar, Number};

/// What a registry holds.
#[derive(Debug, Default)]
pub(crate) struct Foreign<'a> {
    families: Vec<Family<'a>>,
}

impl<'a> Foreign<'a> {
    /// Reads what `prometheus_client::encoding::text::encode_registry` has written.
    pub(crate) fn parse(text: &'a str) -> Self {
        parse::parse(text)
    }

    /// Appends all of it as Prometheus text 0.0.4.
    pub(crate) fn write_text(&self, body: &mut Vec<u8>) {
        self.families.iter().for_each(|family| text::write(family, body));
    }

    /// Appends all of it as messages of Prometheus's protobuf.
    pub(crate) fn write_protobuf(&self, body: &mut Vec<u8>) {
        self.families.iter().for_each(|family| message::write(family, body));
    }
}

/// Series with a name in common; at least one.
#[derive(Debug)]
struct Family<'a> {
    /// Without a suffix, as OpenMetrics has it.
    name: &'a str,
    kind: Kind,
    unit: Option<&'a str>,
    /// As it was registered.
    help: &'a str,
    series: Vec<Series<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
    Info,
    Unknown,
}

impl Kind {
    /// What the name of a sample has behind the family's. A histogram's samples have several.
    fn suffix(self) -> &'static str {
        match self {
            Kind::Counter => "_total",
            Kind::Info => "_info",
            Kind::Gauge | Kind::Histogram | Kind::Unknown => "",
        }
    }
}

#[derive(Debug)]
struct Series<'a> {
    labels: Labels<'a>,
    value: Value<'a>,
}

#[derive(Debug)]
enum Value<'a> {
    Number(Number<'a>, Option<Exemplar<'a>>),
    Histogram(Histogram<'a>),
}

#[derive(Debug)]
struct Histogram<'a> {
    sum: Number<'a>,
    /// Ascending; the last one is `+Inf`, whose count is that of the histogram.
    buckets: Vec<Bucket<'a>>,
}

#[derive(Debug)]
struct Bucket<'a> {
    bound: Number<'a>,
    cumulative: u64,
    exemplar: Option<Exemplar<'a>>,
}
