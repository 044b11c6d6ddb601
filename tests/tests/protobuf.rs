//! A real Prometheus reads our protobuf, which alone can carry native histograms.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use serde_json::{Value, json};
use streamhouse_metrics::{Format, Registry, StreamhouseMetrics};
use streamhouse_metrics_tests::{Prometheus, query};

/// A metric of every kind.
#[derive(StreamhouseMetrics)]
#[metrics(component = "wire", spec = "tests/protobuf.toml")]
pub struct WireMetrics(WireRecorder);

use wire::{Topic, TopicPartition};

/// What Prometheus is asked, and its answers: labels without those of the target, and the value.
const QUESTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "sample_wire_sent_records_total{partition=\"3\"}",
        &[(r#"{"partition":"3","topic":"a\"b\\c\nd"}"#, "5")],
    ),
    (
        "sample_wire_sent_records_total{topic=\"plain\"}",
        &[(r#"{"partition":"0","topic":"plain"}"#, "1")],
    ),
    ("sample_wire_lag_ratio", &[("{}", "-1.5")]),
    (
        "sort(sample_wire_classic_seconds_bucket)",
        &[(r#"{"le":"0.5"}"#, "1"), (r#"{"le":"1.0"}"#, "3"), (r#"{"le":"+Inf"}"#, "4")],
    ),
    ("sample_wire_classic_seconds_sum", &[("{}", "9.5")]),
    ("sample_wire_classic_seconds_count", &[("{}", "4")]),
    ("histogram_count(sample_wire_native_seconds)", &[("{}", "200")]),
    ("histogram_sum(sample_wire_native_seconds)", &[("{}", "39145")]),
    // Observations on a bound are in the bucket below it, which is where a quantile ends up that
    // has exactly their number below it.
    ("histogram_quantile(101 / 200, sample_wire_native_seconds)", &[("{}", "0.25")]),
    ("histogram_quantile(161 / 200, sample_wire_native_seconds)", &[("{}", "2")]),
    ("histogram_fraction(0, 2, sample_wire_native_seconds)", &[("{}", "0.805")]),
    ("sample_wire_build_info", &[(r#"{"topic":"1.2"}"#, "1")]),
    ("sample_wire_metrics_overflow_total{label=\"topic\"}", &[(r#"{"label":"topic"}"#, "0")]),
    ("foreign_celsius", &[(r#"{"room":"a\"b"}"#, "21")]),
];

#[test]
fn every_kind_arrives() {
    let prometheus = scraping(serve(body()));
    assert_eq!(prometheus.wait_for("targets", health), ["up", ""]);
    for (question, answers) in QUESTIONS {
        let answers: Vec<_> =
            answers.iter().map(|&(labels, value)| (labels.to_owned(), value.to_owned())).collect();
        prometheus.wait_for(&query(question), |answer| (read(answer) == answers).then_some(()));
    }

    for (series, value) in
        [("sample_wire_sent_records_total", "5"), ("sample_wire_classic_seconds_bucket", "0.75")]
    {
        let found = prometheus.wait_for(
            &format!("query_exemplars?query={series}&start=1700000000&end=4000000000"),
            |exemplars| exemplars[0]["exemplars"].as_array()?.first().cloned(),
        );
        assert_eq!(found["labels"], json!({"trace_id": "4bf92f3577b34da6"}));
        assert_eq!(found["value"], value);
    }

    let metadata = prometheus.api("metadata?metric=sample_wire_sent_records_total");
    let drawn =
        json!({"help": "A \"quoted\" \\ help\nof two lines", "type": "counter", "unit": ""});
    assert_eq!(metadata["sample_wire_sent_records_total"][0], drawn);
    let metadata = prometheus.api("metadata?metric=sample_wire_native_seconds");
    assert_eq!(metadata["sample_wire_native_seconds"][0]["type"], "histogram");
}

#[test]
fn a_body_that_is_cut_off_is_down() {
    let mut body = body();
    body.pop();
    let prometheus = scraping(serve(body));
    let [health, error] = prometheus.wait_for("targets", health);
    assert_eq!(health, "down", "{error}");
}

/// The body under test.
fn body() -> Vec<u8> {
    let mut registry = Registry::new();
    let foreign = Family::<Vec<(String, String)>, Gauge>::default();
    registry.prometheus_client().register("foreign_celsius", "Temperature", foreign.clone());
    foreign.get_or_create(&vec![("room".to_owned(), "a\"b".to_owned())]).set(21);

    let metrics = WireMetrics::new(&mut registry);
    let trace = [("trace_id", "4bf92f3577b34da6")];
    let hostile = metrics.bind(TopicPartition { topic: "a\"b\\c\nd", partition: 3 });
    hostile.sent_records().inc_by_with_exemplar(5, &trace);
    metrics.sent_records(TopicPartition { topic: "plain", partition: 0 }).inc();
    metrics.lag_ratio().set(-1.5);
    let classic = metrics.classic_seconds();
    classic.observe_with_exemplar(Duration::from_millis(750), &trace);
    [0.5, 1.0, 7.25].into_iter().for_each(|seconds| classic.observe_seconds(seconds));
    // 100 observations of 0.25 s, 60 of 2 s, 39 of 1000 s and one of nothing.
    for (seconds, times) in [(0.25, 100), (2.0, 60), (1000.0, 39), (0.0, 1)] {
        (0..times).for_each(|_| metrics.native_seconds().observe_seconds(seconds));
    }
    metrics.build_info(Topic { topic: "1.2" }).set();
    registry.encode(Format::Protobuf)
}

/// What Prometheus says about its one target, once it has scraped it.
fn health(targets: &Value) -> Option<[String; 2]> {
    let target = &targets["activeTargets"][0];
    let [health, error] = [&target["health"], &target["lastError"]].map(Value::as_str);
    (health? != "unknown").then_some([health?.to_owned(), error?.to_owned()])
}

/// The series of an answer.
fn read(answer: &Value) -> Vec<(String, String)> {
    let series = answer["result"].as_array().expect("an answer has a result");
    let read = series.iter().map(|series| {
        let mut labels = series["metric"].clone();
        let own = labels.as_object_mut().expect("a series has labels");
        own.retain(|name, _| !["__name__", "instance", "job"].contains(&name.as_str()));
        (labels.to_string(), series["value"][1].as_str().expect("a value").to_owned())
    });
    read.collect()
}

fn scraping(target: SocketAddr) -> Prometheus {
    let config = format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: sample, static_configs: [{{targets: ['{target}']}}]}}]\n"
    );
    Prometheus::start_with(&config, &["--enable-feature=native-histograms,exemplar-storage"])
}

/// Serves one body to whoever asks, until the test process ends.
fn serve(body: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A scraper that goes away is its own business.
            let _ = answer(stream, &body);
        }
    });
    address
}

fn answer(mut stream: TcpStream, body: &[u8]) -> std::io::Result<()> {
    let request = BufReader::new(stream.try_clone()?);
    for line in request.lines() {
        if line?.is_empty() {
            break;
        }
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        Format::Protobuf.content_type(),
        body.len()
    )?;
    stream.write_all(body)
}
