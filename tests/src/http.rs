//! As much of HTTP as a test needs: one GET, one answer, no chunks.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The answer to a request.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header lines, status line included, as they came.
    pub head: String,
    /// Everything after the empty line.
    pub body: String,
}

/// Asks for a path with the given `Accept` header.
///
/// The request says HTTP/1.0, so that the answer is not chunked and ends with
/// the connection.
pub fn get(address: SocketAddr, path: &str, accept: &str) -> io::Result<Response> {
    let patience = Duration::from_secs(10);
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: {accept}\r\n\r\n")?;

    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let malformed = || io::Error::new(io::ErrorKind::InvalidData, "not an HTTP answer");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(malformed)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Response {
        status: status.ok_or_else(malformed)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
