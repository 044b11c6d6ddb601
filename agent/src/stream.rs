//! A client's connection, which counts as active until it is closed.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};
use tonic::transport::server::{Connected, TcpConnectInfo};

use crate::AgentMetrics;

/// How long a client may say nothing at first.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Counted {
    stream: TcpStream,
    metrics: AgentMetrics,
    /// When it is over, whatever the client does: the agent hangs up.
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_over: bool,
    /// When it is over unless the client says something.
    patience: Option<Pin<Box<Sleep>>>,
}

impl Counted {
    pub(crate) fn new(
        stream: TcpStream,
        metrics: AgentMetrics,
        mut hung_up: watch::Receiver<()>,
    ) -> Self {
        metrics.active_connections().inc();
        let end = Box::pin(async move { while hung_up.changed().await.is_ok() {} });
        let patience = Some(Box::pin(sleep(PATIENCE)));
        Self { stream, metrics, end, is_over: false, patience }
    }

    /// Whether it is over; if not, whoever waits hears of it when it is.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let patience = self.patience.as_mut();
        // What has ended is not asked again.
        self.is_over = self.is_over
            || self.end.as_mut().poll(context).is_ready()
            || patience.is_some_and(|patience| patience.as_mut().poll(context).is_ready());
        self.is_over
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.metrics.active_connections().dec();
    }
}

impl Connected for Counted {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_over(context) {
            // As if the client had hung up.
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.patience = None;
        }
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
