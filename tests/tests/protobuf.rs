//! A real Prometheus reads our protobuf, which alone can carry native histograms.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};
use streamhouse_metrics_tests::{Prometheus, query};

const PROTOBUF: &str = "application/vnd.google.protobuf; \
     proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// What Prometheus is asked, and its answers: labels without those of the target, and the value.
const QUESTIONS: &[(&str, &[(&str, &str)])] = &[
    ("sent_records_total{partition=\"3\"}", &[(r#"{"partition":"3","topic":"a\"b\\c\nd"}"#, "5")]),
    ("sent_records_total{topic=\"plain\"}", &[(r#"{"topic":"plain"}"#, "0")]),
    ("lag", &[("{}", "-1.5")]),
    (
        "sort(classic_seconds_bucket)",
        &[(r#"{"le":"0.5"}"#, "1"), (r#"{"le":"1.0"}"#, "3"), (r#"{"le":"+Inf"}"#, "4")],
    ),
    ("classic_seconds_sum", &[("{}", "9.5")]),
    ("classic_seconds_count", &[("{}", "4")]),
    ("histogram_count(native_seconds)", &[("{}", "200")]),
    ("histogram_sum(native_seconds)", &[("{}", "39145")]),
    // Observations on a bound are in the bucket below it, which is where a quantile ends up that
    // has exactly their number below it.
    ("histogram_quantile(101 / 200, native_seconds)", &[("{}", "0.25")]),
    ("histogram_quantile(161 / 200, native_seconds)", &[("{}", "2")]),
    ("histogram_fraction(0, 2, native_seconds)", &[("{}", "0.805")]),
    ("build_info", &[(r#"{"version":"1.2"}"#, "1")]),
    ("old", &[("{}", "3")]),
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

    for series in ["sent_records_total", "classic_seconds_bucket"] {
        let path = format!("query_exemplars?query={series}&start=1700000000&end=1700000001");
        let exemplars = prometheus.api(&path);
        let exemplar = json!([{
            "labels": {"trace_id": "4bf92f3577b34da6"},
            "value": "0.75",
            "timestamp": 1_700_000_000.25,
        }]);
        assert_eq!(exemplars[0]["exemplars"], exemplar, "{exemplars:#}");
    }

    let metadata = prometheus.api("metadata?metric=sent_records_total");
    let drawn =
        json!({"help": "A \"quoted\" \\ help\nof two lines", "type": "counter", "unit": ""});
    assert_eq!(metadata["sent_records_total"][0], drawn);
    let metadata = prometheus.api("metadata?metric=native_seconds");
    assert_eq!(metadata["native_seconds"][0]["type"], "histogram");
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
    streamhouse_metrics::__private::on::sample()
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
        "HTTP/1.1 200 OK\r\nContent-Type: {PROTOBUF}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}
