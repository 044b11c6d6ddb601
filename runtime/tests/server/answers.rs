//! What everybody is answered.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use streamhouse_metrics::__private::on::{
    Component, Counter as OwnCounter, Histogram, Kind, Metric, Number, Slot, Value,
};
use streamhouse_metrics::{Format, MetricsServer, Registry};

use crate::client::{anywhere, ask, limits, run, serve, try_ask};
use crate::registries::Large;
use crate::support::{EMPTY, Labels, metric, open, registered};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
const PROTOBUF: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// A registry with something in it, and what it says in a format before the endpoint's own metrics.
fn registry() -> Registry {
    let mut registry = Registry::new();
    let restarts: Counter = Counter::default();
    registry.prometheus_client().register("restarts", "Restarts", restarts.clone());
    restarts.inc_by(7);
    registry
}

#[tokio::test]
async fn every_format_is_there_for_the_asking() {
    let server = serve(registry(), limits()).await;
    for (accept, format, content_type) in [
        ("", Format::Prometheus, TEXT),
        ("*/*", Format::Prometheus, TEXT),
        ("application/openmetrics-text", Format::OpenMetrics, OPENMETRICS),
        (PROTOBUF, Format::Protobuf, PROTOBUF),
    ] {
        let answer = ask(server.address, "GET /metrics", &format!("Accept: {accept}\r\n")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type));
        assert_eq!(answer.header("vary"), "accept, accept-encoding");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        let body = registry().encode(format);
        let ours = body.strip_suffix(b"# EOF\n").unwrap_or(&body);
        assert!(answer.body.starts_with(ours), "{}", answer.text());
        assert_eq!(answer.body.ends_with(b"# EOF\n"), format == Format::OpenMetrics);
        let own = b"metrics_server_scrapes";
        assert!(answer.body.windows(own.len()).any(|part| part == own));
    }
}

/// Two large families with an empty one between them.
static MANY: Component = Component {
    name: "many",
    labels: &[open("number", 20_000)],
    sets: &[&[0]],
    metrics: &[
        metric("many_sent", Kind::Counter, Number::Integer, 0),
        metric("many_never", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(0.001, "0.001"), (0.01, "0.01")],
            ..metric("many_seconds", Kind::Histogram, Number::Duration, 0)
        },
    ],
    ..EMPTY
};

#[tokio::test]
async fn a_large_body_is_the_same_though_it_is_made_in_pieces() {
    let (registry, recorder) = registered(&MANY);
    for number in 0..20_000 {
        let labels = Labels::<0, _>([Value::Unsigned(number)], 0);
        let sent: OwnCounter<'_, u64, _> = recorder.get(labels, Slot::new(0));
        sent.inc_by(number);
        let seconds: Histogram<'_, Duration, _> = recorder.get(labels, Slot::new(2));
        seconds.observe(Duration::from_micros(number));
    }
    let formats = [Format::Prometheus, Format::OpenMetrics, Format::Protobuf];
    let bodies = formats.map(|format| registry.encode(format));
    let server = serve(registry, limits()).await;
    for (body, accept) in bodies.iter().zip([TEXT, OPENMETRICS, PROTOBUF]) {
        assert!(body.len() > 1_000_000, "{}", body.len());
        let body = body.strip_suffix(b"# EOF\n").unwrap_or(body);
        let accept = format!("Accept: {accept}\r\n");
        let plain = ask(server.address, "GET /metrics", &accept).await.body;
        let zstd = format!("{accept}Accept-Encoding: zstd\r\n");
        let zstd = ask(server.address, "GET /metrics", &zstd).await.body;
        for served in [plain, zstd::decode_all(&*zstd).unwrap()] {
            assert!(served.starts_with(body), "{accept}");
        }
    }
}

#[tokio::test]
async fn the_registry_of_prometheus_client_is_served_as_well() {
    let mut registry = prometheus_client::registry::Registry::default();
    let restarts: Counter = Counter::default();
    registry.register("restarts", "Restarts", restarts.clone());
    restarts.inc();
    let server = serve(registry, limits()).await;
    let text = ask(server.address, "GET /metrics", "").await.text();
    assert!(text.starts_with("# HELP restarts_total Restarts.\n"), "{text}");
    assert!(text.contains("\nrestarts_total 1\n"), "{text}");
    let protobuf = ask(server.address, "GET /metrics", &format!("Accept: {PROTOBUF}\r\n")).await;
    assert_eq!((protobuf.status, protobuf.header("content-type")), (200, PROTOBUF));
    assert!(!protobuf.body.is_empty());
}

#[tokio::test]
async fn a_body_is_compressed_for_who_can_read_that() {
    let server = serve(Large(300_000), limits()).await;
    let plain = ask(server.address, "GET /metrics", "Accept-Encoding: identity\r\n").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    let gzip = ask(server.address, "GET /metrics", "Accept-Encoding: gzip\r\n").await;
    assert_eq!((gzip.status, gzip.header("content-encoding")), (200, "gzip"));
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(&*gzip.body).read_to_end(&mut unzipped).unwrap();
    let zstd = ask(server.address, "GET /metrics", "Accept-Encoding: gzip, zstd\r\n").await;
    assert_eq!((zstd.status, zstd.header("content-encoding")), (200, "zstd"));
    let unpacked = zstd::decode_all(&*zstd.body).unwrap();
    for (body, compressed) in [(unzipped, gzip), (unpacked, zstd)] {
        // Its own metrics change from scrape to scrape.
        assert_eq!(body[..300_000], plain.body[..300_000]);
        assert!(compressed.body.len() * 20 < body.len());
        assert_eq!(compressed.header("content-length"), compressed.body.len().to_string());
    }
}

#[tokio::test]
async fn other_methods_and_other_paths() {
    let server = serve(registry(), limits()).await;
    let head = ask(server.address, "HEAD /metrics", "").await;
    let get = ask(server.address, "GET /metrics", "").await;
    assert_eq!((head.status, head.header("content-type"), head.body.len()), (200, TEXT, 0));
    assert_ne!(head.header("content-length"), "0");
    assert_eq!(get.status, 200);
    for path in ["/metrics", "/health", "/ready"] {
        let answer = ask(server.address, &format!("POST {path}"), "Content-Length: 0\r\n").await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"), "{path}");
    }
    assert_eq!(ask(server.address, "GET /", "").await.status, 404);
}

#[tokio::test]
async fn endless_paths_add_no_series() {
    let server = serve(registry(), limits()).await;
    let series = async || ask(server.address, "GET /metrics", "").await.text().lines().count();
    let before = series().await;
    for number in 0..500 {
        assert_eq!(ask(server.address, &format!("GET /{number}/metrics"), "").await.status, 404);
    }
    assert_eq!(series().await, before);
}

#[tokio::test]
async fn health_and_readiness() {
    let is_ready = Arc::new(AtomicBool::new(false));
    let ready = Arc::clone(&is_ready);
    let ready = Arc::new(move || ready.load(Ordering::Relaxed));
    let server = run(MetricsServer::new(anywhere(), Arc::new(registry()), ready)).await;
    let health = ask(server.address, "GET /health", "").await;
    assert_eq!((health.status, &*health.text()), (200, "ok\n"));
    let ready = ask(server.address, "GET /ready", "").await;
    assert_eq!((ready.status, &*ready.text()), (503, "not ready\n"));
    is_ready.store(true, Ordering::Relaxed);
    assert_eq!(ask(server.address, "GET /ready", "").await.status, 200);

    let broken = Arc::new(|| panic!("on purpose"));
    let server = run(MetricsServer::new(anywhere(), Arc::new(registry()), broken)).await;
    assert_eq!(ask(server.address, "GET /ready", "").await.status, 500);
    assert_eq!(ask(server.address, "GET /health", "").await.status, 200);
}

#[tokio::test]
async fn the_routes_can_be_part_of_another_service() {
    let server = MetricsServer::new(anywhere(), Arc::new(registry()), Arc::new(|| true));
    let other = axum::Router::new().nest("/internal", server.router());
    let listener = tokio::net::TcpListener::bind(anywhere()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(axum::serve(listener, other).into_future());
    assert!(ask(address, "GET /internal/metrics", "").await.text().contains("restarts_total 7"));
    assert_eq!(ask(address, "GET /internal/ready", "").await.status, 200);
    task.abort();
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let first = serve(registry(), limits()).await;
    let second =
        MetricsServer::new(first.address, Arc::new(registry()), Arc::new(|| true)).start().await;
    assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn what_records_goes_on_without_the_endpoint() {
    let mut registry = Registry::new();
    let restarts: Counter = Counter::default();
    registry.prometheus_client().register("restarts", "Restarts", restarts.clone());
    let registry = Arc::new(registry);
    let server = MetricsServer::new(anywhere(), Arc::clone(&registry), Arc::new(|| true));
    let server = run(server).await;
    let address = server.address;
    assert_eq!(ask(address, "GET /metrics", "").await.status, 200);
    drop(server);
    restarts.inc();
    assert!(registry.to_text().contains("\nrestarts_total 1\n"));
    crate::client::until("nobody listens", async || {
        try_ask(address, "GET /metrics", "").await.is_err()
    })
    .await;
}
