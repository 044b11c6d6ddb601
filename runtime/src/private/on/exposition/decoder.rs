//! Reads a protobuf body back, for pictures in tests: protobuf's own text format, a field a line.

use std::fmt::Write;

/// `metrics.proto`, as far as it is written: message, field, its name and its type.
const SCHEMA: &[(&str, u64, &str, &str)] = &[
    ("MetricFamily", 1, "name", "string"),
    ("MetricFamily", 2, "help", "string"),
    ("MetricFamily", 3, "type", "MetricType"),
    ("MetricFamily", 4, "metric", "Metric"),
    ("MetricFamily", 5, "unit", "string"),
    ("Metric", 1, "label", "LabelPair"),
    ("Metric", 2, "gauge", "Gauge"),
    ("Metric", 3, "counter", "Counter"),
    ("Metric", 5, "untyped", "Untyped"),
    ("Metric", 7, "histogram", "Histogram"),
    ("LabelPair", 1, "name", "string"),
    ("LabelPair", 2, "value", "string"),
    ("Gauge", 1, "value", "double"),
    ("Untyped", 1, "value", "double"),
    ("Counter", 1, "value", "double"),
    ("Counter", 2, "exemplar", "Exemplar"),
    ("Exemplar", 1, "label", "LabelPair"),
    ("Exemplar", 2, "value", "double"),
    ("Exemplar", 3, "timestamp", "Timestamp"),
    ("Timestamp", 1, "seconds", "uint64"),
    ("Timestamp", 2, "nanos", "uint64"),
    ("Histogram", 1, "sample_count", "uint64"),
    ("Histogram", 2, "sample_sum", "double"),
    ("Histogram", 3, "bucket", "Bucket"),
    ("Histogram", 5, "schema", "sint"),
    ("Histogram", 6, "zero_threshold", "double"),
    ("Histogram", 7, "zero_count", "uint64"),
    ("Histogram", 12, "positive_span", "BucketSpan"),
    ("Histogram", 13, "positive_delta", "packed sint"),
    ("Bucket", 1, "cumulative_count", "uint64"),
    ("Bucket", 2, "upper_bound", "double"),
    ("Bucket", 3, "exemplar", "Exemplar"),
    ("BucketSpan", 1, "offset", "sint"),
    ("BucketSpan", 2, "length", "uint64"),
];

const METRIC_TYPES: [&str; 5] = ["COUNTER", "GAUGE", "SUMMARY", "UNTYPED", "HISTOGRAM"];

/// The messages of a stream. Bytes that are no such stream are a panic.
pub(super) fn decode(mut body: &[u8]) -> String {
    let mut text = String::new();
    while !body.is_empty() {
        let length = varint(&mut body);
        write_message("MetricFamily", take(&mut body, length), 0, &mut text);
    }
    text
}

fn write_message(message: &str, mut bytes: &[u8], depth: usize, text: &mut String) {
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let known = SCHEMA.iter().find(|known| (known.0, known.1) == (message, tag >> 3));
        let &(.., name, kind) = known.unwrap_or_else(|| panic!("{message} has no field {tag:#x}"));
        let margin = "  ".repeat(depth);
        let value = match (kind, tag & 7) {
            ("uint64", 0) => varint(&mut bytes).to_string(),
            ("sint", 0) => unzigzag(varint(&mut bytes)).to_string(),
            ("MetricType", 0) => METRIC_TYPES[varint(&mut bytes) as usize].to_owned(),
            ("double", 1) => {
                let bytes = take(&mut bytes, 8).try_into().expect("eight bytes");
                f64::from_le_bytes(bytes).to_string()
            }
            ("string", 2) => {
                let length = varint(&mut bytes);
                format!("{:?}", str::from_utf8(take(&mut bytes, length)).expect("UTF-8"))
            }
            ("packed sint", 2) => {
                let length = varint(&mut bytes);
                let mut packed = take(&mut bytes, length);
                let mut numbers = Vec::new();
                while !packed.is_empty() {
                    numbers.push(unzigzag(varint(&mut packed)));
                }
                format!("{numbers:?}")
            }
            (nested, 2) => {
                let length = varint(&mut bytes);
                writeln!(text, "{margin}{name} {{").expect("text");
                write_message(nested, take(&mut bytes, length), depth + 1, text);
                writeln!(text, "{margin}}}").expect("text");
                continue;
            }
            _ => panic!("{message}.{name} is no {kind}: {tag:#x}"),
        };
        writeln!(text, "{margin}{name}: {value}").expect("text");
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> &'a [u8] {
    bytes.split_off(..length as usize).expect("there are as many bytes as announced")
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes.split_off_first().expect("a varint ends");
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
    }
    panic!("a varint has ten bytes at most");
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
