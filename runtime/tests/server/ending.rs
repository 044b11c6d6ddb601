//! How a server ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use streamhouse_metrics::{Limits, MetricsServer, Registry};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{anywhere, ask, limits, try_ask, until};
use crate::registries::Blocked;

/// A server that ends when it is told to, or the sender is gone: its address, and both ends of it.
async fn serving(
    registry: &Blocked,
    limits: Limits,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let (end, ended) = oneshot::channel();
    let server = MetricsServer::new(anywhere(), Arc::new(registry.clone()), Arc::new(|| true))
        .limits(limits)
        .with_graceful_shutdown(ended)
        .bind()
        .await
        .unwrap();
    (server.address(), end, tokio::spawn(server.serve()))
}

#[tokio::test]
async fn readiness_goes_first_and_a_running_scrape_is_finished() {
    let registry = Blocked::default();
    let (address, end, serving) = serving(&registry, limits()).await;
    let scrape = tokio::spawn(async move { ask(address, "GET /metrics", "").await });
    assert_eq!(ask(address, "GET /ready", "").await.status, 200);
    until("a scrape is under way", async || registry.waiting() == 1).await;
    end.send(()).unwrap();
    until("no longer ready", async || {
        let ready = ask(address, "GET /ready", "").await;
        (ready.status, &*ready.text()) == (503, "ending\n")
    })
    .await;
    assert_eq!(ask(address, "GET /health", "").await.status, 200);
    until("nothing new is accepted", async || try_ask(address, "GET /health", "").await.is_err())
        .await;
    assert!(!serving.is_finished(), "a scrape is under way");
    registry.open();
    let answer = scrape.await.unwrap();
    assert!(answer.text().starts_with("made 1\n"), "{answer:?}");
    serving.await.unwrap();
}

#[tokio::test]
async fn a_scrape_that_does_not_end_is_not_waited_for_for_ever() {
    let registry = Blocked::default();
    let mut limits = limits();
    limits.drain = Duration::ZERO;
    limits.finish = Duration::from_millis(500);
    let (address, end, serving) = serving(&registry, limits).await;
    let scrape = tokio::spawn(async move { try_ask(address, "GET /metrics", "").await });
    until("a scrape is under way", async || registry.waiting() == 1).await;
    let begin = Instant::now();
    drop(end);
    serving.await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    scrape.abort();
    registry.open();
}

/// A process of its own, which is told to end as an orchestrator tells it.
#[cfg(unix)]
#[test]
fn a_process_ends_in_order_when_it_is_told_to() {
    let mut server = crate::child::child("ending::serving_until_terminated", "");
    let address = server.address;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(ask(address, "GET /ready", "").await.status, 200);
        let told = std::process::Command::new("kill").arg(server.process.id().to_string()).status();
        assert!(told.unwrap().success());
        until("no longer ready", async || ask(address, "GET /ready", "").await.status == 503).await;
        assert_eq!(ask(address, "GET /metrics", "").await.status, 200);
    });
    assert!(server.process.wait().unwrap().success());
}

#[test]
#[ignore = "the process that another test starts"]
fn serving_until_terminated() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let registry = Arc::new(Registry::new());
        let server = MetricsServer::new(anywhere(), registry, Arc::new(|| true))
            .with_graceful_shutdown(streamhouse_metrics::terminated())
            .bind()
            .await
            .unwrap();
        println!("serving {}", server.address());
        server.serve().await;
    });
}
