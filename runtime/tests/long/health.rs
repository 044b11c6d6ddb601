//! Somebody who asks all the time whether a server lives, and does nothing else.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Asks until something is so, and returns how long the slowest answer took.
pub(crate) fn slowest_health(address: SocketAddr, is_so: impl Fn() -> bool) -> Duration {
    let mut slowest = Duration::ZERO;
    while !is_so() {
        let begin = Instant::now();
        let answer = ask(address, "/health", "");
        slowest = slowest.max(begin.elapsed());
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
        sleep(Duration::from_millis(10));
    }
    slowest
}

/// Asks on a connection of its own; headers end with line breaks. Returns every byte of the answer.
pub(crate) fn ask(address: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}
