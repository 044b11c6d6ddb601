//! A real Prometheus scrapes a hand-written body and refuses a broken one: the
//! proof that its word counts in demo.rs.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};
use streamhouse_metrics_tests::{Prometheus, query};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[test]
fn a_good_body_is_up_and_reported_with_its_types() {
    let body = "# TYPE sent counter\n# HELP sent A \\\"quoted\\\" help.\nsent_total 3\n\
                # TYPE lag gauge\nlag{topic=\"a\\\"b\\\\c\"} 5\n# EOF\n";
    let prometheus = scraping(serve(body));
    assert_eq!(prometheus.wait_for("targets", health), "up");

    let metadata = prometheus.wait_for("targets/metadata", |metadata| {
        let metadata = metadata.as_array()?;
        (metadata.len() == 2).then(|| metadata.clone())
    });
    let mut families: Vec<Value> = metadata
        .iter()
        .map(|family| json!([family["metric"], family["type"], family["help"]]))
        .collect();
    families.sort_by_key(Value::to_string);
    let drawn = [json!(["lag", "gauge", ""]), json!(["sent", "counter", "A \"quoted\" help."])];
    assert_eq!(families, drawn);

    let lag = prometheus.api(&query("lag"));
    assert_eq!(lag["result"][0]["metric"]["topic"], "a\"b\\c");
}

#[test]
fn a_body_without_an_end_is_down() {
    let prometheus = scraping(serve("# TYPE sent counter\nsent_total 3\n"));
    assert_eq!(prometheus.wait_for("targets", health), "down");
}

/// What Prometheus says about its one target, once it has scraped it.
fn health(targets: &Value) -> Option<String> {
    let health = targets["activeTargets"][0]["health"].as_str()?;
    (health != "unknown").then(|| health.to_owned())
}

fn scraping(target: SocketAddr) -> Prometheus {
    Prometheus::start(&format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: sample, static_configs: [{{targets: ['{target}']}}]}}]\n"
    ))
}

/// Serves one body to whoever asks, until the test process ends.
fn serve(body: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A scraper that goes away is its own business.
            let _ = answer(stream, body);
        }
    });
    address
}

fn answer(mut stream: TcpStream, body: &str) -> std::io::Result<()> {
    let request = BufReader::new(stream.try_clone()?);
    for line in request.lines() {
        if line?.is_empty() {
            break;
        }
    }
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {OPENMETRICS}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}
