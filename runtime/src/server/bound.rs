//! A server that listens: connections, and their end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
#[cfg(feature = "tls")]
use tokio::time::timeout;

use super::stream::Timely;
use super::{Limits, MetricsServer};

/// How long to wait for a file descriptor where there are no more of them.
const PAUSE: Duration = Duration::from_millis(50);

/// A [`MetricsServer`] that listens; connections wait until it [serves](Self::serve).
#[must_use = "a server serves nothing until it is told to"]
pub struct BoundServer {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    is_ending: Arc<AtomicBool>,
    limits: Limits,
    #[cfg(feature = "tls")]
    certificates: Option<Arc<super::tls::Certificates>>,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl BoundServer {
    pub(super) fn new(listener: TcpListener, server: MetricsServer) -> io::Result<Self> {
        let (address, is_ending) = (listener.local_addr()?, Arc::default());
        let router = server.routes(&is_ending);
        #[cfg(feature = "tls")]
        let certificates = server.protection.certificates;
        let MetricsServer { limits, shutdown, .. } = server;
        Ok(Self {
            listener,
            address,
            router,
            is_ending,
            limits,
            #[cfg(feature = "tls")]
            certificates,
            shutdown,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the end that [`MetricsServer::with_graceful_shutdown`] names has come; without
    /// one, for ever.
    pub async fn serve(self) {
        #[cfg(feature = "tls")]
        let certificates = self.certificates;
        let Self { listener, router, is_ending, limits, shutdown, .. } = self;
        let connections = GracefulShutdown::new();
        let mut end = pin!(async {
            shutdown.await;
            is_ending.store(true, Ordering::Relaxed);
            sleep(limits.drain).await;
        });
        loop {
            let stream = tokio::select! {
                stream = accept(&listener) => stream,
                () = &mut end => break,
            };
            let stream = Timely::new(stream, limits.write);
            let (router, watcher) = (router.clone(), connections.watcher());
            #[cfg(feature = "tls")]
            if let Some(certificates) = &certificates {
                let accepting = certificates.acceptor().accept(stream);
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = timeout(limits.header, accepting).await {
                        answer(stream, router, limits, watcher).await;
                    }
                });
                continue;
            }
            tokio::spawn(answer(stream, router, limits, watcher));
        }
        drop(listener);
        tokio::select! {
            () = connections.shutdown() => {}
            () = sleep(limits.finish) => {}
        }
    }
}

/// Answers what is asked on a connection; whatever goes wrong there is its client's business.
async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    limits: Limits,
    watcher: Watcher,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header);
    let service = TowerToHyperService::new(router);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

/// The next connection, however long there are no file descriptors for it.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written in one go; nothing is gained by waiting for more of them.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if is_the_clients(&error) => {}
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Whether a connection has gone before it was accepted.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
