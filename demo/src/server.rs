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
