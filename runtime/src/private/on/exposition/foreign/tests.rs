//! Pictures of what `prometheus_client` registers, and of what is left of what it should refuse.

use std::fmt::{self, Write};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text::encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::exemplar::{CounterWithExemplar, HistogramWithExemplars};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::metrics::{MetricType, TypedMetric};
use prometheus_client::registry::{Registry, Unit};
use proptest::prelude::*;

use super::super::decoder::decode;
use super::Foreign;

fn text(openmetrics: &str) -> String {
    let mut body = Vec::new();
    Foreign::parse(openmetrics).write_text(&mut body);
    String::from_utf8(body).expect("UTF-8")
}

fn protobuf(openmetrics: &str) -> String {
    let mut body = Vec::new();
    Foreign::parse(openmetrics).write_protobuf(&mut body);
    decode(&body)
}

fn encode(registry: &Registry) -> String {
    let mut openmetrics = String::new();
    encode_registry(&mut openmetrics, registry).expect("a registry of ours");
    openmetrics
}

type Pairs = Vec<(&'static str, &'static str)>;

#[test]
fn every_kind_as_text() {
    assert_eq!(
        text(&encode(&every_kind())),
        r#"# HELP app_sent_records_total Records that were sent.
# TYPE app_sent_records_total counter
app_sent_records_total{region="eu",topic="a\"\\\n"} 5
# HELP app_energy_total Energy.
# TYPE app_energy_total counter
app_energy_total{region="eu"} 1.5
# HELP app_lag_seconds Lag.
# TYPE app_lag_seconds gauge
app_lag_seconds{region="eu"} -Inf
# HELP app_call_seconds Time of a call.
# TYPE app_call_seconds histogram
app_call_seconds_sum{region="eu"} 7.75
app_call_seconds_count{region="eu"} 2
app_call_seconds_bucket{le="0.5",region="eu"} 0
app_call_seconds_bucket{le="1.0",region="eu"} 1
app_call_seconds_bucket{le="+Inf",region="eu"} 2
# HELP app_build_info Build.
# TYPE app_build_info gauge
app_build_info{region="eu",version="1.2"} 1
# HELP app_legacy Legacy.
# TYPE app_legacy untyped
app_legacy{region="eu"} 3
"#
    );
}

#[test]
fn every_kind_as_protobuf() {
    assert_eq!(
        protobuf(&encode(&every_kind())),
        r#"name: "app_sent_records_total"
help: "Records that were sent."
type: COUNTER
metric {
  label {
    name: "region"
    value: "eu"
  }
  label {
    name: "topic"
    value: "a\"\\\n"
  }
  counter {
    value: 5
  }
}
unit: "records"
name: "app_energy_total"
help: "Energy."
type: COUNTER
metric {
  label {
    name: "region"
    value: "eu"
  }
  counter {
    value: 1.5
    exemplar {
      label {
        name: "trace"
        value: "a\"b"
      }
      value: 0.5
      timestamp {
        seconds: 1700000000
        nanos: 250000000
      }
    }
  }
}
name: "app_lag_seconds"
help: "Lag."
type: GAUGE
metric {
  label {
    name: "region"
    value: "eu"
  }
  gauge {
    value: -inf
  }
}
unit: "seconds"
name: "app_call_seconds"
help: "Time of a call."
type: HISTOGRAM
metric {
  label {
    name: "region"
    value: "eu"
  }
  histogram {
    sample_count: 2
    sample_sum: 7.75
    bucket {
      cumulative_count: 0
      upper_bound: 0.5
    }
    bucket {
      cumulative_count: 1
      upper_bound: 1
    }
    bucket {
      cumulative_count: 2
      upper_bound: inf
      exemplar {
        label {
          name: "trace"
          value: "c"
        }
        value: 7
      }
    }
  }
}
unit: "seconds"
name: "app_build_info"
help: "Build."
type: GAUGE
metric {
  label {
    name: "region"
    value: "eu"
  }
  label {
    name: "version"
    value: "1.2"
  }
  gauge {
    value: 1
  }
}
name: "app_legacy"
help: "Legacy."
type: UNTYPED
metric {
  label {
    name: "region"
    value: "eu"
  }
  untyped {
    value: 3
  }
}
"#
    );
}

fn every_kind() -> Registry {
    let labels = [("region".into(), "eu".into())];
    let mut registry = Registry::with_prefix_and_labels("app", labels.into_iter());
    let unit = |unit: &str| Unit::Other(unit.to_owned());

    let sent = Family::<Pairs, Counter>::default();
    sent.get_or_create(&vec![("topic", "a\"\\\n")]).inc_by(5);
    registry.register_with_unit("sent", "Records that were sent", unit("records"), sent);

    let energy = CounterWithExemplar::<Pairs, f64>::default();
    energy.inc_by(1.0, None, None);
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_700_000_000_250);
    energy.inc_by(0.5, Some(vec![("trace", "a\"b")]), Some(moment));
    registry.register("energy", "Energy", energy);

    let lag = Gauge::<f64, std::sync::atomic::AtomicU64>::default();
    lag.set(f64::NEG_INFINITY);
    registry.register_with_unit("lag", "Lag", Unit::Seconds, lag);

    let call = HistogramWithExemplars::<Pairs>::new([0.5, 1.0].into_iter());
    call.observe(0.75, None, None);
    call.observe(7.0, Some(vec![("trace", "c")]), None);
    registry.register_with_unit("call", "Time of a call", Unit::Seconds, call);

    registry.register("build", "Build", Info::new(vec![("version", "1.2")]));
    registry.register("legacy", "Legacy", Legacy);
    registry.register("nobody", "A family without a series", Family::<Pairs, Counter>::default());
    registry
}

/// The only way to an `unknown` there is.
#[derive(Debug)]
struct Legacy;

impl EncodeMetric for Legacy {
    fn encode(&self, mut encoder: prometheus_client::encoding::MetricEncoder<'_>) -> fmt::Result {
        encoder.encode_gauge(&3u32)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Unknown
    }
}

#[test]
fn a_family_in_pieces_is_put_together() {
    let mut registry = Registry::default();
    for shard in ["a", "b"] {
        let labels = registry.sub_registry_with_label(("shard".into(), shard.into()));
        labels.register("sent", "Sent", Counter::<u64>::default());
    }
    assert_eq!(
        text(&encode(&registry)),
        "# HELP sent_total Sent.\n\
         # TYPE sent_total counter\n\
         sent_total{shard=\"a\"} 0\n\
         sent_total{shard=\"b\"} 0\n"
    );
}

#[test]
fn a_name_belongs_to_the_first_kind_that_has_it() {
    let mut registry = Registry::default();
    registry.register("sent", "Sent", Counter::<u64>::default());
    registry.register("sent_total", "Impostor", Gauge::<i64>::default());
    registry.register("wait", "Wait", Histogram::new([1.0]));
    registry.register("wait_sum", "Impostor", Gauge::<i64>::default());
    let text = text(&encode(&registry));
    assert_eq!(text.matches("# TYPE").count(), 2, "{text}");
    assert!(!text.contains("Impostor"), "{text}");
}

#[test]
fn help_of_several_lines_stays_help() {
    let mut registry = Registry::default();
    registry.register("lag", "Two\nlag 9\n# UNIT lag", Gauge::<i64>::default());
    registry.register("pattern", r#"Matches \d+ or a "quote" or \\n"#, Gauge::<i64>::default());
    let openmetrics = encode(&registry);
    assert_eq!(
        text(&openmetrics),
        r#"# HELP lag Two\nlag 9\n# UNIT lag.
# TYPE lag gauge
lag 0
# HELP pattern Matches \\d+ or a "quote" or \\n.
# TYPE pattern gauge
pattern 0
"#
    );
    assert!(protobuf(&openmetrics).contains(r#"help: "Two\nlag 9\n# UNIT lag.""#));
}

#[test]
fn names_that_no_reader_takes_are_left_out() {
    let mut registry = Registry::default();
    for name in ["", "two words", "1st", "a-b", "größe", "a\nb", "a{b}"] {
        registry.register(name, "Help", Counter::<u64>::default());
    }
    let family = Family::<Pairs, Counter>::default();
    for label in ["", "two words", "1st", "a-b", "a:b", "a\nb", "__name__"] {
        drop(family.get_or_create(&vec![(label, "x")]));
    }
    drop(family.get_or_create(&vec![("twice", "x"), ("twice", "y")]));
    registry.register("sent", "Sent", family.clone());
    assert_eq!(text(&encode(&registry)), "");

    drop(family.get_or_create(&vec![("topic", "x")]));
    let drawn = "# HELP sent_total Sent.\n# TYPE sent_total counter\nsent_total{topic=\"x\"} 0\n";
    assert_eq!(text(&encode(&registry)), drawn);
}

#[test]
fn histograms_that_no_reader_takes_are_left_out() {
    for (bounds, buckets) in
        [(vec![2.0, 1.0], 0), (vec![1.0, 1.0], 0), (vec![1.0, f64::NAN], 2), (vec![-1.0, 1.0], 3)]
    {
        let mut registry = Registry::default();
        registry.register("wait", "Wait", Histogram::new(bounds));
        assert_eq!(text(&encode(&registry)).matches("wait_bucket").count(), buckets);
    }
    let family = Family::<Pairs, Histogram>::new_with_constructor(|| Histogram::new([1.0]));
    drop(family.get_or_create(&vec![("le", "5")]));
    let mut registry = Registry::default();
    registry.register("wait", "Wait", family);
    assert_eq!(text(&encode(&registry)), "");
}

/// A collector passes on whatever it is told.
#[derive(Debug)]
struct Careless;

impl Collector for Careless {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let kind = MetricType::Histogram;
        let mut wait = encoder.encode_descriptor("wait", "Wait", None, kind)?;
        wait.encode_histogram::<Pairs>(1.0, 5, &[(1.0, 2)], None)?;
        let mut sent = encoder.encode_descriptor("sent", "", None, ConstCounter::<u64>::TYPE)?;
        ConstGauge::new(1u64).encode(sent.encode_family(&Pairs::new())?)?;
        let counter = ConstCounter::new(f64::NAN);
        counter.encode(sent.encode_family(&vec![("a", "b")])?)
    }
}

#[test]
fn a_careless_collector_is_made_the_best_of() {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Careless));
    assert_eq!(
        text(&encode(&registry)),
        "# HELP wait Wait\n\
         # TYPE wait histogram\n\
         wait_sum 1.0\n\
         wait_count 5\n\
         wait_bucket{le=\"1.0\"} 2\n\
         wait_bucket{le=\"+Inf\"} 5\n\
         # HELP sent_total \n\
         # TYPE sent_total counter\n\
         sent_total{a=\"b\"} NaN\n"
    );
}

#[test]
fn the_dates_of_creation_are_left_out() {
    let openmetrics = "# HELP a A\n# TYPE a counter\na_total 1\na_created 1.7e9\n# EOF\n";
    assert_eq!(text(openmetrics), "# HELP a_total A\n# TYPE a_total counter\na_total 1\n");
}

proptest! {
    #[test]
    fn hostile_text_arrives_as_data(help in ".*", value in any::<String>(), wait in any::<f64>()) {
        let mut registry = Registry::default();
        let family = Family::<Vec<(&str, String)>, Counter>::default();
        family.get_or_create(&vec![("topic", value.clone())]).inc();
        registry.register("sent", help.replace('\n', " "), family);
        let histogram = Histogram::new([1.0]);
        histogram.observe(wait);
        registry.register("wait", "Wait", histogram);

        let openmetrics = encode(&registry);
        let text = text(&openmetrics);
        prop_assert_eq!(text.split('\n').count(), 3 + 6 + 1, "{}", text);
        let drawn = format!("    value: {value:?}\n");
        prop_assert!(protobuf(&openmetrics).contains(&drawn));
    }

    /// Lines of whatever a registry may write, in any order.
    #[test]
    fn no_text_is_too_bad(lines in proptest::collection::vec(line(), 0..12)) {
        let openmetrics = lines.join("\n");
        let text = text(&openmetrics);
        protobuf(&openmetrics);
        // What is written is what a stricter reader would have left as it is.
        prop_assert_eq!(again(&text), text);
    }
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "# HELP (a|b) (x|\\\\\\\\|\\\\n|\")?",
        "# TYPE (a|b) (counter|gauge|histogram|info|unknown|x)",
        "# HELP a \n# TYPE a (counter|gauge|histogram|info)",
        "# UNIT (a|b) (x)?",
        concat!(
            r"(a|b)(_total|_info|_sum|_count|_bucket|_created)?",
            r#"(\{((le|x|y)="(1|2|\+Inf|\\\\|\\n)?",?){0,2}\})?"#,
            r" [0-9]{1,2}( # \{\} 1( 2)?)?"
        ),
        "[ -~é]{0,20}",
    ]
}

/// Reads our own text as OpenMetrics, and writes it again.
fn again(text: &str) -> String {
    let mut openmetrics = String::new();
    for line in text.lines() {
        let line = line.replace(" untyped", " unknown");
        match line.strip_prefix("# ") {
            Some(head) => {
                let (word, rest) = head.split_once(' ').expect("a head has words");
                let (name, rest) = rest.split_once(' ').expect("a head has words");
                let family = name.strip_suffix("_total").unwrap_or(name);
                writeln!(openmetrics, "# {word} {family} {rest}").expect("text");
            }
            None => writeln!(openmetrics, "{line}").expect("text"),
        }
    }
    self::text(&openmetrics)
}
