//! The producer: from a record to its offset, by way of a batch.
//!
//! ```text
//! send ──▶ Queue ──▶ Sender ──▶ Transport
//!  └── Delivery ◀── Outcome ◀──────┘
//! ```

mod batch;
mod builder;
mod partitioner;
mod queue;
mod sender;

use std::sync::Arc;
use std::thread::JoinHandle;

use streamhouse_agent::{Error, Record, Transport};

use crate::ProducerMetrics;
use crate::metrics::producer::TopicErrorType;

pub use self::batch::Delivery;
pub use self::builder::ProducerBuilder;
use self::queue::Queue;

/// Sends records in batches, from any thread.
///
/// Dropping it sends what is still waiting.
#[derive(Debug)]
pub struct Producer {
    queue: Arc<Queue>,
    transport: Arc<dyn Transport>,
    metrics: ProducerMetrics,
    sender: Option<JoinHandle<()>>,
}

impl Producer {
    /// A producer to be configured.
    pub fn builder() -> ProducerBuilder {
        ProducerBuilder::default()
    }

    /// Puts a record into its partition's batch: the partition of its key, or else the topic's
    /// next one.
    ///
    /// Returns as soon as the record waits; the [`Delivery`] says what became of it. Blocks while
    /// too many records are waiting.
    pub fn send(&self, topic: &str, key: Option<&[u8]>, value: &[u8]) -> Result<Delivery, Error> {
        let record = Record { key: key.map(Into::into), value: value.into() };
        if !self.queue.knows(topic) {
            let partitions = self.transport.partitions(topic).inspect_err(|&error| {
                let error_type = error.into();
                self.metrics.send_errors(TopicErrorType { topic, error_type }).inc();
            })?;
            self.metrics.init(topic);
            self.queue.open(topic, partitions, &self.metrics);
        }
        self.queue.push(topic, record)
    }

    /// Sends what is waiting without waiting for more, and returns once nothing is pending.
    ///
    /// What became of each record its [`Delivery`] says.
    pub fn flush(&self) {
        self.queue.flush();
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(sender) = self.sender.take() {
            // A sender that panicked has already said so.
            let _ = sender.join();
        }
    }
}
