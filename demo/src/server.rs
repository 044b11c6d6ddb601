//! The endpoint: `/metrics` for scrapers, `/health` and `/ready` for whoever keeps us alive.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use streamhouse_metrics::Registry;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time;

use crate::accept;

/// How long a scrape in flight may take after the end has come.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves a registry, and whether we are ready.
    pub(crate) fn start(
        listener: TcpListener,
        registry: Arc<Registry>,
        is_ready: impl Fn() -> bool + Clone + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/metrics", get(move |headers| async move { metrics(&headers, &registry) }))
            .route("/health", get(|| async { "ok\n" }))
            .route("/ready", get(move || async move { ready(is_ready()) }));
        let (stop, stopped) = oneshot::channel();
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            // A sender that was dropped wants us to stop as well.
            let _ = stopped.await;
        });
        let task = tokio::spawn(server.into_future());
        Ok(Self { address, stop, task })
    }

    /// Where it serves.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts nothing more, and lets scrapes in flight finish.
    pub(crate) async fn stop(self) {
        // It may have stopped by itself, which is just as well.
        let _ = self.stop.send(());
        let _ = time::timeout(PATIENCE, self.task).await;
    }
}

fn metrics(headers: &HeaderMap, registry: &Registry) -> impl IntoResponse + use<> {
    // Several headers mean the same as one list.
    let wishes: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|wish| wish.to_str().ok()).collect();
    let format = accept::format(&wishes.join(","));
    ([(CONTENT_TYPE, format.content_type())], registry.encode(format))
}

fn ready(is_ready: bool) -> impl IntoResponse {
    match is_ready {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "no partition lease is held\n"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    use streamhouse_client::ProducerMetrics;
    use streamhouse_metrics::Format;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        let request = format!("{request}Host: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("a request can be sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer ends");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn the_endpoint_answers_everybody() {
        let mut registry = Registry::new();
        let _ = ProducerMetrics::new(&mut registry);
        let exposition = |format| String::from_utf8_lossy(&registry.encode(format)).into_owned();
        let [prometheus, openmetrics_body, protobuf_body] =
            [Format::Prometheus, Format::OpenMetrics, Format::Protobuf].map(exposition);
        let is_ready = Arc::new(AtomicBool::new(false));
        let ready = Arc::clone(&is_ready);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let server = Server::start(listener, Arc::new(registry), move || ready.load(Relaxed))
            .expect("a listener has an address");
        let address = server.address();

        let text = "text/plain; version=0.0.4; charset=utf-8";
        let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        let protobuf = "application/vnd.google.protobuf; \
                        proto=io.prometheus.client.MetricFamily; encoding=delimited";
        let cases = [
            ("GET /metrics", "", "200 OK", text, &*prometheus),
            ("HEAD /metrics", "", "200 OK", text, ""),
            (
                "GET /metrics",
                "application/openmetrics-text",
                "200 OK",
                openmetrics,
                &*openmetrics_body,
            ),
            ("GET /metrics", protobuf, "200 OK", protobuf, &*protobuf_body),
            ("POST /metrics", "", "405 Method Not Allowed", "", ""),
            ("GET /", "", "404 Not Found", "", ""),
            ("GET /health", "", "200 OK", "text/plain", "ok\n"),
            (
                "GET /ready",
                "",
                "503 Service Unavailable",
                "text/plain",
                "no partition lease is held\n",
            ),
        ];
        for (request, accept, status, content_type, body) in cases {
            let answer = ask(address, &format!("{request} HTTP/1.1\r\nAccept: {accept}\r\n")).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}: {answer}");
            assert!(answer.contains(content_type), "{request}: {answer}");
            assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{request}: {answer}");
        }
        is_ready.store(true, Relaxed);
        let answer = ask(address, "GET /ready HTTP/1.1\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");

        server.stop().await;
        assert!(TcpStream::connect(address).await.is_err(), "a stopped server accepts nothing");
    }
}
