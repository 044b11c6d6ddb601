//! Prometheus's protobuf: a stream of `io.prometheus.client.MetricFamily`, each behind its length.
//!
//! The numbers are those of `metrics.proto` in github.com/prometheus/client_model. Fields that are
//! zero are written all the same: the schema is proto2, where a missing field is not a zero.

use std::time::Duration;

use super::Take;
use super::wire::{
    delimited, double, double_in_message, message, signed, string, unsigned, varint, zigzag,
};

/// What is said once about all series of a family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    /// The name of the samples: a counter's ends in `_total`, an info's in `_info`.
    pub(crate) name: &'a str,
    pub(crate) help: &'a str,
    pub(crate) kind: FamilyKind,
    pub(crate) unit: Option<&'a str>,
}

/// `MetricType`: an info is a gauge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FamilyKind {
    Counter = 0,
    Gauge = 1,
    Untyped = 3,
    Histogram = 4,
}

/// An observation that stands for the others, with a hint where to find it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exemplar<'a> {
    pub(crate) labels: &'a [(&'a str, &'a str)],
    pub(crate) value: f64,
    /// The time since the Unix epoch.
    pub(crate) timestamp: Option<Duration>,
}

/// One reading of a histogram.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Histogram<'a> {
    pub(crate) sum: f64,
    pub(crate) count: u64,
    /// Finite upper bounds, ascending, each with the count of all observations up to it. The bucket
    /// `+Inf` is not among them: it is `count`.
    pub(crate) buckets: &'a [(f64, u64)],
    /// One for each of the buckets and one for `+Inf`; or fewer, or none.
    pub(crate) exemplars: &'a [Option<Exemplar<'a>>],
    pub(crate) native: Option<Native<'a>>,
}

/// The native part of a histogram; [`native`](super::native) has its bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Native<'a> {
    pub(crate) schema: i32,
    /// Observations up to this are in no bucket: `zero_count` counts them.
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: u64,
    /// Buckets with an observation by ascending index, each with its own count.
    pub(crate) buckets: &'a [(i32, u64)],
}

/// Appends a family.
pub(crate) fn family(body: &mut Vec<u8>, head: &Head<'_>, metrics: impl FnOnce(&mut Metrics<'_>)) {
    let Head { name, help, kind, unit } = *head;
    delimited(body, |body| {
        string(body, 1, name);
        string(body, 2, help);
        unsigned(body, 3, kind as u64);
        let mut series = Metrics { start: body.len(), taken: 0, body };
        metrics(&mut series);
        let Metrics { taken, .. } = series;
        if let Some(unit) = unit {
            string(body, 5, unit);
        }
        taken
    });
}

/// Appends the series of a family.
#[derive(Debug)]
pub(crate) struct Metrics<'a> {
    body: &'a mut Vec<u8>,
    /// Where the first series is in the body.
    start: usize,
    /// How many bytes of series have been taken out of the body.
    taken: usize,
}

impl Metrics<'_> {
    /// Has somebody take out the series that are there, if they like: the family's length, which
    /// stands before them, is not known yet.
    pub(crate) fn lend(&mut self, take: Take<'_>) {
        let length = self.body.len();
        take(self.body, self.start);
        self.taken += length - self.body.len();
    }

    #[inline]
    pub(crate) fn counter(
        &mut self,
        labels: impl Iterator<Item = impl Label>,
        value: f64,
        exemplar: Option<&Exemplar<'_>>,
    ) {
        match exemplar {
            None => self.number(labels, 3, value),
            Some(exemplar) => self.metric(labels, |body| {
                message(body, 3, |body| {
                    double(body, 1, value);
                    write_exemplar(body, 2, exemplar);
                });
            }),
        }
    }

    #[inline]
    pub(crate) fn gauge(&mut self, labels: impl Iterator<Item = impl Label>, value: f64) {
        self.number(labels, 2, value);
    }

    #[inline]
    pub(crate) fn untyped(&mut self, labels: impl Iterator<Item = impl Label>, value: f64) {
        self.number(labels, 5, value);
    }

    pub(crate) fn histogram(
        &mut self,
        labels: impl Iterator<Item = impl Label>,
        histogram: &Histogram<'_>,
    ) {
        self.metric(labels, |body| message(body, 7, |body| write_histogram(body, histogram)));
    }

    #[inline]
    fn number(&mut self, labels: impl Iterator<Item = impl Label>, field: u8, value: f64) {
        self.metric(labels, |body| double_in_message(body, field, 1, value));
    }

    #[inline]
    fn metric(
        &mut self,
        labels: impl Iterator<Item = impl Label>,
        value: impl FnOnce(&mut Vec<u8>),
    ) {
        message(self.body, 4, |body| {
            labels.for_each(|label| label.write(body));
            value(body);
        });
    }
}

/// A label of a series: a name and a value, or an [`Encoded`] one.
pub(crate) trait Label {
    /// Appends it as a field of a `Metric`.
    fn write(self, body: &mut Vec<u8>);
}

impl Label for (&str, &str) {
    #[inline]
    fn write(self, body: &mut Vec<u8>) {
        let (name, value) = self;
        message(body, 1, |body| {
            string(body, 1, name);
            string(body, 2, value);
        });
    }
}

/// One or several labels that were written beforehand, by [`Label::write`]. Then a series takes no
/// more than copying them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoded<'a>(pub(crate) &'a [u8]);

impl Label for Encoded<'_> {
    #[inline]
    fn write(self, body: &mut Vec<u8>) {
        body.extend_from_slice(self.0);
    }
}

#[cold]
fn write_exemplar(body: &mut Vec<u8>, field: u8, exemplar: &Exemplar<'_>) {
    let Exemplar { labels, value, timestamp } = *exemplar;
    message(body, field, |body| {
        labels.iter().for_each(|label| label.write(body));
        double(body, 2, value);
        if let Some(timestamp) = timestamp {
            message(body, 3, |body| {
                unsigned(body, 1, timestamp.as_secs());
                unsigned(body, 2, timestamp.subsec_nanos().into());
            });
        }
    });
}

fn write_histogram(body: &mut Vec<u8>, histogram: &Histogram<'_>) {
    let Histogram { sum, count, buckets, exemplars, native } = *histogram;
    unsigned(body, 1, count);
    double(body, 2, sum);
    // A histogram that is native only has no classic bucket at all.
    let infinite = (native.is_none() || !buckets.is_empty()).then_some((f64::INFINITY, count));
    let mut exemplars = exemplars.iter();
    for (bound, cumulative) in buckets.iter().copied().chain(infinite) {
        message(body, 3, |body| {
            unsigned(body, 1, cumulative);
            double(body, 2, bound);
            if let Some(Some(exemplar)) = exemplars.next() {
                write_exemplar(body, 3, exemplar);
            }
        });
    }
    if let Some(native) = native {
        write_native(body, &native);
    }
}

fn write_native(body: &mut Vec<u8>, native: &Native<'_>) {
    let Native { schema, zero_threshold, zero_count, buckets } = *native;
    signed(body, 5, schema.into());
    double(body, 6, zero_threshold);
    unsigned(body, 7, zero_count);
    if buckets.is_empty() {
        // Tells an empty native histogram from a classic one, even if the threshold is zero.
        return write_span(body, 0, 0);
    }

    // A span's offset counts from the end of the span before it, the first one's from zero.
    let (mut end, mut rest) = (0, buckets);
    while let Some(&(first, _)) = rest.first() {
        let (span, after) = rest.split_at(span_length(rest));
        let last = span[span.len() - 1].0;
        write_span(body, first - end, last + 1 - first);
        (end, rest) = (last + 1, after);
    }

    message(body, 13, |body| {
        let (mut next, mut before) = (buckets[0].0, 0);
        for &(index, count) in buckets {
            while next < index && index - next <= WIDEST_GAP {
                varint(body, zigzag(-before));
                (next, before) = (next + 1, 0);
            }
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            varint(body, zigzag(count - before));
            (next, before) = (index + 1, count);
        }
    });
}

/// So many empty buckets are cheaper as counts of zero than as the start of a new span.
const WIDEST_GAP: i32 = 2;

/// How many of the buckets, which are not empty, belong to the first span.
fn span_length(buckets: &[(i32, u64)]) -> usize {
    let wide = |pair: &[(i32, u64)]| pair[1].0 - pair[0].0 > WIDEST_GAP + 1;
    buckets.windows(2).position(wide).map_or(buckets.len(), |before| before + 1)
}

fn write_span(body: &mut Vec<u8>, offset: i32, length: i32) {
    message(body, 12, |body| {
        signed(body, 1, offset.into());
        unsigned(body, 2, length.unsigned_abs().into());
    });
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::super::decoder::decode;
    use super::*;

    const NONE: [(&str, &str); 0] = [];

    fn check(
        kind: FamilyKind,
        unit: Option<&str>,
        metrics: impl FnOnce(&mut Metrics<'_>),
        drawn: &str,
    ) {
        let mut body = Vec::new();
        family(&mut body, &Head { name: "shop_x", help: "Help", kind, unit }, metrics);
        let (head, picture) = drawn.split_once('\n').expect("a head");
        let head = format!("name: \"shop_x\"\nhelp: \"Help\"\ntype: {head}\n");
        assert_eq!(decode(&body), head + picture);
    }

    #[test]
    fn the_bytes_of_a_family() {
        let mut body = Vec::new();
        let head = Head { name: "a", help: "b", kind: FamilyKind::Gauge, unit: Some("s") };
        family(&mut body, &head, |metrics| metrics.gauge([("k", "v")].into_iter(), 1.0));
        let drawn = [
            &b"\xa0\x80\x80\x80\x00"[..],
            b"\x0a\x01a\x12\x01b\x18\x01",
            b"\x22\x13",
            b"\x0a\x06\x0a\x01k\x12\x01v",
            b"\x12\x09\x09\0\0\0\0\0\0\xf0\x3f",
            b"\x2a\x01s",
        ];
        assert_eq!(body, drawn.concat());
    }

    #[test]
    fn counters() {
        let exemplar = Exemplar {
            labels: &[("trace_id", "4bf9")],
            value: 0.5,
            timestamp: Some(Duration::new(1_700_000_000, 250_000_000)),
        };
        check(
            FamilyKind::Counter,
            Some("records"),
            |metrics| {
                metrics.counter([("topic", "a\"\\\n"), ("partition", "3")].into_iter(), 5.0, None);
                metrics.counter(NONE.into_iter(), 0.0, Some(&exemplar));
            },
            r#"COUNTER
metric {
  label {
    name: "topic"
    value: "a\"\\\n"
  }
  label {
    name: "partition"
    value: "3"
  }
  counter {
    value: 5
  }
}
metric {
  counter {
    value: 0
    exemplar {
      label {
        name: "trace_id"
        value: "4bf9"
      }
      value: 0.5
      timestamp {
        seconds: 1700000000
        nanos: 250000000
      }
    }
  }
}
unit: "records"
"#,
        );
    }

    #[test]
    fn gauges_and_untyped() {
        check(
            FamilyKind::Gauge,
            None,
            |metrics| metrics.gauge(NONE.into_iter(), f64::NEG_INFINITY),
            "GAUGE\nmetric {\n  gauge {\n    value: -inf\n  }\n}\n",
        );
        check(
            FamilyKind::Untyped,
            None,
            |metrics| metrics.untyped(NONE.into_iter(), -1.5),
            "UNTYPED\nmetric {\n  untyped {\n    value: -1.5\n  }\n}\n",
        );
    }

    #[test]
    fn a_classic_histogram_ends_with_infinity() {
        let exemplar = Exemplar { labels: &[], value: 7.0, timestamp: None };
        let histogram = Histogram {
            sum: 9.5,
            count: 4,
            buckets: &[(0.5, 1), (1.0, 3)],
            exemplars: &[None, None, Some(exemplar)],
            native: None,
        };
        check(
            FamilyKind::Histogram,
            None,
            |metrics| metrics.histogram(NONE.into_iter(), &histogram),
            r"HISTOGRAM
metric {
  histogram {
    sample_count: 4
    sample_sum: 9.5
    bucket {
      cumulative_count: 1
      upper_bound: 0.5
    }
    bucket {
      cumulative_count: 3
      upper_bound: 1
    }
    bucket {
      cumulative_count: 4
      upper_bound: inf
      exemplar {
        value: 7
      }
    }
  }
}
",
        );
    }

    fn check_native(buckets: &[(i32, u64)], drawn: &str) {
        let native = Native { schema: 3, zero_threshold: 0.0, zero_count: 2, buckets };
        let histogram =
            Histogram { sum: 1.0, count: 9, buckets: &[], exemplars: &[], native: Some(native) };
        let mut body = Vec::new();
        delimited(&mut body, |body| {
            message(body, 4, |body| message(body, 7, |body| write_histogram(body, &histogram)));
            0
        });
        let words: Vec<_> = decode(&body).split_whitespace().map(str::to_owned).collect();
        let (_, spans) = words.split_at(words.iter().position(|word| word == "2").expect("zeros"));
        let spans = spans[1..spans.len() - 2].join(" ");
        assert_eq!(spans.replace("positive_", ""), drawn);
    }

    #[test]
    fn native_buckets_are_spans_and_deltas() {
        check_native(&[], "span { offset: 0 length: 0 }");
        check_native(&[(-3, 7)], "span { offset: -3 length: 1 } delta: [7]");
        check_native(&[(-1, 1), (0, 4), (1, 2)], "span { offset: -1 length: 3 } delta: [1, 3, -2]");
        check_native(
            &[(5, 4), (7, 4), (10, 1)],
            "span { offset: 5 length: 6 } delta: [4, -4, 4, -4, 0, 1]",
        );
        check_native(
            &[(5, 4), (9, 6)],
            "span { offset: 5 length: 1 } span { offset: 3 length: 1 } delta: [4, 2]",
        );
    }

    proptest! {
        #[test]
        fn native_buckets_come_back(
            counts in proptest::collection::btree_map(-40..40i32, 1..1000u64, 0..30)
        ) {
            let buckets: Vec<_> = counts.into_iter().collect();
            let mut body = Vec::new();
            delimited(&mut body, |body| {
                message(body, 4, |body| message(body, 7, |body| {
                    let native =
                        Native { schema: 3, zero_threshold: 0.0, zero_count: 0, buckets: &buckets };
                    write_native(body, &native);
                }));
                0
            });
            prop_assert_eq!(expand(&decode(&body)), buckets);
        }
    }

    /// Reads spans and deltas as Prometheus does.
    fn expand(picture: &str) -> Vec<(i32, u64)> {
        let numbers = |word: &'static str| {
            let values = picture.lines().filter_map(move |line| line.trim().strip_prefix(word));
            values.map(|value| value.parse::<i64>().expect("a number"))
        };
        let deltas = picture.lines().find_map(|line| line.trim().strip_prefix("positive_delta: "));
        let deltas = deltas.unwrap_or("[]").trim_matches(['[', ']']);
        let mut deltas = deltas.split(", ").map(|delta| delta.parse::<i64>().expect("a number"));
        let (mut index, mut count, mut buckets) = (0, 0, Vec::new());
        for (offset, length) in numbers("offset: ").zip(numbers("length: ")) {
            index += offset as i32;
            for _ in 0..length {
                count += deltas.next().expect("a delta a bucket");
                buckets.push((index, count as u64));
                index += 1;
            }
        }
        buckets.retain(|(_, count)| *count > 0);
        buckets
    }
}
