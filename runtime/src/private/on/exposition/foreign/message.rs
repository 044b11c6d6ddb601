//! Writes a family as a message of Prometheus's protobuf.

use std::borrow::Cow;

use super::super::protobuf::{self, FamilyKind, Head, Metrics};
use super::labels::{Label, Labels, unescape};
use super::line::Exemplar;
use super::{Family, Histogram, Kind, Series, Value};

pub(super) fn write(family: &Family<'_>, body: &mut Vec<u8>) {
    let Family { name, kind, unit, help, series } = family;
    let name = [name, kind.suffix()].concat();
    let kind = match kind {
        Kind::Counter => FamilyKind::Counter,
        Kind::Gauge | Kind::Info => FamilyKind::Gauge,
        Kind::Histogram => FamilyKind::Histogram,
        Kind::Unknown => FamilyKind::Untyped,
    };
    let head = Head { name: &name, help: &unescape(help), kind, unit: *unit };
    protobuf::family(body, &head, |metrics| {
        for Series { labels, value } in series {
            match value {
                Value::Histogram(histogram) => write_histogram(metrics, *labels, histogram),
                Value::Number(number, exemplar) => match kind {
                    FamilyKind::Counter => {
                        let pairs = exemplar.map(pairs).unwrap_or_default();
                        let pairs = borrowed(&pairs);
                        let exemplar = exemplar.map(|exemplar| with_labels(exemplar, &pairs));
                        metrics.counter(labels.iter(), number.value, exemplar.as_ref());
                    }
                    FamilyKind::Untyped => metrics.untyped(labels.iter(), number.value),
                    FamilyKind::Gauge | FamilyKind::Histogram => {
                        metrics.gauge(labels.iter(), number.value);
                    }
                },
            }
        }
    });
}

fn write_histogram(metrics: &mut Metrics<'_>, labels: Labels<'_>, histogram: &Histogram<'_>) {
    let Histogram { sum, buckets } = histogram;
    let Some((infinite, finite)) = buckets.split_last() else { return };
    let finite: Vec<_> =
        finite.iter().map(|bucket| (bucket.bound.value, bucket.cumulative)).collect();

    let pairs: Vec<_> =
        buckets.iter().map(|bucket| bucket.exemplar.map(pairs).unwrap_or_default()).collect();
    let pairs: Vec<_> = pairs.iter().map(|pairs| borrowed(pairs)).collect();
    let exemplars = buckets.iter().zip(&pairs);
    let exemplars: Vec<_> = exemplars
        .map(|(bucket, pairs)| bucket.exemplar.map(|exemplar| with_labels(exemplar, pairs)))
        .collect();

    let histogram = protobuf::Histogram {
        sum: sum.value,
        count: infinite.cumulative,
        buckets: &finite,
        exemplars: &exemplars,
        native: None,
    };
    metrics.histogram(labels.iter(), &histogram);
}

impl protobuf::Label for Label<'_> {
    fn write(self, body: &mut Vec<u8>) {
        protobuf::Label::write((self.name, &*self.value()), body);
    }
}

fn pairs(exemplar: Exemplar<'_>) -> Vec<(&str, Cow<'_, str>)> {
    exemplar.labels.iter().map(|label| (label.name, label.value())).collect()
}

fn borrowed<'a>(pairs: &'a [(&'a str, Cow<'a, str>)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, &**value)).collect()
}

fn with_labels<'a>(
    exemplar: Exemplar<'_>,
    labels: &'a [(&'a str, &'a str)],
) -> protobuf::Exemplar<'a> {
    let Exemplar { labels: _, value, timestamp } = exemplar;
    protobuf::Exemplar { labels, value, timestamp }
}
