//! Label values and exemplars that no format can have expected arrive in every format as they were
//! recorded: random, but the same in each run. What broke once is drawn in hostile.rs.

use std::collections::BTreeMap;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use streamhouse_metrics::{Format, Registry, StreamhouseMetrics};
use streamhouse_metrics_tests::{
    Random, Sample, accepted, promtool_check_metrics, refused, samples,
};

use values::FirstSecondThird;

/// A metric of every kind whose series have values of labels.
#[derive(StreamhouseMetrics)]
#[metrics(component = "values", spec = "tests/label_values.toml")]
pub struct ValuesMetrics(ValuesRecorder);

/// What is syntax in some format, or looks like nothing, or like something else.
///
/// `__overflow__` is left out: it is the name of where values go that are too many.
const PIECES: [&str; 40] = [
    "\"",
    "\\",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{7f}",
    "\\n",
    "\\\"",
    "\\\\",
    "{",
    "}",
    ",",
    "=",
    " ",
    "#",
    " # {",
    "\"} 1\n",
    "# EOF\n",
    "# TYPE x counter\n",
    "le=\"",
    "__name__",
    "+Inf",
    "1e3",
    "'",
    "`",
    "{{",
    "ü",
    "u\u{308}",
    "\u{301}",
    "日本",
    "🦀",
    "👩\u{200d}🔬",
    "\u{202e}",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{e000}",
    "\u{10ffff}",
];

/// What the series of one number was recorded with.
#[derive(Debug)]
struct Recorded {
    labels: [String; 3],
    /// The value of the one label of its exemplar.
    trace: String,
}

#[test]
fn every_value_arrives_in_every_format() {
    for seed in 0..4 {
        let (registry, recorded) = record(seed);
        for format in [Format::OpenMetrics, Format::Prometheus, Format::Protobuf] {
            let body = registry.encode(format);
            check(&recorded, format, &accepted(samples(format, &body)));
        }
        let text = String::from_utf8(registry.encode(Format::Prometheus)).expect("text is UTF-8");
        accepted(promtool_check_metrics(&text));
    }
}

/// The judge can tell: a value that ends too early is none.
#[test]
fn a_value_that_breaks_out_is_refused() {
    let body = b"# TYPE a counter\na_total{b=\"c\"d\"} 1\n# EOF\n";
    refused(samples(Format::OpenMetrics, body), "");
    refused(samples(Format::Prometheus, body), "could not convert");
    let mut body = record(0).0.encode(Format::Protobuf);
    body.pop();
    refused(samples(Format::Protobuf, &body), "");
}

/// A registry with a hundred series of random labels, each counted as often as its number says.
fn record(seed: u64) -> (Registry, Vec<Recorded>) {
    let mut random = Random::new(seed);
    let mut registry = Registry::new();
    let foreign = Family::<Vec<(String, String)>, Counter>::default();
    registry.prometheus_client().register("foreign", "None of ours", foreign.clone());
    let metrics = ValuesMetrics::new(&mut registry);

    let recorded = (1..=100).map(|number| {
        let labels = [(); 3].map(|()| text(&mut random));
        // The judge of OpenMetrics counts an escaped quote in an exemplar as an end of quotes.
        let trace = text(&mut random).replace('"', "'");
        let trace: String = trace.chars().take(100).collect();
        let [first, second, third] = &labels;
        let series = metrics.bind(FirstSecondThird { first, second, third });
        let exemplar = [("trace_id", &*trace)];
        series.seen().inc_by_with_exemplar(number, &exemplar);
        series.level_items().set(number as i64);
        let took = std::time::Duration::from_secs(number);
        series.wait_seconds().observe_with_exemplar(took, &exemplar);
        let named = ["first", "second", "third"].into_iter().zip(&labels);
        let named = named.map(|(name, value)| (name.to_owned(), value.clone()));
        foreign.get_or_create(&named.collect()).inc_by(number);
        Recorded { labels, trace }
    });
    let recorded = recorded.collect();
    (registry, recorded)
}

/// Every series is there once, under its number, with its labels and its exemplar.
#[track_caller]
fn check(recorded: &[Recorded], format: Format, samples: &[Sample]) {
    for name in ["seen_total", "level_items", "wait_seconds_sum", "foreign_total"] {
        let is_foreign = name == "foreign_total";
        let name = if is_foreign { name.to_owned() } else { format!("hostile_values_{name}") };
        let found = samples.iter().filter(|sample| sample.name == name);
        let found: BTreeMap<_, _> = found.map(|sample| (sample.value as usize, sample)).collect();
        assert_eq!(found.len(), recorded.len(), "{name} in {format:?}");
        for (number, Recorded { labels, trace }) in (1..).zip(recorded) {
            let Sample { labels: found, exemplar, .. } = found[&number];
            let labels = ["first", "second", "third"].into_iter().zip(labels);
            let drawn = |(label, value): (&str, &String)| {
                // Only we know that an empty value is an absent label.
                let is_empty = value.is_empty() && !is_foreign;
                let value = if is_empty { "__empty__" } else { value };
                (label.to_owned(), value.to_owned())
            };
            assert_eq!(found, &labels.map(drawn).collect(), "{name} in {format:?}");
            if name.ends_with("seen_total") && format != Format::Prometheus {
                let drawn = BTreeMap::from([("trace_id".to_owned(), trace.clone())]);
                assert_eq!(exemplar.as_ref(), Some(&drawn), "{name} in {format:?}");
            }
        }
    }
    let buckets =
        samples.iter().filter(|sample| sample.name == "hostile_values_wait_seconds_bucket");
    let mut traces: Vec<&str> =
        buckets.filter_map(|bucket| Some(&*bucket.exemplar.as_ref()?["trace_id"])).collect();
    let mut drawn: Vec<&str> = recorded.iter().map(|recorded| &*recorded.trace).collect();
    drawn.retain(|_| format != Format::Prometheus);
    traces.sort_unstable();
    drawn.sort_unstable();
    assert_eq!(traces, drawn, "exemplars of buckets in {format:?}");
}

/// A text of a few pieces and characters, sometimes of none, now and then of very many.
fn text(random: &mut Random) -> String {
    let length = if random.below(40) == 0 { random.below(2000) } else { random.below(9) };
    let mut text = String::new();
    for _ in 0..length {
        // Some numbers are no characters.
        let any = char::from_u32((random.number() % 0x11_0000) as u32);
        match any.filter(|_| random.below(4) == 0) {
            Some(character) => text.push(character),
            None => text.push_str(random.of(&PIECES)),
        }
    }
    text
}
