//! A server that has no file descriptors left, in a process of its own.
#![cfg(unix)]

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::child::child;
use crate::client::ask;

#[test]
fn without_descriptors_it_waits_and_recovers() {
    let server = child("ending::serving_until_terminated", "ulimit -n 64;");
    let clients: Vec<_> =
        (0..200).filter_map(|_| TcpStream::connect(server.address).ok()).collect();
    assert!(clients.len() > 100, "the backlog takes {}", clients.len());
    let before = seconds_of_work(server.process.id());
    std::thread::sleep(Duration::from_secs(1));
    let work = seconds_of_work(server.process.id()) - before;
    assert!(work < 0.5, "it works {work} s of 1 s while there is nothing to do");
    drop(clients);
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(ask(server.address, "GET /metrics", ""));
    assert_eq!(answer.status, 200);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}

/// How long a process has been working, in user and kernel mode.
fn seconds_of_work(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Behind the name, which is in parentheses; a tick is a hundredth of a second.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
