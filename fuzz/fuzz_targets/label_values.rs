//! Any two texts as label values arrive as they were, in every format.
//!
//! `cargo +nightly fuzz run label_values`
#![no_main]

use libfuzzer_sys::fuzz_target;
use streamhouse_metrics::{Format, Registry, StreamhouseMetrics};

/// What is fuzzed.
#[derive(StreamhouseMetrics)]
#[metrics(component = "texts")]
pub struct TextsMetrics(pub(crate) TextsRecorder);

use texts::FirstSecond;

const SAMPLE: &str = "fuzz_texts_events_total";

fuzz_target!(|values: (&str, &str)| {
    let (first, second) = values;
    let mut registry = Registry::new();
    let metrics = TextsMetrics::new(&mut registry);
    metrics.events(FirstSecond { first, second }).inc();

    let expected = [("first", first), ("second", second)]
        .map(|(name, value)| (name.to_owned(), if value.is_empty() { "__empty__" } else { value }));
    for format in [Format::OpenMetrics, Format::Prometheus] {
        let body = String::from_utf8(registry.encode(format)).expect("text is UTF-8");
        let lines: Vec<&str> =
            body.split('\n').filter_map(|line| line.strip_prefix(SAMPLE)).collect();
        let [line] = lines[..] else { panic!("one sample is one line: {body:?}") };
        let (labels, value) = parse(line).expect("a strict parser reads the line");
        assert_eq!(value, "1");
        let labels: Vec<(String, &str)> =
            labels.iter().map(|(name, value)| (name.clone(), &**value)).collect();
        assert_eq!(labels, expected);
    }
    // Protobuf carries values as they are, each behind its length.
    let body = registry.encode(Format::Protobuf);
    for (name, value) in expected {
        let mut field = vec![0x0a, name.len() as u8];
        field.extend(name.bytes());
        field.push(0x12);
        varint(&mut field, value.len());
        field.extend(value.bytes());
        assert!(body.windows(field.len()).any(|window| window == field), "{name}");
    }
});

/// Labels and value of a sample, by the grammar of the formats and nothing more lenient.
fn parse(line: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut rest = line.strip_prefix('{')?;
    let mut labels = Vec::new();
    loop {
        let (name, after) = rest.split_once("=\"")?;
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || !name.bytes().all(valid) {
            return None;
        }
        let mut value = String::new();
        let mut characters = after.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\n' => return None,
                '\\' => value.push(match characters.next()? {
                    'n' => '\n',
                    character @ ('"' | '\\') => character,
                    _ => return None,
                }),
                other => value.push(other),
            }
        }
        labels.push((name.to_owned(), value));
        rest = characters.as_str();
        match rest.strip_prefix(',') {
            Some(further) => rest = further,
            None => return Some((labels, rest.strip_prefix("} ")?)),
        }
    }
}

fn varint(field: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        field.push(number as u8 | 0x80);
        number >>= 7;
    }
    field.push(number as u8);
}
