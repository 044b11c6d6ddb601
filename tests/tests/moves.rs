//! Every metric of the specification is moved by its event, and read from a real scrape.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use object_store::ObjectStore;
use object_store::memory::InMemory;
use streamhouse_agent::{Agent, AgentMetrics, MetricsServer};
use streamhouse_client::{
    Consumer, ConsumerMetrics, Error, MetadataStore, Producer, ProducerMetrics, SqliteMetadata,
};
use streamhouse_metrics::Registry;
use streamhouse_metrics_tests::{get, workspace_root};
use tokio::time::sleep;

/// Longer than the test: what waits for it waits to be asked.
const NEVER: Duration = Duration::from_secs(3_600);

/// Scrapes an endpoint, and remembers what was looked at.
struct Scraper {
    address: SocketAddr,
    seen: BTreeSet<String>,
}

impl Scraper {
    /// The value of a sample, which is given as it is exposed.
    async fn value(&mut self, sample: &str) -> Option<f64> {
        let name = sample.split('{').next().unwrap_or(sample);
        self.seen.insert(name.to_owned());
        let address = self.address;
        let scraped = tokio::task::spawn_blocking(move || get(address, "/metrics", "*/*"));
        let body = scraped.await.expect("no panic").expect("an answer").body;
        let mut lines = body.lines().filter_map(|line| line.strip_prefix(sample));
        lines.find_map(|rest| rest.strip_prefix(' ')?.parse().ok())
    }

    async fn expect(&mut self, sample: &str, value: f64) {
        assert_eq!(self.value(sample).await, Some(value), "{sample}");
    }

    /// Scrapes until a sample is as it should be, however long its event takes.
    async fn wait_for(&mut self, sample: &str, accept: impl Fn(f64) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let value = self.value(sample).await;
            if value.is_some_and(&accept) {
                return;
            }
            assert!(Instant::now() < deadline, "{sample} is {value:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_is_moved_by_its_event() {
    let metadata: Arc<dyn MetadataStore> = Arc::new(SqliteMetadata::in_memory().expect("memory"));
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    metadata.create_topic("orders", 1).expect("a topic");
    let mut registry = Registry::new();
    let agent = Agent::builder()
        .address("127.0.0.1:0")
        .lease_term(Duration::from_millis(300))
        .metadata_store(metadata.clone())
        .object_store(objects.clone())
        .metrics(AgentMetrics::new(&mut registry))
        .build()
        .await
        .expect("an agent");
    let producer = Producer::builder()
        .metadata_store(metadata.clone())
        .linger(NEVER)
        .retries(0)
        .metrics(ProducerMetrics::new(&mut registry))
        .build()
        .await
        .expect("a producer");
    let mut consumer = Consumer::builder()
        .topics(["orders"])
        .group_id("readers")
        .max_records(1)
        .metadata_store(metadata)
        .object_store(objects)
        .metrics(ConsumerMetrics::new(&mut registry))
        .build()
        .await
        .expect("a consumer");
    let ready = agent.clone();
    let is_ready = Arc::new(move || ready.has_active_leases());
    let server = MetricsServer::new(([127, 0, 0, 1], 0).into(), Arc::new(registry), is_ready);
    let server = server.bind().await.expect("a free port");
    let mut scraper = Scraper { address: server.address(), seen: BTreeSet::new() };
    tokio::spawn(server.serve());

    // Nobody leads: what is sent fails.
    producer.send("orders", None, b"lost", None).await.expect("queued");
    producer.flush().await;
    let not_leader =
        r#"streamhouse_producer_send_errors_total{topic="orders",error_type="not_leader"}"#;
    scraper.expect(not_leader, 1.0).await;

    // An agent takes the lease, and keeps it.
    agent.start().await.expect("a free port");
    scraper.expect(r#"streamhouse_agent_active_partitions{topic="orders"}"#, 1.0).await;
    let renewed = r#"streamhouse_agent_lease_renewals_total{status="renewed"}"#;
    scraper.wait_for(renewed, |renewals| renewals >= 2.0).await;

    // Two records of eight bytes wait, and are sent.
    let partition = r#"topic="orders",partition="0""#;
    let pending = format!("streamhouse_producer_pending_records{{{partition}}}");
    for key in [b"a", b"b"] {
        producer.send("orders", Some(key), b"7 bytes", None).await.expect("queued");
    }
    scraper.expect(&pending, 2.0).await;
    producer.flush().await;
    scraper.expect(&pending, 0.0).await;
    scraper.expect(&format!("streamhouse_producer_records_sent_total{{{partition}}}"), 2.0).await;
    scraper.expect(r#"streamhouse_producer_bytes_sent_total{topic="orders"}"#, 16.0).await;
    // With the one that was lost, these are three records in two batches.
    let topic = r#"{topic="orders"}"#;
    for (sample, value) in [
        ("streamhouse_producer_send_duration_seconds_count", 3.0),
        ("streamhouse_producer_batch_flush_duration_seconds_count", 2.0),
        ("streamhouse_producer_batch_size_records_sum", 3.0),
        ("streamhouse_producer_batch_size_bytes_sum", 20.0),
    ] {
        scraper.expect(&format!("{sample}{topic}"), value).await;
    }
    scraper.expect(&format!("streamhouse_agent_records_written_total{{{partition}}}"), 2.0).await;
    scraper.expect(&format!("streamhouse_agent_write_latency_seconds_count{topic}"), 1.0).await;
    let requests = r#"streamhouse_agent_grpc_requests_total{method="produce",status="ok"}"#;
    scraper.expect(requests, 1.0).await;
    let duration = r#"streamhouse_agent_grpc_request_duration_seconds_count{method="produce"}"#;
    scraper.expect(duration, 1.0).await;
    scraper.expect("streamhouse_agent_active_connections", 1.0).await;

    // One of them is read, and committed.
    sleep(Duration::from_millis(5)).await;
    let read = consumer.poll(Duration::ZERO).await.expect("a record");
    assert_eq!(read.len(), 1);
    let group = format!("{{{partition},group_id=\"readers\"}}");
    for (sample, value) in [
        ("streamhouse_consumer_records_consumed_total", 1.0),
        ("streamhouse_consumer_current_offset", 1.0),
        ("streamhouse_consumer_lag_records", 1.0),
    ] {
        scraper.expect(&format!("{sample}{group}"), value).await;
    }
    let bytes = r#"streamhouse_consumer_bytes_consumed_total{topic="orders",group_id="readers"}"#;
    scraper.expect(bytes, 8.0).await;
    scraper.expect(&format!("streamhouse_consumer_poll_duration_seconds_count{topic}"), 1.0).await;
    let lag = format!("streamhouse_consumer_lag_seconds{group}");
    scraper.wait_for(&lag, |lag| (0.005..60.0).contains(&lag)).await;
    let committed = format!("streamhouse_consumer_last_committed_offset{group}");
    assert_eq!(scraper.value(&committed).await, None, "nothing was committed yet");
    consumer.commit().await.expect("metadata");
    scraper.expect(&committed, 1.0).await;

    // What is sent to no topic fails; the agent gives its lease back; who hangs up is not counted.
    let refused = producer.send("refunds", None, b"lost", None).await;
    assert_eq!(refused.map(drop), Err(Error::UnknownPartition));
    let other = r#"streamhouse_producer_send_errors_total{topic="refunds",error_type="other"}"#;
    scraper.expect(other, 1.0).await;
    drop(producer);
    scraper.wait_for("streamhouse_agent_active_connections", |open| open == 0.0).await;
    agent.stop().await;
    scraper.expect(r#"streamhouse_agent_active_partitions{topic="orders"}"#, 0.0).await;

    let checked = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    let checked = checked.expect("metrics.toml is in order");
    let metrics: Vec<Vec<String>> =
        checked.catalog.metrics().map(|(_, metric)| metric.samples()).collect();
    assert_eq!(metrics.len(), 22, "the guide's metrics are 22");
    let unseen: Vec<_> = metrics
        .iter()
        .filter(|samples| !samples.iter().any(|sample| scraper.seen.contains(sample)))
        .collect();
    assert!(unseen.is_empty(), "nothing moves {unseen:?}");
}
