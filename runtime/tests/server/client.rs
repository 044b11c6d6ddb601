//! A client that sees every byte, and servers to be asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use streamhouse_metrics::{Exposition, Limits, MetricsServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// An answer in its parts.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value)
    }
}

/// Asks on a connection of its own; headers end with line breaks.
pub(crate) async fn ask(address: SocketAddr, request: &str, headers: &str) -> Answer {
    try_ask(address, request, headers).await.expect("an answer")
}

pub(crate) async fn try_ask(
    address: SocketAddr,
    request: &str,
    headers: &str,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_lowercase(), value.to_owned())
    });
    Ok(Answer { status, headers: headers.collect(), body: bytes[end + 4..].to_vec() })
}

/// A running server, which ends with the test.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A server of something under limits.
pub(crate) async fn serve(registry: impl Exposition, limits: Limits) -> Running {
    let server = MetricsServer::new(anywhere(), Arc::new(registry), Arc::new(|| true));
    run(server.limits(limits)).await
}

pub(crate) async fn run(server: MetricsServer) -> Running {
    let server = server.bind().await.expect("loopback has a free port");
    let address = server.address();
    Running { address, task: tokio::spawn(server.serve()) }
}

/// A free port of loopback.
pub(crate) fn anywhere() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// Limits that a test need not wait long for.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.header = Duration::from_secs(1);
    limits.write = Duration::from_secs(1);
    limits.scrape = Duration::from_secs(5);
    limits.drain = Duration::from_millis(300);
    limits
}

/// Waits until something is so, for at most ten seconds.
pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not in time: {what}");
}
