//! What a producer can be told.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use streamhouse_agent::Transport;

use super::Producer;
use super::queue::Queue;
use super::sender::Sender;
use crate::ProducerMetrics;

/// Configures a [`Producer`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ProducerBuilder {
    batch_size: usize,
    linger: Duration,
    max_pending: usize,
    retries: u32,
    backoff: Duration,
    metrics: ProducerMetrics,
}

impl Default for ProducerBuilder {
    fn default() -> Self {
        Self {
            batch_size: 1_000,
            linger: Duration::from_millis(10),
            max_pending: 100_000,
            retries: 2,
            backoff: Duration::from_millis(10),
            metrics: ProducerMetrics::unobserved(),
        }
    }
}

impl ProducerBuilder {
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

    /// How many records may be pending before `send` blocks.
    pub fn max_pending(mut self, max_pending: usize) -> Self {
        self.max_pending = max_pending.max(1);
        self
    }

    /// How often a batch is sent again after a transient error.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
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

    /// The producer, with its sender thread running.
    pub fn build(self, transport: impl Transport + 'static) -> Producer {
        let Self { batch_size, linger, max_pending, retries, backoff, metrics } = self;
        let queue = Arc::new(Queue::new(batch_size, linger, max_pending));
        let transport: Arc<dyn Transport> = Arc::new(transport);
        let sender = Sender {
            queue: Arc::clone(&queue),
            transport: Arc::clone(&transport),
            metrics: metrics.clone(),
            retries,
            backoff,
        };
        Producer { queue, transport, metrics, sender: Some(thread::spawn(move || sender.run())) }
    }
}
