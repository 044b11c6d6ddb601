//! Shows a component to a `prometheus_client` registry.
//!
//! A `Collector` is the one extension point of that crate that leaves the help text alone:
//! `Registry::register` appends a full stop to it. Nothing there escapes help, so that is done
//! here. Exemplars cannot be handed over: only that crate itself can make one.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabel, EncodeLabelSet, LabelSetEncoder, MetricEncoder, NoLabelSet,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use super::series::each_series;
use super::text::escape_help;
use crate::__private::on::layout::Column;
use crate::__private::on::memory::Reader;
use crate::__private::on::reading::{Reading, read};
use crate::__private::on::store::Store;
use crate::__private::on::table::Table;
use crate::descriptor::{Kind, OwnMetric};
use crate::format::Format;

#[derive(Debug)]
pub(crate) struct StoreCollector(pub(crate) Arc<Store>);

impl Collector for StoreCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let store = &*self.0;
        let epoch = store.begin_scrape();
        for (column, table) in store.columns() {
            encode_family(&mut encoder, column, &series(column, table, epoch))?;
        }
        for (own, first) in store.own() {
            let mut reader = Reader::default();
            let totals = (first..).map(|cell| reader.integer(cell));
            encode_own(&mut encoder, own, totals)?;
        }
        store.remove_idle(Instant::now());
        Ok(())
    }
}

/// The labels of a series, owned: they are handed to code that may wait or panic.
struct Labels(Vec<(&'static str, String)>);

/// What a metric shows. The encoder may do as it likes with it, which nobody may in a section.
fn series(column: &Column, table: &Table, epoch: u32) -> Vec<(Labels, Reading)> {
    let mut reader = Reader::default();
    let mut series = Vec::new();
    each_series(table, column, epoch, |shown| {
        let (Some(place), labels) = (shown.place(), shown.labels) else { return };
        if let Some(reading) = read(place, &mut reader) {
            let constant = column.metric.const_labels.iter();
            let constant = constant.map(|(name, value)| (*name, (*value).to_owned()));
            let own = labels.pairs().map(|(name, value)| (name, value.into_owned()));
            series.push((Labels(constant.chain(own).collect()), reading));
        }
    });
    series
}

/// Writes a family, unless there is no series to write.
fn encode_family(
    encoder: &mut DescriptorEncoder<'_>,
    column: &Column,
    series: &[(Labels, Reading)],
) -> fmt::Result {
    if series.is_empty() {
        return Ok(());
    }
    let metric = column.metric;
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
    series
        .iter()
        .try_for_each(|(labels, reading)| encode_series(&mut encoder, column, labels, reading))
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
    column: &Column,
    labels: &Labels,
    reading: &Reading,
) -> fmt::Result {
    // An info takes its labels directly: after those of a family it would put a stray comma. And
    // without labels, `encode_family` would write an empty pair of braces.
    if matches!(reading, Reading::Info) || labels.0.is_empty() {
        encode_reading(encoder, column, labels, reading)
    } else {
        encode_reading(&mut encoder.encode_family(labels)?, column, labels, reading)
    }
}

fn encode_reading(
    encoder: &mut MetricEncoder<'_>,
    column: &Column,
    labels: &Labels,
    reading: &Reading,
) -> fmt::Result {
    match reading {
        Reading::IntegerCounter(total) => encoder.encode_counter::<NoLabelSet, _, f64>(total, None),
        Reading::FloatCounter(total) => encoder.encode_counter::<NoLabelSet, _, f64>(total, None),
        Reading::IntegerGauge(value) => encoder.encode_gauge(value),
        Reading::FloatGauge(value) => encoder.encode_gauge(value),
        Reading::Histogram(snapshot) => {
            let bounds = column.metric.buckets.iter().map(|(bound, _)| *bound);
            let counts = snapshot.buckets.iter().copied();
            let buckets: Vec<(f64, u64)> = bounds.chain([f64::INFINITY]).zip(counts).collect();
            let (sum, count) = (snapshot.sum, snapshot.count());
            encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
        }
        Reading::Info => encoder.encode_info(labels),
    }
}

/// Writes a counter about the metrics themselves.
fn encode_own(
    encoder: &mut DescriptorEncoder<'_>,
    own: &OwnMetric,
    totals: impl Iterator<Item = u64>,
) -> fmt::Result {
    let mut help = String::new();
    escape_help(&mut help, own.help, Format::OpenMetrics);
    let mut encoder = encoder.encode_descriptor(own.name, &help, None, MetricType::Counter)?;
    own.values.iter().zip(totals).try_for_each(|(value, total)| {
        let constant = own.const_labels.iter().copied();
        let labels = constant.chain([(own.label, *value)]);
        let labels = Labels(labels.map(|(name, value)| (name, value.to_owned())).collect());
        let mut encoder = encoder.encode_family(&labels)?;
        encoder.encode_counter::<NoLabelSet, _, f64>(&total, None)
    })
}

impl EncodeLabelSet for Labels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(name, value)| (*name, value.as_str()).encode(encoder.encode_label()))
    }
}
