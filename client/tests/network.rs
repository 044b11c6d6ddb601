//! Producers whose agents are reached over the network.

mod cluster;

use std::time::{Duration, Instant};

use streamhouse_agent::AgentMetrics;
use streamhouse_client::Error;
use streamhouse_metrics::Registry;
use tokio::time::sleep;

use crate::cluster::open;

fn value(registry: &Registry, sample: &str) -> f64 {
    let text = registry.to_text();
    let line = text
        .lines()
        .find(|line| line.strip_prefix(sample).is_some_and(|rest| rest.starts_with(' ')));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
}

#[tokio::test]
async fn records_go_out_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let stores = open(folder.path());
    let mut registry = Registry::new();
    let metrics = AgentMetrics::new(&mut registry);
    let agent = stores.agent("one").metrics(metrics).build().await.expect("an agent");
    agent.start().await.expect("a free port");
    for is_compressed in [false, true] {
        let builder = stores.producer().batch_size(10).compression_enabled(is_compressed);
        let producer = builder.build().await.expect("a producer");
        let mut sent = Vec::new();
        for number in 0..100_u32 {
            let (key, value) = ((number % 7).to_le_bytes(), format!("{is_compressed} {number:03}"));
            let delivery = producer.send("orders", Some(&key), value.as_bytes(), None).await;
            sent.push(delivery.expect("queued"));
        }
        producer.flush().await;
        for delivery in sent {
            delivery.await.expect("an offset");
        }
    }
    let mut values = stores.read_all().await;
    values.sort();
    let expected = [false, true]
        .map(|is_compressed| (0..100).map(move |number| format!("{is_compressed} {number:03}")));
    assert!(values.into_iter().eq(expected.into_iter().flatten()));
    assert!(
        value(&registry, r#"streamhouse_agent_grpc_requests_total{method="produce",status="ok"}"#)
            > 0.0
    );
    // The producers' connections are closed when they are gone.
    let begin = Instant::now();
    while value(&registry, "streamhouse_agent_active_connections") > 0.0 {
        assert!(begin.elapsed() < Duration::from_secs(10), "connections stay");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn errors_come_back_as_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let stores = open(folder.path());
    let agent = stores.agent("one").max_request_bytes(1 << 10).build().await.expect("an agent");
    agent.start().await.expect("a free port");
    let producer = stores.producer().retries(0).build().await.expect("a producer");
    let send = async |value: &[u8]| {
        let delivery = producer.send("orders", None, value, Some(0)).await.expect("queued");
        producer.flush().await;
        delivery.await.map(|delivered| delivered.offset)
    };
    assert_eq!(send(b"small").await, Ok(0));
    assert_eq!(send(&[0; 2 << 10]).await, Err(Error::Rejected));
    // More than a message may have.
    assert_eq!(send(&[0; 3 << 20]).await, Err(Error::Rejected));
    agent.stop().await;
    // Who does not answer is asked no more; then nobody leads.
    assert_eq!(send(b"small").await, Err(Error::Timeout));
    assert_eq!(send(b"small").await, Err(Error::NotLeader));
}
