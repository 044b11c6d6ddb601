//! Writes a component as text, in either format.
//!
//! In OpenMetrics this is byte for byte what `prometheus_client` writes for the same component, so
//! it does not matter to the reader of a scrape which registry a service has chosen.

use super::cell::Reading;
use super::family::{Family, Labels};
use super::store::Store;
use crate::descriptor::{Kind, Metric};
use crate::format::Format;
use crate::label::Value;

/// Appends every family of a component that has a series.
pub(crate) fn encode(store: &Store, format: Format, body: &mut String) {
    for family in store.families() {
        encode_family(family, format, body);
    }
}

fn encode_family(family: Family<'_>, format: Format, body: &mut String) {
    let mut series = family.series().peekable();
    if series.peek().is_some() {
        head(family.metric, format, body);
        series.for_each(|(labels, reading)| samples(family.metric, labels, &reading, body));
    }
}

/// The lines that describe a family.
fn head(metric: &Metric, format: Format, body: &mut String) {
    let Metric { name, help, unit, kind, .. } = *metric;
    // The older format knows no families, only samples: their suffix is part of the name.
    let (suffix, kind) = match (format, kind) {
        (Format::OpenMetrics, Kind::Counter) => ("", "counter"),
        (Format::Prometheus, Kind::Counter) => ("_total", "counter"),
        (_, Kind::Gauge) => ("", "gauge"),
        (_, Kind::Histogram) => ("", "histogram"),
        (Format::OpenMetrics, Kind::Info) => ("", "info"),
        (Format::Prometheus, Kind::Info) => ("_info", "gauge"),
    };
    concat(body, ["# HELP ", name, suffix, " "]);
    escape_help(body, help, format);
    concat(body, ["\n# TYPE ", name, suffix, " ", kind, "\n"]);
    if let (Format::OpenMetrics, Some(unit)) = (format, unit) {
        concat(body, ["# UNIT ", name, " ", unit, "\n"]);
    }
}

/// The lines of one series.
fn samples(metric: &Metric, labels: Labels<'_>, reading: &Reading, body: &mut String) {
    let mut sample = |suffix, le, value: &str| {
        concat(body, [metric.name, suffix]);
        write_labels(le, labels, body);
        concat(body, [" ", value, "\n"]);
    };
    let (mut integer, mut float) = (itoa::Buffer::new(), dtoa::Buffer::new());
    match reading {
        Reading::IntegerCounter(total) => sample("_total", None, integer.format(*total)),
        Reading::FloatCounter(total) => sample("_total", None, float.format(*total)),
        Reading::IntegerGauge(value) => sample("", None, integer.format(*value)),
        Reading::FloatGauge(value) => sample("", None, float.format(*value)),
        Reading::Histogram(histogram) => {
            sample("_sum", None, float.format(histogram.sum));
            sample("_count", None, integer.format(histogram.count()));
            let bounds = metric.buckets.iter().map(|(_, le)| *le).chain(["+Inf"]);
            let mut cumulative = 0;
            for (le, (_, count)) in bounds.zip(&histogram.buckets) {
                cumulative += count;
                sample("_bucket", Some(le), integer.format(cumulative));
            }
        }
        Reading::Info => sample("_info", None, "1"),
    }
}

fn write_labels(le: Option<&'static str>, labels: Labels<'_>, body: &mut String) {
    let le = le.map(|le| ("le", Value::Text(le)));
    let mut before = "{";
    for (name, value) in le.into_iter().chain(labels.iter()) {
        concat(body, [before, name, "=\""]);
        escape_value(body, value);
        body.push('"');
        before = ",";
    }
    if before == "," {
        body.push('}');
    }
}

fn escape_value(body: &mut String, value: Value<'_>) {
    let mut integer = itoa::Buffer::new();
    match value {
        Value::Text(text) => escape(body, text, true),
        Value::Unsigned(number) => body.push_str(integer.format(number)),
        Value::Signed(number) => body.push_str(integer.format(number)),
        Value::Boolean(truth) => body.push_str(if truth { "true" } else { "false" }),
    }
}

/// Appends a help text, which must stay on one line. Only OpenMetrics escapes quotes in it.
pub(crate) fn escape_help(body: &mut String, help: &str, format: Format) {
    escape(body, help, format == Format::OpenMetrics);
}

fn escape(body: &mut String, text: &str, quotes: bool) {
    let special = |character| matches!(character, '\\' | '\n') || (quotes && character == '"');
    for piece in text.split_inclusive(special) {
        let plain = piece.trim_end_matches(special);
        body.push_str(plain);
        body.push_str(match &piece[plain.len()..] {
            "\\" => "\\\\",
            "\n" => "\\n",
            "\"" => "\\\"",
            other => other,
        });
    }
}

fn concat<const N: usize>(body: &mut String, pieces: [&str; N]) {
    pieces.iter().for_each(|piece| body.push_str(piece));
}
