//! Clients that come all at once, or read next to nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use streamhouse_metrics::MetricsServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::{anywhere, ask, limits, serve, until};
use crate::registries::Large;

/// Whoever is not let into the line tries again only after a second.
#[tokio::test]
async fn a_burst_of_clients_waits_in_line() {
    let server = MetricsServer::new(anywhere(), Arc::new(Large(0)), Arc::new(|| true));
    let server = server.bind().await.unwrap();
    let begin = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..400 {
        let client = timeout(Duration::from_secs(5), TcpStream::connect(server.address()));
        clients.push(client.await.expect("there is room").unwrap());
    }
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_read_nothing_hold_little_memory_and_not_for_long() {
    const BODY: usize = 48 << 20;
    let mut limits = limits();
    limits.scrapes = 2;
    let server = serve(Large(BODY), limits).await;
    let address = server.address;
    let before = resident();
    let mut readers = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request).await.unwrap();
        readers.push(stream);
    }
    sleep(limits.write / 2).await;
    let grown = resident().saturating_sub(before);
    assert!(grown < 4 * BODY, "{} MiB for bodies of 48 MiB", grown >> 20);
    // Their places are free again, though nobody has hung up.
    until("a scrape works again", async || {
        let answer = ask(address, "GET /metrics", "").await;
        answer.status == 200 && answer.body.len() > BODY
    })
    .await;
    drop(readers);
}

/// A reader of a few bytes now and then must not keep its place either.
#[tokio::test]
async fn a_trickle_is_not_enough() {
    let mut limits = limits();
    limits.scrapes = 1;
    let server = serve(Large(48 << 20), limits).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let begin = Instant::now();
    let trickle = async {
        let mut piece = [0; 256];
        while stream.read(&mut piece).await.is_ok_and(|read| read > 0) {
            sleep(Duration::from_millis(100)).await;
        }
    };
    let freed = until("the place is free", async || {
        ask(server.address, "GET /metrics", "").await.status == 200
    });
    let end = timeout(Duration::from_secs(15), async {
        tokio::select! { () = trickle => {}, () = freed => {} }
    });
    end.await.expect("an end");
    assert!(begin.elapsed() < limits.write * 8, "{:?}", begin.elapsed());
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes << 10)
}
