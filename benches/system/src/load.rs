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
    /// Starts it; so many records are sent, or records without end.
    pub(crate) async fn start(count: Option<u64>) -> Self {
        let mut registry = Registry::new();
        let metadata: Arc<dyn MetadataStore> =
            Arc::new(SqliteMetadata::in_memory().expect("memory"));
        metadata.create_topic(TOPIC, PARTITIONS).expect("a topic");
        let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let agent = Agent::builder()
            .metadata_store(metadata.clone())
            .object_store(objects.clone())
            .retention(200_000)
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
        let consumed = Arc::new(AtomicU64::new(0));
        tokio::spawn(produce(producer, count));
        tokio::spawn(consume(consumer, Arc::clone(&consumed)));
        Self { consumed, _registry: registry, _agent: agent }
    }

    /// How many records have come to their end so far.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed.load(Relaxed)
    }
}

async fn produce(producer: Producer, count: Option<u64>) {
    let mut value = [0; VALUE];
    let mut random: u64 = 1;
    for number in 0..count.unwrap_or(u64::MAX) {
        // As hard to compress as an event is: some of it repeats, some does not.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number | 1);
        value[..8].copy_from_slice(&random.to_le_bytes());
        value[40..44].copy_from_slice(&random.to_be_bytes()[..4]);
        let key = (random >> 48).to_le_bytes();
        // What became of it nobody asks: that is in the metrics.
        let sent = producer.send(TOPIC, Some(&key), &value, None).await;
        drop(sent.expect("a topic that there is"));
    }
    producer.flush().await;
}

async fn consume(mut consumer: Consumer, consumed: Arc<AtomicU64>) {
    for poll in 1_u64.. {
        let records = consumer.poll(Duration::from_millis(100)).await.expect("stores in memory");
        consumed.fetch_add(records.len() as u64, Relaxed);
        if poll.is_multiple_of(16) {
            consumer.commit().await.expect("metadata in memory");
        }
    }
}
