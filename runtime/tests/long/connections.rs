//! Clients that send next to nothing.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_metrics::{Limits, MetricsServer, Registry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::child::child;
use crate::health::slowest_health;
use crate::size::full_or;

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.header = full_or(limits.header, Duration::from_secs(1));
    limits
}

#[test]
fn clients_that_send_a_byte_a_second_are_gone_in_time() {
    let connections = full_or(1_000, 200);
    // Each side is a process of its own, so that neither runs out of descriptors.
    let server = child("connections::a_server", "ulimit -n 4096;");
    let address = server.address;
    let clients = thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let clients = (0..connections).map(|_| tokio::spawn(slow(address)));
            let mut longest = Duration::ZERO;
            for client in clients.collect::<Vec<_>>() {
                longest = longest.max(client.await.unwrap());
            }
            longest
        })
    });
    // Whoever asks properly meanwhile is answered at once.
    let slowest = slowest_health(address, || clients.is_finished());
    let longest = clients.join().unwrap();
    println!("{connections} connections: all closed after {longest:?}, /health within {slowest:?}");
    // The short form shares its machine with other tests.
    let patience = Duration::from_secs(full_or(1, 2));
    assert!(longest < limits().header + patience, "{longest:?}");
    assert!(slowest < Duration::from_millis(full_or(50, 1_000)), "{slowest:?}");
}

/// Sends a byte a second for as long as it can, and returns how long that was.
async fn slow(address: std::net::SocketAddr) -> Duration {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begin = Instant::now();
    let (mut reader, mut writer) = stream.split();
    let send = async {
        for byte in b"GET /metrics HTTP/1.1\r\n".iter().cycle() {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
    };
    let mut answer = Vec::new();
    // A reset closes a connection, too.
    tokio::select! { _ = reader.read_to_end(&mut answer) => {}, () = send => {} }
    begin.elapsed()
}

#[test]
#[ignore = "the process that another test starts"]
fn a_server() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let registry = Arc::new(Registry::new());
        let server = MetricsServer::new(([127, 0, 0, 1], 0).into(), registry, Arc::new(|| true));
        let server = server.limits(limits()).bind().await.unwrap();
        println!("serving {}", server.address());
        server.serve().await;
    });
}
