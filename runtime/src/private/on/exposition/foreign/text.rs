//! Writes a family as Prometheus text 0.0.4.
//!
//! That format knows no families, only samples: a suffix is part of the name. It has no units, no
//! exemplars and no line at the end.

use super::labels::{Label, unescape};
use super::{Family, Histogram, Kind, Series, Value};

pub(super) fn write(family: &Family<'_>, body: &mut Vec<u8>) {
    let Family { name, kind, unit: _, help, series } = family;
    let suffix = kind.suffix();
    let kind = match kind {
        Kind::Counter => "counter",
        Kind::Gauge | Kind::Info => "gauge",
        Kind::Histogram => "histogram",
        Kind::Unknown => "untyped",
    };
    let help = unescape(help).replace('\\', "\\\\").replace('\n', "\\n");
    concat(body, ["# HELP ", name, suffix, " ", &help, "\n"]);
    concat(body, ["# TYPE ", name, suffix, " ", kind, "\n"]);
    for Series { labels, value } in series {
        let sample = |body: &mut Vec<u8>, suffix, le: Option<&str>, value: &str| {
            let le = le.map(|escaped| Label { name: "le", escaped });
            concat(body, [name, suffix]);
            write_labels(body, le.into_iter().chain(labels.iter()));
            concat(body, [" ", value, "\n"]);
        };
        match value {
            Value::Number(number, _) => sample(body, suffix, None, number.text()),
            Value::Histogram(Histogram { sum, buckets }) => {
                let mut integer = itoa::Buffer::new();
                sample(body, "_sum", None, sum.text());
                if let Some(last) = buckets.last() {
                    sample(body, "_count", None, integer.format(last.cumulative));
                }
                for bucket in buckets {
                    let count = integer.format(bucket.cumulative);
                    sample(body, "_bucket", Some(bucket.bound.text()), count);
                }
            }
        }
    }
}

fn write_labels<'a>(body: &mut Vec<u8>, labels: impl Iterator<Item = Label<'a>>) {
    let mut before = "{";
    for Label { name, escaped } in labels {
        concat(body, [before, name, "=\"", escaped, "\""]);
        before = ",";
    }
    if before == "," {
        body.push(b'}');
    }
}

fn concat<const N: usize>(body: &mut Vec<u8>, pieces: [&str; N]) {
    pieces.iter().for_each(|piece| body.extend_from_slice(piece.as_bytes()));
}
