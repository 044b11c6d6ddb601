//! As much of HTTP as a test needs: one request, one answer, no chunks.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How long the other side may say nothing.
const PATIENCE: Duration = Duration::from_secs(10);

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
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
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

/// Answers whoever asks until the test process ends: takes the body of each request, and gives a
/// body of a content type.
pub fn serve(
    content_type: &'static str,
    answer: impl Fn(&[u8]) -> String + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away is its own business.
            let _ = exchange(stream, content_type, &answer);
        }
    });
    address
}

fn exchange(
    mut stream: TcpStream,
    content_type: &str,
    answer: impl Fn(&[u8]) -> String,
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut request = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        request.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    request.read_exact(&mut body)?;
    let body = answer(&body);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}
