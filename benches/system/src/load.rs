//! The load: records on their way from a producer through an agent to a consumer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use object_store::ObjectStore;
use object_store::memory::InMemory;
use streamhouse_agent::{Agent, AgentMetrics};
use streamhouse_client::{
    Consumer, ConsumerMetrics, MetadataStore, Producer, ProducerMetrics, SqliteMetadata,
};
use streamhouse_metrics::Registry;

const TOPIC: &str = "orders";
const PARTITIONS: u32 = 4;
/// What a record says: as long as a small event.
const VALUE: usize = 100;

/// A running system; it ends with the process.
#[derive(Debug)]
pub(crate) struct Load {
    consumed: Arc<AtomicU64>,
    _registry: Registry,
    _agent: Agent,
}

impl Load {
    /// Has it send and read records without end.
    pub(crate) async fn start() -> Self {
        let System { producer, consumer, registry, agent } = System::start(LINGER).await;
        let consumed = Arc::new(AtomicU64::new(0));
        tokio::spawn(async move { produce(&producer, u64::MAX).await });
        let counted = Arc::clone(&consumed);
        tokio::spawn(consume(consumer, move |records| {
            counted.fetch_add(records, Relaxed);
            true
        }));
        Self { consumed, _registry: registry, _agent: agent }
    }

    /// How many records have come to their end so far.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed.load(Relaxed)
    }
}

/// Sends so many records, then reads them: nothing depends on how fast that is.
pub(crate) async fn once(count: u64) {
    // Batches are full, or the last ones.
    let System { producer, consumer, registry: _registry, agent: _agent } =
        System::start(Duration::from_secs(3_600)).await;
    produce(&producer, count).await;
    producer.flush().await;
    let mut left = count;
    let until_all_are_read = move |records| {
        left -= records;
        left > 0
    };
    consume(consumer, until_all_are_read).await;
}

/// How long a record waits for others, unless the batch is full before.
const LINGER: Duration = Duration::from_millis(10);

/// A producer, an agent and a consumer.
struct System {
    producer: Producer,
    consumer: Consumer,
    registry: Registry,
    agent: Agent,
}

impl System {
    async fn start(linger: Duration) -> Self {
        let mut registry = Registry::new();
        let metadata: Arc<dyn MetadataStore> =
            Arc::new(SqliteMetadata::in_memory().expect("memory"));
        metadata.create_topic(TOPIC, PARTITIONS).expect("a topic");
        let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let agent = Agent::builder()
            .metadata_store(metadata.clone())
            .object_store(objects.clone())
            .retention(400_000)
            .cleaning_interval(Duration::from_millis(500))
            .metrics(AgentMetrics::new(&mut registry))
            .build()
            .await
            .expect("an agent");
        agent.start().await.expect("nothing to listen to");
        let producer = Producer::builder()
            .metadata_store(metadata.clone())
            .transport(agent.connect())
            .metrics(ProducerMetrics::new(&mut registry))
            .max_pending(20_000)
            .linger(linger)
            .build()
            .await
            .expect("a producer");
        let consumer = Consumer::builder()
            .group_id("readers")
            .topics([TOPIC])
            .metadata_store(metadata)
            .object_store(objects)
            .max_records(10_000)
            .metrics(ConsumerMetrics::new(&mut registry))
            .build()
            .await
            .expect("a consumer");
        Self { producer, consumer, registry, agent }
    }
}

async fn produce(producer: &Producer, count: u64) {
    let mut value = [0; VALUE];
    let mut random: u64 = 1;
    for number in 0..count {
        // As hard to compress as an event is: some of it repeats, some does not.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number | 1);
        value[..8].copy_from_slice(&random.to_le_bytes());
        value[40..44].copy_from_slice(&random.to_be_bytes()[..4]);
        let key = (random >> 48).to_le_bytes();
        // What became of it nobody asks: that is in the metrics.
        let sent = producer.send(TOPIC, Some(&key), &value, None).await;
        drop(sent.expect("a topic that there is"));
    }
}

/// Reads as long as somebody wants more who is told how many records there were.
async fn consume(mut consumer: Consumer, mut wants_more: impl FnMut(u64) -> bool) {
    for poll in 1_u64.. {
        let records = consumer.poll(Duration::from_millis(100)).await.expect("stores in memory");
        if !wants_more(records.len() as u64) {
            break;
        }
        if poll.is_multiple_of(16) {
            consumer.commit().await.expect("metadata in memory");
        }
    }
}
