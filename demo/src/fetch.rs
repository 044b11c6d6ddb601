//! As much of HTTP as the screen needs: a GET of something small on this machine.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take before the next one is due.
const PATIENCE: Duration = Duration::from_millis(800);

/// The body at a path; everything but a success is an error.
pub(crate) async fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    timeout(PATIENCE, ask(address, path)).await?
}

async fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let stream = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) = http1::handshake(stream).await.map_err(io::Error::other)?;
    // It ends when the sender is dropped.
    tokio::spawn(connection);
    let request = Request::get(path).header(HOST, address.to_string());
    let request = request.body(Empty::<Bytes>::new()).map_err(io::Error::other)?;
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    if !answer.status().is_success() {
        return Err(io::Error::other(answer.status().to_string()));
    }
    let body = answer.into_body().collect().await.map_err(io::Error::other)?;
    String::from_utf8(body.to_bytes().into()).map_err(io::Error::other)
}
