//! The endpoint: `/metrics` for scrapers, `/health` and `/ready` for whoever keeps a service alive.
//!
//! ```text
//! connection ──header in time──▶ router ──▶ scrape ──▶ a blocking thread: encode, compress
//!     ▲                                        │ at most so many at once
//!     └───────written in time───── body ◀──────┘ holds its place until it is sent
//! ```

mod accept;
#[cfg(feature = "tls")]
mod authentication;
mod bound;
mod coding;
mod exposition;
mod limits;
mod metrics;
mod pieces;
mod scrape;
mod signal;
mod stream;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod web_config;
mod wish;

use std::fmt;
use std::future::{self, Future};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get};
use tokio::net::{TcpListener, TcpSocket};

pub use self::bound::BoundServer;
pub use self::exposition::Exposition;
pub use self::limits::Limits;
pub use self::signal::terminated;
#[cfg(feature = "tls")]
pub use self::web_config::WebConfig;

use self::scrape::Scrapes;

/// Serves a registry's metrics over HTTP, and says whether the service lives and is ready.
///
/// | request | answer |
/// | --- | --- |
/// | `GET /metrics` | 200 and the exposition, in the format and the compression that are asked for; 503 with `Retry-After` while there are too many scrapes, or when it takes too long; 500 when a collector panics |
/// | `GET /health` | 200 |
/// | `GET /ready` | 200, or 503 while the service says that it is not ready, or is ending |
///
/// ```
/// use std::sync::Arc;
/// use streamhouse_metrics::{MetricsServer, Registry};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let registry = Arc::new(Registry::new());
/// let server = MetricsServer::new(([127, 0, 0, 1], 0).into(), registry, Arc::new(|| true));
/// let server = server.bind().await?;
/// println!("http://{}/metrics", server.address());
/// let running = tokio::spawn(server.serve());
/// # running.abort();
/// # Ok(())
/// # }
/// ```
#[must_use = "a server serves nothing until it is started"]
pub struct MetricsServer {
    address: SocketAddr,
    registry: Arc<dyn Exposition>,
    is_ready: Readiness,
    limits: Limits,
    #[cfg(feature = "tls")]
    protection: WebConfig,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// How many connections may wait until they are accepted, where the system allows as many. Whoever
/// finds no room tries again only after a second, even if it is about health.
const IN_LINE: u32 = 4096;

/// Says whether the service can be used.
type Readiness = Arc<dyn Fn() -> bool + Send + Sync>;

/// What `/ready` answers from.
#[derive(Clone)]
struct Ready {
    is_ready: Readiness,
    /// Whether the end has come, however ready the service is.
    is_ending: Arc<AtomicBool>,
}

impl MetricsServer {
    /// A server of a registry at an address; `is_ready` says whether the service can be used.
    ///
    /// The registry is our own [`Registry`](crate::Registry), which can be read in every format, or
    /// that of `prometheus_client`.
    pub fn new(
        address: SocketAddr,
        registry: Arc<impl Exposition>,
        is_ready: Arc<dyn Fn() -> bool + Send + Sync>,
    ) -> Self {
        Self {
            address,
            registry,
            is_ready,
            limits: Limits::default(),
            #[cfg(feature = "tls")]
            protection: WebConfig::default(),
            shutdown: Box::pin(future::pending()),
        }
    }

    /// The same with other limits than [`Limits::default`].
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same over TLS, and for those who say who they are, as far as a configuration asks for it.
    #[cfg(feature = "tls")]
    pub fn web_config(self, config: WebConfig) -> Self {
        Self { protection: config, ..self }
    }

    /// The same that ends when something happens, such as [`terminated`].
    ///
    /// First `/ready` answers 503, while everything goes on for [`Limits::drain`], so that whoever
    /// routes to the service learns of it; then nothing new is accepted, and what is being answered
    /// is finished.
    pub fn with_graceful_shutdown(self, signal: impl Future + Send + 'static) -> Self {
        let shutdown = Box::pin(async {
            signal.await;
        });
        Self { shutdown, ..self }
    }

    /// The routes alone, to be mounted into another service.
    ///
    /// Time-outs of connections, and TLS, are then that service's.
    pub fn router(&self) -> Router {
        self.routes(&Arc::default())
    }

    /// The routes, until the end has come.
    fn routes(&self, is_ending: &Arc<AtomicBool>) -> Router {
        let scrapes = Scrapes::new(Arc::clone(&self.registry), self.limits);
        let (is_ready, is_ending) = (Arc::clone(&self.is_ready), Arc::clone(is_ending));
        let metrics = get(scrape::scrape).with_state(Arc::new(scrapes));
        let router = Router::new()
            .route("/metrics", self.authenticated(metrics))
            .route("/health", get(|| async { "ok\n" }))
            .route("/ready", get(ready).with_state(Ready { is_ready, is_ending }));
        self.with_headers(router)
    }

    /// A route that asks who is there, where the configuration has users or tokens.
    fn authenticated(&self, metrics: MethodRouter) -> MethodRouter {
        #[cfg(feature = "tls")]
        if let Some(who) = &self.protection.authentication {
            use axum::middleware::from_fn_with_state;
            let layer = from_fn_with_state(Arc::clone(who), authentication::authenticate);
            return metrics.layer(layer);
        }
        metrics
    }

    /// Routes whose answers have the headers that the configuration adds.
    fn with_headers(&self, router: Router) -> Router {
        #[cfg(feature = "tls")]
        if !self.protection.headers.is_empty() {
            let headers = self.protection.headers.clone();
            return router.layer(axum::middleware::map_response(
                move |mut response: axum::response::Response| {
                    response.headers_mut().extend(headers.clone());
                    std::future::ready(response)
                },
            ));
        }
        router
    }

    /// Listens; port 0 takes a free one, which the bound server tells.
    ///
    /// # Errors
    ///
    /// Those of listening, such as an address that is taken.
    pub async fn bind(self) -> io::Result<BoundServer> {
        let socket = match self.address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // A server that has just ended is no reason not to start; on Windows this would mean to share.
        #[cfg(not(windows))]
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        self.bind_to(socket.listen(IN_LINE)?)
    }

    /// Takes a listener that is there already, whatever address it has.
    ///
    /// # Errors
    ///
    /// Where the listener's address cannot be told.
    pub fn bind_to(self, listener: TcpListener) -> io::Result<BoundServer> {
        BoundServer::new(listener, self)
    }

    /// Listens and serves, until the end that [`with_graceful_shutdown`](Self::with_graceful_shutdown)
    /// names has come.
    ///
    /// # Errors
    ///
    /// Those of [`bind`](Self::bind).
    pub async fn start(self) -> io::Result<()> {
        self.bind().await?.serve().await;
        Ok(())
    }
}

impl fmt::Debug for MetricsServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, limits, .. } = self;
        formatter
            .debug_struct("MetricsServer")
            .field("address", address)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

async fn ready(State(ready): State<Ready>) -> (StatusCode, &'static str) {
    if ready.is_ending.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    // It is the service's own code.
    match catch_unwind(AssertUnwindSafe(|| (ready.is_ready)())) {
        Ok(true) => (StatusCode::OK, "ready\n"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "readiness cannot be told\n"),
    }
}
