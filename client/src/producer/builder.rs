//! What a producer can be told.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use streamhouse_core::{Error, Metadata, MetadataStore, Transport};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::Producer;
use super::sender::Sending;
use crate::ProducerMetrics;
use crate::transport::GrpcTransport;

/// Configures a [`Producer`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ProducerBuilder {
    metadata_store: Option<Arc<dyn MetadataStore>>,
    agent_group: String,
    transport: Option<Arc<dyn Transport>>,
    compression_enabled: bool,
    batch_size: usize,
    linger: Duration,
    max_pending: u32,
    retries: u32,
    delivery_timeout: Duration,
    backoff: Duration,
    metrics: ProducerMetrics,
}

impl Default for ProducerBuilder {
    fn default() -> Self {
        Self {
            metadata_store: None,
            agent_group: "default".to_owned(),
            transport: None,
            compression_enabled: false,
            batch_size: 1_000,
            linger: Duration::from_millis(10),
            max_pending: 100_000,
            retries: u32::MAX,
            delivery_timeout: Duration::from_secs(120),
            backoff: Duration::from_millis(10),
            metrics: ProducerMetrics::unobserved(),
        }
    }
}

impl ProducerBuilder {
    /// Where it learns which topics there are and who leads their partitions.
    pub fn metadata_store(mut self, metadata_store: Arc<dyn MetadataStore>) -> Self {
        self.metadata_store = Some(metadata_store);
        self
    }

    /// The agents that it sends to.
    pub fn agent_group(mut self, agent_group: impl Into<String>) -> Self {
        self.agent_group = agent_group.into();
        self
    }

    /// Another way to agents than gRPC, such as a connection to one in the same process.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Whether batches are compressed on their way over the network.
    pub fn compression_enabled(mut self, compression_enabled: bool) -> Self {
        self.compression_enabled = compression_enabled;
        self
    }

    /// How many records make a batch full, which sends it at once.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size.max(1);
        self
    }

    /// How long the first record of a batch waits for others.
    pub fn linger(mut self, linger: Duration) -> Self {
        self.linger = linger;
        self
    }

    /// How many records may be pending before `send` waits.
    pub fn max_pending(mut self, max_pending: u32) -> Self {
        // What a semaphore can count on every machine.
        self.max_pending = max_pending.clamp(1, 1 << 28);
        self
    }

    /// How often a batch is sent again after a transient error; as often as time allows, unless this
    /// is called.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long a batch is sent again after transient errors, counted from the first attempt: longer
    /// than it takes another agent to have a lease.
    pub fn delivery_timeout(mut self, delivery_timeout: Duration) -> Self {
        self.delivery_timeout = delivery_timeout;
        self
    }

    /// How long to wait before the first retry; before each further one, twice as long, up to a
    /// second.
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// What it records into.
    pub fn metrics(mut self, metrics: impl Into<ProducerMetrics>) -> Self {
        self.metrics = metrics.into();
        self
    }

    /// The producer, whose tasks run in the runtime that this is called in.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without a metadata store, and those of the store.
    pub async fn build(self) -> Result<Producer, Error> {
        let Self { batch_size, max_pending, linger, retries, backoff, .. } = self;
        let metadata = Metadata::new(self.metadata_store.ok_or(Error::Missing("metadata store"))?);
        // Whatever is wrong with the store, whoever builds hears of it.
        metadata.ask(|metadata| metadata.partitions()).await?;
        let grpc = || Arc::new(GrpcTransport::new(self.compression_enabled)) as Arc<dyn Transport>;
        let sending = Sending {
            metadata,
            agent_group: self.agent_group,
            transport: self.transport.unwrap_or_else(grpc),
            metrics: self.metrics,
            linger,
            retries,
            delivery_timeout: self.delivery_timeout,
            backoff,
            runtime: Handle::current(),
            room: Semaphore::new(max_pending as usize),
        };
        Ok(Producer {
            topics: RwLock::default(),
            sending: Arc::new(sending),
            batch_size,
            max_pending,
        })
    }
}
