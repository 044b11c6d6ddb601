//! What processes of a cluster share, and who works with it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use streamhouse_agent::{Agent, AgentBuilder};
use streamhouse_client::{Consumer, MetadataStore, Producer, ProducerBuilder, SqliteMetadata};

/// A term that a test can sit out.
const SHORT: Duration = Duration::from_millis(300);

/// What processes share: a folder.
pub(crate) struct Stores {
    metadata: Arc<dyn MetadataStore>,
    objects: Arc<dyn ObjectStore>,
}

pub(crate) fn open(folder: &Path) -> Stores {
    let metadata = SqliteMetadata::open(folder.join("metadata.sqlite")).expect("a file");
    metadata.create_topic("orders", 3).expect("a topic");
    let objects = LocalFileSystem::new_with_prefix(folder).expect("a folder");
    Stores { metadata: Arc::new(metadata), objects: Arc::new(objects) }
}

impl Stores {
    pub(crate) fn agent(&self, agent_id: &str) -> AgentBuilder {
        Agent::builder()
            .agent_id(agent_id)
            .address("127.0.0.1:0")
            .agent_group("production")
            .lease_term(SHORT)
            .metadata_store(self.metadata.clone())
            .object_store(self.objects.clone())
    }

    pub(crate) fn producer(&self) -> ProducerBuilder {
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
    pub(crate) async fn read_all(&self) -> Vec<String> {
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
