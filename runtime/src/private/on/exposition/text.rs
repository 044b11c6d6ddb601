//! The two text formats: OpenMetrics 1.0 and Prometheus 0.0.4.
//!
//! In OpenMetrics this is byte for byte what `prometheus_client` writes for the same component, so
//! it does not matter to the reader of a scrape which registry a service has chosen.

use std::time::UNIX_EPOCH;

use super::Take;
use super::escape::{Quotes, escape};
use super::fragment::{CLOSING, SEPARATOR, Start};
use super::series::{Labels, Series, series_of_page, totals_of_page};
use crate::__private::on::exemplar::Exemplar;
use crate::__private::on::layout::Column;
use crate::__private::on::memory::{CellId, Line, Reader, WriteLine, append_line};
use crate::__private::on::page::Place;
use crate::__private::on::reading::{Reading, Snapshot, exemplars, is_exposed, read};
use crate::__private::on::store::Store;
use crate::__private::on::table::Table;
use crate::descriptor::{Kind, Number::Integer, OwnMetric};
use crate::format::Format;

/// Appends every family of a component that has a series.
pub(crate) fn encode(store: &Store, format: Format, body: &mut Vec<u8>, take: Take<'_>) {
    let epoch = store.begin_scrape();
    for (column, table) in store.columns() {
        Family { store, column, table, epoch, format }.write(body, take);
    }
    for (own, first) in store.own() {
        write_own(own, first, format, body);
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
    /// Appends all of it, or nothing if there is no series.
    fn write(&self, body: &mut Vec<u8>, take: Take<'_>) {
        let metric = self.column.metric;
        let start = body.len();
        write_head(metric.name, metric.help, metric.unit, metric.kind, self.format, body);
        let any = match metric.kind {
            Kind::Histogram => self.write_histograms(body, take),
            // These are most of a large scrape.
            Kind::Counter if metric.number == Integer && !self.is_traced() => {
                self.write_totals(body, take)
            }
            _ => self.write_numbers(body, take),
        };
        if !any {
            body.truncate(start);
        }
    }

    fn write_totals(&self, body: &mut Vec<u8>, take: Take<'_>) -> bool {
        let Self { table, column, epoch, .. } = *self;
        let Some(prefix) = column.prefix.samples.first() else { return false };
        let mut totals = Vec::new();
        each_page(body, take, |number, body| {
            totals_of_page(table, column, epoch, number, &mut totals, |series, total| {
                if total > 0 || series.is_exposed() {
                    let (labels, value) = (series.labels, Number::Whole(total));
                    append_line(body, Sample { prefix, labels, value, exemplar: None });
                }
            })
        })
    }

    fn write_numbers(&self, body: &mut Vec<u8>, take: Take<'_>) -> bool {
        let mut reader = Reader::default();
        let Some(prefix) = self.column.prefix.samples.first() else { return false };
        self.each(body, take, |body, series| {
            let (Some(place), labels) = (series.place(), series.labels) else { return };
            let Some(reading) = read(place, &mut reader) else { return };
            let exemplars = self.exemplars(place);
            let exemplar = exemplars.first().and_then(Option::as_ref);
            let value = Number::from(reading);
            append_line(body, Sample { prefix, labels, value, exemplar });
        })
    }

    fn write_histograms(&self, body: &mut Vec<u8>, take: Take<'_>) -> bool {
        let mut reader = Reader::default();
        let mut snapshot = Snapshot::default();
        let mut rendered = Vec::new();
        let [sum, count] = &*self.column.prefix.samples else { return false };
        self.each(body, take, |body, series| {
            let Some(place) = series.place() else { return };
            if !snapshot.read(self.column, place.cell, &mut reader) && !is_exposed(place.state) {
                return;
            }
            // The labels are put together once for all lines of the series.
            rendered.clear();
            append_line(&mut rendered, series.labels);
            let (labels, exemplar) = (&Start::new(&rendered), None);
            let (prefix, value) = (sum, Number::Float(snapshot.sum));
            append_line(body, Sample { prefix, labels, value, exemplar });
            let (prefix, value) = (count, Number::Whole(snapshot.count()));
            append_line(body, Sample { prefix, labels, value, exemplar });
            let exemplars = self.exemplars(place);
            let mut cumulative = 0;
            let buckets = self.column.prefix.buckets.iter().zip(&snapshot.buckets);
            for (bucket, (prefix, count)) in buckets.enumerate() {
                cumulative += count;
                let exemplar = exemplars.get(bucket).and_then(Option::as_ref);
                let value = Number::Whole(cumulative);
                append_line(body, Sample { prefix, labels, value, exemplar });
            }
        })
    }

    /// Appends each series, and says whether there were lines of any.
    #[inline(always)]
    fn each(
        &self,
        body: &mut Vec<u8>,
        take: Take<'_>,
        mut each: impl FnMut(&mut Vec<u8>, Series<'_>),
    ) -> bool {
        let Self { table, column, epoch, .. } = *self;
        each_page(body, take, |number, body| {
            series_of_page(table, column, epoch, number, |series| each(body, series))
        })
    }

    /// Whether lines can have exemplars: Prometheus' older format has none.
    fn is_traced(&self) -> bool {
        self.column.metric.exemplars && self.format == Format::OpenMetrics
    }

    fn exemplars(&self, place: Place<'_>) -> Vec<Option<Exemplar>> {
        if self.is_traced() { exemplars(self.store, place) } else { Vec::new() }
    }
}

/// Appends page after page, until there are no more, and says whether there were lines in any.
///
/// Between two of them the lines may be taken: nobody is kept waiting there.
#[inline(always)]
fn each_page(
    body: &mut Vec<u8>,
    take: Take<'_>,
    mut write: impl FnMut(usize, &mut Vec<u8>) -> bool,
) -> bool {
    let mut any = false;
    for number in 0.. {
        let before = body.len();
        if !write(number, body) {
            break;
        }
        if body.len() > before {
            any = true;
            take(body, 0);
        }
    }
    any
}

/// Appends the lines that describe a family.
fn write_head(
    name: &str,
    help: &str,
    unit: Option<&str>,
    kind: Kind,
    format: Format,
    body: &mut Vec<u8>,
) {
    // The older format knows no families, only samples: their suffix is part of the name.
    let suffix = if format == Format::OpenMetrics { "" } else { kind.suffix() };
    let kind = match kind {
        Kind::Counter => "counter",
        Kind::Histogram => "histogram",
        Kind::Info if format == Format::OpenMetrics => "info",
        Kind::Gauge | Kind::Info => "gauge",
    };
    let mut lines = format!("# HELP {name}{suffix} ");
    escape_help(&mut lines, help, format);
    lines.push_str(&format!("\n# TYPE {name}{suffix} {kind}\n"));
    if let (Format::OpenMetrics, Some(unit)) = (format, unit) {
        lines.push_str(&format!("# UNIT {name} {unit}\n"));
    }
    body.extend_from_slice(lines.as_bytes());
}

/// Appends a help text, which must stay on one line. Only OpenMetrics escapes quotes in it.
pub(crate) fn escape_help(lines: &mut String, help: &str, format: Format) {
    let quotes = if format == Format::OpenMetrics { Quotes::Escaped } else { Quotes::Plain };
    escape(lines, help, quotes);
}

/// One sample.
#[derive(Clone, Copy)]
struct Sample<'a, L> {
    prefix: &'a Start,
    labels: L,
    value: Number,
    exemplar: Option<&'a Exemplar>,
}

impl<L: WriteLine> WriteLine for Sample<'_, L> {
    #[inline(always)]
    fn write(self, line: &mut Line<'_>) {
        self.prefix.write(line);
        self.labels.write(line);
        self.value.write(line);
        if let Some(exemplar) = self.exemplar {
            line.text(written(exemplar).as_bytes());
        }
        line.text(b"\n");
    }
}

impl WriteLine for Labels<'_> {
    #[inline(always)]
    fn write(self, line: &mut Line<'_>) {
        let mut any = false;
        self.each(|label| {
            if any {
                line.text(SEPARATOR.as_bytes());
            }
            label.write(line);
            any = true;
        });
        if any {
            line.text(CLOSING.as_bytes());
        }
    }
}

/// The value of a sample.
#[derive(Clone, Copy)]
enum Number {
    Whole(u64),
    Signed(i64),
    Float(f64),
}

impl From<Reading> for Number {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::IntegerCounter(total) => Number::Whole(total),
            Reading::IntegerGauge(value) => Number::Signed(value),
            Reading::FloatCounter(value) | Reading::FloatGauge(value) => Number::Float(value),
            // An info is always one; histograms have lines of their own.
            Reading::Info | Reading::Histogram(_) => Number::Whole(1),
        }
    }
}

impl WriteLine for Number {
    #[inline(always)]
    fn write(self, line: &mut Line<'_>) {
        match self {
            Number::Whole(number) => number.write(line),
            Number::Signed(number) => {
                if number < 0 {
                    line.text(b"-");
                }
                number.unsigned_abs().write(line);
            }
            Number::Float(f64::INFINITY) => line.text(b"+Inf"),
            Number::Float(f64::NEG_INFINITY) => line.text(b"-Inf"),
            // Not a number is spelt so already.
            Number::Float(number) => line.text(dtoa::Buffer::new().format(number).as_bytes()),
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
fn write_own(own: &OwnMetric, first: CellId, format: Format, body: &mut Vec<u8>) {
    write_head(own.name, own.help, None, Kind::Counter, format, body);
    let mut reader = Reader::default();
    for (value, cell) in own.values.iter().zip(first..) {
        let labels = own.const_labels.iter().copied().chain([(own.label, *value)]);
        let prefix = &Start::of(&[own.name, Kind::Counter.suffix()], labels, false);
        let (labels, value) = (&Start::new(b""), Number::Whole(reader.integer(cell)));
        append_line(body, Sample { prefix, labels, value, exemplar: None });
    }
}
