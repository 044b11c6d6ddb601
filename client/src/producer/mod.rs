//! The producer: from a record to its offset, by way of a batch.
//!
//! ```text
//! send ──▶ Lane ──▶ Sender ──▶ Transport
//!  └─ Delivery ◀─ outcome ◀──────┘
//! ```

mod batch;
mod builder;
mod lane;
mod partitioner;
mod routes;
mod sender;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use streamhouse_core::{Error, Partition};

pub use self::batch::{Delivered, Delivery};
pub use self::builder::ProducerBuilder;
use self::lane::Lane;
use self::partitioner::partition_of;
use self::routes::Routes;
use self::sender::{Sender, Sending};
use crate::metrics::producer::{Topic as TopicLabel, TopicErrorType, TopicPartition};

/// Sends records in batches, from any task.
///
/// When it is dropped, what is still waiting is sent as long as the runtime runs:
/// [`flush`](Self::flush) before that.
#[derive(Debug)]
pub struct Producer {
    topics: RwLock<HashMap<Arc<str>, Arc<Topic>>>,
    sending: Arc<Sending>,
    batch_size: usize,
    max_pending: u32,
}

/// A topic that was sent to.
#[derive(Debug)]
struct Topic {
    /// One a partition.
    lanes: Vec<Arc<Lane>>,
    /// Where the next record without a key goes.
    next: AtomicUsize,
}

impl Producer {
    /// A producer to be configured.
    pub fn builder() -> ProducerBuilder {
        ProducerBuilder::default()
    }

    /// Puts a record into a partition's batch: the one that is given, or that of its key, or else
    /// the topic's next one.
    ///
    /// Returns as soon as the record waits; the [`Delivery`] says what became of it. Waits itself
    /// while too many records are pending.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownPartition`], and those of the metadata when a topic is sent to for the first
    /// time.
    pub async fn send(
        &self,
        topic: &str,
        key: Option<&[u8]>,
        value: &[u8],
        partition: Option<u32>,
    ) -> Result<Delivery, Error> {
        let lane = match self.known(topic) {
            Some(known) => known.lane(key, partition),
            None => self.open(topic).await.and_then(|opened| opened.lane(key, partition)),
        };
        let lane = lane.inspect_err(|&error| {
            let labels = TopicErrorType { topic, error_type: error.into() };
            self.sending.metrics.send_errors(labels).inc();
        })?;
        if let Ok(permit) = self.sending.room.acquire().await {
            // The sender gives it back.
            permit.forget();
        }
        Ok(lane.push(key, value))
    }

    /// Sends what is waiting without waiting for more, and returns once nothing is pending that was
    /// sent before.
    ///
    /// What became of each record its [`Delivery`] says.
    pub async fn flush(&self) {
        let _hurry = Hurry::begin(self.lanes());
        // All the room there is: then nothing takes any.
        let _ = self.sending.room.acquire_many(self.max_pending).await;
    }

    fn known(&self, topic: &str) -> Option<Arc<Topic>> {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics.get(topic).cloned()
    }

    /// Opens a topic: a lane and a sender for each of its partitions.
    async fn open(&self, name: &str) -> Result<Arc<Topic>, Error> {
        let sending = &self.sending;
        let routes = Arc::new(Routes::of(sending, name).await?);
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have been faster.
        if let Some(opened) = topics.get(name) {
            return Ok(Arc::clone(opened));
        }
        sending.metrics.init(name);
        let key: Arc<str> = name.into();
        let lanes = (0..routes.partitions()).map(|index| {
            let metrics = sending.metrics.bind(TopicPartition { topic: name, partition: index });
            let partition = Partition::new(Arc::clone(&key), index);
            let lane = Arc::new(Lane::new(partition, self.batch_size, metrics));
            let sender = Sender {
                lane: Arc::clone(&lane),
                routes: Arc::clone(&routes),
                sending: Arc::clone(sending),
                metrics: sending.metrics.bind(TopicLabel { topic: name }),
            };
            sending.runtime.spawn(sender.run());
            lane
        });
        let opened = Arc::new(Topic { lanes: lanes.collect(), next: AtomicUsize::new(0) });
        topics.insert(key, Arc::clone(&opened));
        Ok(opened)
    }

    fn lanes(&self) -> Vec<Arc<Lane>> {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics.values().flat_map(|topic| &topic.lanes).cloned().collect()
    }
}

/// Lanes that are hurried as long as somebody waits, who may give up.
struct Hurry(Vec<Arc<Lane>>);

impl Hurry {
    fn begin(lanes: Vec<Arc<Lane>>) -> Self {
        lanes.iter().for_each(|lane| lane.hurry());
        Self(lanes)
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        self.0.iter().for_each(|lane| lane.relax());
    }
}

impl Topic {
    fn lane(&self, key: Option<&[u8]>, partition: Option<u32>) -> Result<Arc<Lane>, Error> {
        let lanes = self.lanes.len();
        let index = match (partition, key) {
            (Some(partition), _) => partition as usize,
            (None, Some(key)) => partition_of(key, lanes).unwrap_or(0),
            (None, None) => self.next.fetch_add(1, Ordering::Relaxed) % lanes.max(1),
        };
        self.lanes.get(index).cloned().ok_or(Error::UnknownPartition)
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.lanes().iter().for_each(|lane| lane.close());
    }
}
