//! Judges in Python: parsers of every exposition, of OpenMetrics the strictest, both versions of
//! YAML, and Compose files; and Jsonnet.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use streamhouse_metrics::Format;

use crate::workspace::own_file;
use crate::{Finished, Verdict, finish, tool};

/// Reads an OpenMetrics body by the strictest parser there is.
///
/// What it read is an object of families, each with `type`, `help`, `unit` and
/// the number of `samples`.
pub fn strict_openmetrics(body: &str) -> Verdict<Value> {
    judge(&["openmetrics.py"], body.as_bytes())
}

/// Reads many OpenMetrics bodies, one behind the other, by the same parser; returns how many it were.
pub fn strict_openmetrics_each(bodies: &str) -> Verdict<u64> {
    let number = judge(&["openmetrics.py", "each"], bodies.as_bytes())?;
    Ok(number.as_u64().expect("the judge counts"))
}

/// A sample as somebody else has read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its name, with the suffix of its kind.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
    /// The labels of its exemplar, if it has one.
    pub exemplar: Option<BTreeMap<String, String>>,
}

/// Reads a body of any format, by parsers that are not ours.
///
/// Of protobuf's buckets, only those with an exemplar are samples.
pub fn samples(format: Format, body: &[u8]) -> Verdict<Vec<Sample>> {
    let format = match format {
        Format::OpenMetrics => "openmetrics",
        Format::Prometheus => "prometheus",
        Format::Protobuf => "protobuf",
    };
    let read = judge(&["samples.py", format], body)?;
    let texts = |labels: &Value| {
        let labels = labels.as_object()?.iter();
        Some(labels.map(|(name, value)| (name.clone(), text(value))).collect())
    };
    let samples =
        read.as_array().expect("the judge answers with a list").iter().map(|sample| Sample {
            name: text(&sample[0]),
            labels: texts(&sample[1]).expect("a sample has labels"),
            value: sample[2].as_f64().expect("a sample has a value"),
            exemplar: texts(&sample[3]),
        });
    Ok(samples.collect())
}

fn text(value: &Value) -> String {
    value.as_str().expect("the judge answers with a text here").to_owned()
}

/// Reads a YAML document by 1.1 and 1.2, which must read the same plain data.
pub fn yaml_1_1_and_1_2_agree(text: &str) -> Verdict<Value> {
    judge(&["yaml_versions.py"], text.as_bytes())
}

/// Reads a Compose file, and follows what its services refer to within it.
///
/// What it read is the file as an object. Nobody looks whether files that are mounted exist.
pub fn compose_file(path: &Path) -> Verdict<Value> {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    judge(&["compose.py"], &text)
}

/// Evaluates Jsonnet as if it stood in a file, from which it may import others.
pub fn evaluated_jsonnet(place: &Path, text: &str) -> Verdict<Value> {
    let place = place.to_str().expect("a path of text");
    judge(&["jsonnet.py", place], text.as_bytes())
}

/// Has a script judge; its words after the first are arguments.
fn judge(script: &[&str], input: &[u8]) -> Verdict<Value> {
    let mut python = tool("python");
    python.arg(own_file("python").join(script[0])).args(&script[1..]);
    let Finished { code, stdout, stderr } = finish(python, input, Duration::from_secs(300));
    match code {
        Some(0) => Ok(serde_json::from_str(&stdout).expect("a judge answers in JSON")),
        Some(3) => Err(stderr),
        _ => panic!("{} broke: {code:?}\n{stderr}", script[0]),
    }
}
