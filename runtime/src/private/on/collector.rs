//! Shows a component to a `prometheus_client` registry.
//!
//! A `Collector` is the one extension point of that crate that leaves the help text alone:
//! `Registry::register` appends a full stop to it. Nothing there escapes help, so that is done
//! here.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabel, EncodeLabelSet, EncodeLabelValue, LabelSetEncoder,
    LabelValueEncoder, MetricEncoder, NoLabelSet,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use super::cell::Reading;
use super::encode::escape_help;
use super::family::{Family, Labels};
use super::store::Store;
use crate::descriptor::Kind;
use crate::format::Format;
use crate::label::Value;

#[derive(Debug)]
pub(crate) struct StoreCollector(pub(crate) Arc<Store>);

impl Collector for StoreCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.0.families().try_for_each(|family| encode_family(&mut encoder, family))
    }
}

/// Writes a family, unless there is no series to write.
fn encode_family(encoder: &mut DescriptorEncoder<'_>, family: Family<'_>) -> fmt::Result {
    let mut series = family.series().peekable();
    if series.peek().is_none() {
        return Ok(());
    }
    let metric = family.metric;
    let mut help = String::new();
    escape_help(&mut help, metric.help, Format::OpenMetrics);
    // The encoder appends the unit to the name, which ends in it already.
    let stem = metric.unit.and_then(|unit| metric.name.strip_suffix(unit)?.strip_suffix('_'));
    let unit = stem.and(metric.unit).map(|unit| Unit::Other(unit.to_owned()));
    let mut encoder = encoder.encode_descriptor(
        stem.unwrap_or(metric.name),
        &help,
        unit.as_ref(),
        metric_type(metric.kind),
    )?;
    series.try_for_each(|(labels, reading)| encode_series(&mut encoder, labels, &reading))
}

fn metric_type(kind: Kind) -> MetricType {
    match kind {
        Kind::Counter => MetricType::Counter,
        Kind::Gauge => MetricType::Gauge,
        Kind::Histogram => MetricType::Histogram,
        Kind::Info => MetricType::Info,
    }
}

fn encode_series(
    encoder: &mut MetricEncoder<'_>,
    labels: Labels<'_>,
    reading: &Reading,
) -> fmt::Result {
    // An info takes its labels directly: after those of a family it would put a stray comma. And
    // without labels, `encode_family` would write an empty pair of braces.
    if matches!(reading, Reading::Info) || labels.iter().next().is_none() {
        encode_reading(encoder, labels, reading)
    } else {
        encode_reading(&mut encoder.encode_family(&labels)?, labels, reading)
    }
}

fn encode_reading(
    encoder: &mut MetricEncoder<'_>,
    labels: Labels<'_>,
    reading: &Reading,
) -> fmt::Result {
    match reading {
        Reading::IntegerCounter(total) => encoder.encode_counter::<NoLabelSet, _, f64>(total, None),
        Reading::FloatCounter(total) => encoder.encode_counter::<NoLabelSet, _, f64>(total, None),
        Reading::IntegerGauge(value) => encoder.encode_gauge(value),
        Reading::FloatGauge(value) => encoder.encode_gauge(value),
        Reading::Histogram(histogram) => encoder.encode_histogram::<NoLabelSet>(
            histogram.sum,
            histogram.count(),
            &histogram.buckets,
            None,
        ),
        Reading::Info => encoder.encode_info(&labels),
    }
}

impl EncodeLabelSet for Labels<'_> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        self.iter().try_for_each(|label| label.encode(encoder.encode_label()))
    }
}

impl EncodeLabelValue for Value<'_> {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        fmt::Write::write_fmt(encoder, format_args!("{self}"))
    }
}
