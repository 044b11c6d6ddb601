//! Producers whose agents are reached over the network, and killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use streamhouse_agent::{Agent, AgentBuilder, AgentMetrics};
use streamhouse_client::{
    Consumer, Delivery, Error, MetadataStore, Producer, ProducerBuilder, SqliteMetadata,
};
use streamhouse_metrics::Registry;
use tokio::time::sleep;

/// A term that a test can sit out.
const SHORT: Duration = Duration::from_millis(300);

/// What processes share: a folder.
struct Stores {
    metadata: Arc<dyn MetadataStore>,
    objects: Arc<dyn ObjectStore>,
}

fn open(folder: &Path) -> Stores {
    let metadata = SqliteMetadata::open(folder.join("metadata.sqlite")).expect("a file");
    metadata.create_topic("orders", 3).expect("a topic");
    let objects = LocalFileSystem::new_with_prefix(folder).expect("a folder");
    Stores { metadata: Arc::new(metadata), objects: Arc::new(objects) }
}

impl Stores {
    fn agent(&self, agent_id: &str) -> AgentBuilder {
        Agent::builder()
            .agent_id(agent_id)
            .address("127.0.0.1:0")
            .agent_group("production")
            .lease_term(SHORT)
            .metadata_store(self.metadata.clone())
            .object_store(self.objects.clone())
    }

    fn producer(&self) -> ProducerBuilder {
        Producer::builder()
            .agent_group("production")
            .metadata_store(self.metadata.clone())
            .backoff(Duration::from_millis(5))
            .retries(30)
    }

    async fn consumer(&self) -> Consumer {
        let builder = Consumer::builder().group_id("readers").topics(["orders"]);
        let builder = builder.metadata_store(self.metadata.clone());
        builder.object_store(self.objects.clone()).build().await.expect("a consumer")
    }

    /// Reads all that there is.
    async fn read_all(&self) -> Vec<String> {
        let mut consumer = self.consumer().await;
        let mut values = Vec::new();
        loop {
            let records = consumer.poll(Duration::ZERO).await.expect("the stores answer");
            if records.is_empty() {
                consumer.close().await.expect("metadata");
                return values;
            }
            let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            values.extend(records.iter().map(|record| text(&record.record.value)));
        }
    }
}

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
    assert_eq!(send(b"small").await, Err(Error::NotLeader));
}

/// In full by `cargo xtask test --long`.
fn kills() -> usize {
    if std::env::var_os("STREAMHOUSE_LONG").is_some() { 50 } else { 4 }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_under_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let stores = open(folder.path());
    // Two at any time: the second one is there when the first is killed.
    let mut agents = vec![agent_process(folder.path(), 0), agent_process(folder.path(), 1)];
    let builder = stores.producer().batch_size(50).linger(Duration::from_millis(2));
    let producer = Arc::new(builder.max_pending(2_000).build().await.expect("a producer"));
    let is_over = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(send_until(Arc::clone(&producer), Arc::clone(&is_over)));
    for round in 0..kills() {
        sleep(Duration::from_millis(200 + 37 * (round as u64 % 9))).await;
        drop(agents.remove(0));
        agents.push(agent_process(folder.path(), round + 2));
    }
    is_over.store(true, Ordering::Relaxed);
    let sent = load.await.expect("no panic");
    producer.flush().await;

    let mut read: HashMap<String, usize> = HashMap::new();
    for value in stores.read_all().await {
        *read.entry(value).or_default() += 1;
    }
    let (mut acknowledged, mut failed) = (0, 0);
    for (number, delivery) in sent.into_iter().enumerate() {
        match delivery.await {
            Ok(_) => {
                acknowledged += 1;
                assert!(read.contains_key(&number.to_string()), "record {number} is lost");
            }
            Err(_) => failed += 1,
        }
    }
    let again = read.values().filter(|times| **times > 1).count();
    println!(
        "{} kills: {acknowledged} acknowledged, none lost, {again} there twice, {failed} failed",
        kills()
    );
    assert!(acknowledged > 1_000, "{acknowledged} acknowledged");
}

/// A process that is killed when this is dropped: by SIGKILL, so that nothing of it runs any more.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // One that is gone already need not be killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn send_until(producer: Arc<Producer>, is_over: Arc<AtomicBool>) -> Vec<Delivery> {
    let mut sent = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        for _ in 0..20 {
            let value = sent.len().to_string();
            sent.push(producer.send("orders", None, value.as_bytes(), None).await.expect("queued"));
        }
        sleep(Duration::from_millis(1)).await;
    }
    sent
}

/// A process with an agent, which says when it is ready.
fn agent_process(folder: &Path, number: usize) -> Killed {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_process_with_an_agent", "--ignored", "--nocapture"])
        .env("FOLDER", folder)
        .env("AGENT", number.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.contains("ready"))), "it is ready");
    Killed(child)
}

#[tokio::test]
#[ignore = "the process that another test starts and kills"]
async fn a_process_with_an_agent() {
    let folder = std::env::var_os("FOLDER").expect("a folder");
    let number = std::env::var("AGENT").expect("a number");
    let stores = open(Path::new(&folder));
    let agent = stores.agent(&format!("agent-{number}")).build().await.expect("an agent");
    agent.start().await.expect("a free port");
    println!("ready");
    std::future::pending().await
}
