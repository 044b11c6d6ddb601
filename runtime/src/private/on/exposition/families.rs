//! A component in Prometheus's protobuf: the one format that carries native histograms.

use std::iter;
use std::time::UNIX_EPOCH;

use super::Take;
use super::native::SCHEMA;
use super::protobuf::{Encoded, Exemplar, FamilyKind, Head, Histogram, Metrics, Native, family};
use super::series::{Series, series_of_page};
use crate::__private::on::exemplar;
use crate::__private::on::layout::Column;
use crate::__private::on::memory::{CellId, Reader};
use crate::__private::on::reading::{Reading, Snapshot, exemplars, read};
use crate::__private::on::store::Store;
use crate::__private::on::table::Table;
use crate::descriptor::{Kind, OwnMetric};

/// Appends every family of a component that has a series.
pub(crate) fn encode(store: &Store, body: &mut Vec<u8>, take: Take<'_>) {
    let epoch = store.begin_scrape();
    for (column, table) in store.columns() {
        let (start, mut any) = (body.len(), false);
        // This format knows no families, only samples: their suffix is part of the name.
        let name = [column.metric.name, column.metric.kind.suffix()].concat();
        family(body, &head(column, &name), |metrics| {
            any = write(store, column, table, epoch, metrics, take);
        });
        if !any {
            body.truncate(start);
        }
        take(body, 0);
    }
    for (own, first) in store.own() {
        write_own(own, first, body);
    }
}

fn head<'a>(column: &Column, name: &'a str) -> Head<'a> {
    let metric = column.metric;
    Head {
        name,
        help: metric.help,
        kind: match metric.kind {
            Kind::Counter => FamilyKind::Counter,
            Kind::Gauge | Kind::Info => FamilyKind::Gauge,
            Kind::Histogram => FamilyKind::Histogram,
        },
        unit: metric.unit,
    }
}

/// Appends the series of a metric, and says whether there are any.
fn write(
    store: &Store,
    column: &Column,
    table: &Table,
    epoch: u32,
    metrics: &mut Metrics<'_>,
    take: Take<'_>,
) -> bool {
    let mut any = false;
    let mut reader = Reader::default();
    let mut write = |metrics: &mut Metrics<'_>, series: Series<'_>| {
        let (Some(place), labels) = (series.place(), series.labels) else { return };
        let Some(reading) = read(place, &mut reader) else { return };
        any = true;
        let constant = Encoded(&column.prefix.encoded);
        let labels = iter::once(constant).chain(labels.encoded());
        let kept = exemplars(store, place);
        let pairs: Vec<Vec<(&str, &str)>> = kept.iter().map(pairs).collect();
        let kept: Vec<Option<Exemplar<'_>>> = kept
            .iter()
            .zip(&pairs)
            .map(|(exemplar, pairs)| lend(exemplar.as_ref()?, pairs))
            .collect();
        match reading {
            Reading::IntegerCounter(total) => {
                metrics.counter(labels, total as f64, kept.first().and_then(Option::as_ref));
            }
            Reading::FloatCounter(total) => {
                metrics.counter(labels, total, kept.first().and_then(Option::as_ref));
            }
            Reading::IntegerGauge(value) => metrics.gauge(labels, value as f64),
            Reading::FloatGauge(value) => metrics.gauge(labels, value),
            Reading::Info => metrics.gauge(labels, 1.0),
            Reading::Histogram(snapshot) => {
                write_histogram(column, &snapshot, &kept, |histogram| {
                    metrics.histogram(labels, histogram);
                });
            }
        }
    };
    let mut number = 0;
    while series_of_page(table, column, epoch, number, |series| write(metrics, series)) {
        metrics.lend(take);
        number += 1;
    }
    any
}

fn pairs(exemplar: &Option<exemplar::Exemplar>) -> Vec<(&str, &str)> {
    let labels = exemplar.iter().flat_map(|exemplar| &exemplar.labels);
    labels.map(|(name, value)| (&**name, &**value)).collect()
}

fn lend<'a>(
    exemplar: &exemplar::Exemplar,
    labels: &'a [(&'a str, &'a str)],
) -> Option<Exemplar<'a>> {
    let timestamp = exemplar.time.duration_since(UNIX_EPOCH).ok();
    Some(Exemplar { labels, value: exemplar.value, timestamp })
}

fn write_histogram(
    column: &Column,
    snapshot: &Snapshot,
    exemplars: &[Option<Exemplar<'_>>],
    write: impl FnOnce(&Histogram<'_>),
) {
    let mut cumulative = 0;
    let bounds = column.metric.buckets.iter().zip(&snapshot.buckets);
    let buckets: Vec<(f64, u64)> = bounds
        .map(|((bound, _), count)| {
            cumulative += count;
            (*bound, cumulative)
        })
        .collect();
    let range = column.native_range;
    let (zero, others): (Vec<(u32, u64)>, Vec<_>) =
        snapshot.native.iter().partition(|(cell, _)| *cell == 0);
    let others: Vec<(i32, u64)> =
        others.into_iter().map(|(cell, count)| (range.index(cell), count)).collect();
    let native = column.metric.native.then(|| Native {
        schema: SCHEMA,
        zero_threshold: range.zero_threshold(),
        zero_count: zero.iter().map(|(_, count)| count).sum(),
        buckets: &others,
    });
    // The native buckets were read later and may hold more; all of them are observations.
    let natively: u64 = snapshot.native.iter().map(|(_, count)| count).sum();
    let count = if native.is_some() { natively } else { snapshot.count() };
    write(&Histogram { sum: snapshot.sum, count, buckets: &buckets, exemplars, native });
}

/// Appends a counter about the metrics themselves.
fn write_own(own: &OwnMetric, first: CellId, body: &mut Vec<u8>) {
    let name = format!("{}_total", own.name);
    let head = Head { name: &name, help: own.help, kind: FamilyKind::Counter, unit: None };
    let mut reader = Reader::default();
    family(body, &head, |metrics| {
        for (value, cell) in own.values.iter().zip(first..) {
            let labels = own.const_labels.iter().copied().chain([(own.label, *value)]);
            metrics.counter(labels, reader.integer(cell) as f64, None);
        }
    });
}
