//! The two text formats: OpenMetrics 1.0 and Prometheus 0.0.4.
//!
//! In OpenMetrics this is byte for byte what `prometheus_client` writes for the same component, so
//! it does not matter to the reader of a scrape which registry a service has chosen.

use std::time::UNIX_EPOCH;

use super::escape::{Quotes, escape};
use super::fragment::Fragment;
use super::lead::Lead;
use super::series::{Fragments, Series, each_series};
use super::writer::{Line, Write, Writer};
use crate::__private::on::exemplar::Exemplar;
use crate::__private::on::layout::Column;
use crate::__private::on::memory::{CellId, Reader};
use crate::__private::on::page::Place;
use crate::__private::on::reading::{Reading, Snapshot, exemplars, is_exposed, read};
use crate::__private::on::store::Store;
use crate::__private::on::table::Table;
use crate::descriptor::{self, Kind, OwnMetric};
use crate::format::Format;
use crate::label::Value;

/// Appends every family of a component that has a series.
pub(crate) fn encode(store: &Store, format: Format, body: &mut Vec<u8>) {
    let epoch = store.begin_scrape();
    let mut writer = Writer::new(body);
    for (column, table) in store.columns() {
        Family { store, column, table, epoch, format }.write(&mut writer);
    }
    for (own, first) in store.own() {
        write_own(own, first, format, &mut writer);
    }
}

/// One metric in one scrape.
struct Family<'a> {
    store: &'a Store,
    column: &'a Column,
    table: &'a Table,
    epoch: u32,
    format: Format,
}

impl Family<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        let metric = self.column.metric;
        match metric.kind {
            Kind::Counter if metric.number == descriptor::Number::Integer && !metric.exemplars => {
                self.write_counters(writer);
            }
            Kind::Histogram => self.write_histograms(writer),
            _ => self.write_numbers(writer),
        }
    }

    /// Integer counters are most of a large scrape.
    fn write_counters(&self, writer: &mut Writer<'_>) {
        let mut reader = Reader::default();
        let mut head = Head::new(self);
        let Some(prefix) = self.column.prefix.samples.first() else { return };
        let labelled = self.is_labelled();
        let mut lead = Lead::default();
        self.each(|series| {
            let total = reader.integer(series.cell());
            if total > 0 || series.place().is_some_and(is_exposed) {
                head.write(writer);
                let (labels, value) = (series.labels, Whole(total));
                if let Some((prefix, labels)) = lead.split(prefix, labels) {
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar: None });
                } else {
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar: None });
                }
            }
        });
    }

    fn write_numbers(&self, writer: &mut Writer<'_>) {
        let mut reader = Reader::default();
        let mut head = Head::new(self);
        let Some(prefix) = self.column.prefix.samples.first() else { return };
        let labelled = self.is_labelled();
        self.each(|series| {
            let (Some(place), labels) = (series.place(), series.labels) else { return };
            let Some(reading) = read(place, &mut reader) else { return };
            head.write(writer);
            let exemplars = self.exemplars(place);
            let exemplar = exemplars.first().and_then(Option::as_ref);
            match reading {
                Reading::IntegerCounter(total) => {
                    let value = Whole(total);
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar });
                }
                Reading::IntegerGauge(value) => {
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar });
                }
                Reading::FloatCounter(value) | Reading::FloatGauge(value) => {
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar });
                }
                Reading::Info | Reading::Histogram(_) => {
                    let value = Whole(1);
                    writer.line(&Sample { prefix, labels, labelled, value, exemplar });
                }
            }
        });
    }

    fn write_histograms(&self, writer: &mut Writer<'_>) {
        let mut reader = Reader::default();
        let mut head = Head::new(self);
        let mut snapshot = Snapshot::default();
        let mut rendered = Fragment::default();
        let [sum, count] = &*self.column.prefix.samples else { return };
        let labelled = self.is_labelled();
        self.each(|series| {
            let (Some(place), labels) = (series.place(), series.labels) else { return };
            if !snapshot.read(self.column, place.cell, &mut reader) && !is_exposed(place) {
                return;
            }
            head.write(writer);
            // The labels are put together once for all lines of the series.
            rendered.clear();
            labels.each(|fragment| rendered.push(fragment.as_bytes()));
            let (labels, exemplar) = (&rendered, None);
            let (prefix, value) = (sum, snapshot.sum);
            writer.line(&Sample { prefix, labels, labelled, value, exemplar });
            let (prefix, value) = (count, Whole(snapshot.count()));
            writer.line(&Sample { prefix, labels, labelled, value, exemplar });
            let exemplars = self.exemplars(place);
            let mut cumulative = 0;
            let buckets = self.column.prefix.buckets.iter().zip(&snapshot.buckets);
            for (bucket, (prefix, count)) in buckets.enumerate() {
                cumulative += count;
                let exemplar = exemplars.get(bucket).and_then(Option::as_ref);
                let value = Whole(cumulative);
                writer.line(&Sample { prefix, labels, labelled: true, value, exemplar });
            }
        });
    }

    #[inline(always)]
    fn each(&self, each: impl FnMut(Series<'_>)) {
        each_series(self.table, self.column, self.epoch, each);
    }

    /// Whether a line has braces.
    fn is_labelled(&self) -> bool {
        !self.table.layout.axes.is_empty() || !self.column.metric.const_labels.is_empty()
    }

    /// Prometheus' older format has none.
    fn exemplars(&self, place: Place<'_>) -> Vec<Option<Exemplar>> {
        match self.format {
            Format::OpenMetrics => exemplars(self.store, place),
            Format::Prometheus | Format::Protobuf => Vec::new(),
        }
    }
}

/// The lines that describe a family, until they are written: before its first sample.
struct Head(Option<String>);

impl Head {
    fn new(family: &Family<'_>) -> Self {
        let metric = family.column.metric;
        Self(Some(head(metric.name, metric.help, metric.unit, metric.kind, family.format)))
    }

    #[inline(always)]
    fn write(&mut self, writer: &mut Writer<'_>) {
        if let Some(lines) = self.0.take() {
            writer.line(&Described(&lines));
        }
    }
}

fn head(name: &str, help: &str, unit: Option<&str>, kind: Kind, format: Format) -> String {
    // The older format knows no families, only samples: their suffix is part of the name.
    let (suffix, kind) = match (format, kind) {
        (Format::OpenMetrics, Kind::Counter) => ("", "counter"),
        (_, Kind::Counter) => ("_total", "counter"),
        (_, Kind::Gauge) => ("", "gauge"),
        (_, Kind::Histogram) => ("", "histogram"),
        (Format::OpenMetrics, Kind::Info) => ("", "info"),
        (_, Kind::Info) => ("_info", "gauge"),
    };
    let mut lines = format!("# HELP {name}{suffix} ");
    escape_help(&mut lines, help, format);
    lines.push_str(&format!("\n# TYPE {name}{suffix} {kind}\n"));
    if let (Format::OpenMetrics, Some(unit)) = (format, unit) {
        lines.push_str(&format!("# UNIT {name} {unit}\n"));
    }
    lines
}

/// Appends a help text, which must stay on one line. Only OpenMetrics escapes quotes in it.
pub(crate) fn escape_help(lines: &mut String, help: &str, format: Format) {
    let quotes = if format == Format::OpenMetrics { Quotes::Escaped } else { Quotes::Plain };
    escape(lines, help, quotes);
}

/// The lines that describe a family.
struct Described<'a>(&'a str);

impl Write for Described<'_> {
    fn write(&self, line: &mut impl Line) {
        line.text(self.0.as_bytes());
    }
}

/// One sample.
struct Sample<'a, L, V> {
    prefix: &'a Fragment,
    labels: L,
    /// Whether the line has braces.
    labelled: bool,
    value: V,
    exemplar: Option<&'a Exemplar>,
}

impl<L: Fragments, V: Number> Write for Sample<'_, L, V> {
    #[inline(always)]
    fn write(&self, line: &mut impl Line) {
        line.fragment(self.prefix);
        self.labels.each(|fragment| line.fragment(fragment));
        if self.labelled {
            // The last comma is one too many.
            line.amend(b'}');
        }
        line.byte(b' ');
        self.value.write(line);
        if let Some(exemplar) = self.exemplar {
            line.text(written(exemplar).as_bytes());
        }
        line.byte(b'\n');
    }
}

/// The value of a sample.
trait Number {
    fn write(&self, line: &mut impl Line);
}

/// A number without a sign.
struct Whole(u64);

impl Number for Whole {
    #[inline(always)]
    fn write(&self, line: &mut impl Line) {
        line.integer(self.0);
    }
}

impl Number for i64 {
    fn write(&self, line: &mut impl Line) {
        if *self < 0 {
            line.byte(b'-');
        }
        line.integer(self.unsigned_abs());
    }
}

impl Number for f64 {
    fn write(&self, line: &mut impl Line) {
        match *self {
            f64::INFINITY => line.text(b"+Inf"),
            f64::NEG_INFINITY => line.text(b"-Inf"),
            // Not a number is spelt so already.
            number => line.text(dtoa::Buffer::new().format(number).as_bytes()),
        }
    }
}

/// An exemplar as it stands behind a sample.
fn written(exemplar: &Exemplar) -> String {
    let Exemplar { labels, value, time } = exemplar;
    let mut text = String::from(" # {");
    for (at, (name, value)) in labels.iter().enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        text.push_str(name);
        text.push_str("=\"");
        escape(&mut text, value, Quotes::Escaped);
        text.push('"');
    }
    text.push_str("} ");
    text.push_str(dtoa::Buffer::new().format(*value));
    if let Ok(since) = time.duration_since(UNIX_EPOCH) {
        text.push_str(&format!(" {}.{:03}", since.as_secs(), since.subsec_millis()));
    }
    text
}

/// Appends a counter about the metrics themselves.
fn write_own(own: &OwnMetric, first: CellId, format: Format, writer: &mut Writer<'_>) {
    writer.line(&Described(&head(own.name, own.help, None, Kind::Counter, format)));
    let mut reader = Reader::default();
    for (value, cell) in own.values.iter().zip(first..) {
        let mut prefix = Fragment::default();
        prefix.push(format!("{}_total{{", own.name).as_bytes());
        let mut labels = Fragment::default();
        for (name, value) in own.const_labels.iter().copied().chain([(own.label, *value)]) {
            labels.push(Fragment::label(name, Value::Text(value)).as_bytes());
        }
        let (prefix, labels, value) = (&prefix, &labels, Whole(reader.integer(cell)));
        writer.line(&Sample { prefix, labels, labelled: true, value, exemplar: None });
    }
}
