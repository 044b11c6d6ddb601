//! The consumer: reads partitions, remembers how far, and knows how far behind it is.

mod builder;
mod position;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_agent::{Error, Partition, Record, Transport};

pub use self::builder::{ConsumerBuilder, OffsetReset};
use self::position::Position;
use crate::ConsumerMetrics;
use crate::metrics::consumer::{Topic, TopicGroupId};

/// How long an empty poll waits before it asks again.
const PAUSE: Duration = Duration::from_millis(10);

/// Reads every partition of its topics on behalf of a group.
///
/// A group has one consumer: partitions are not yet divided among several.
#[derive(Debug)]
pub struct Consumer {
    group_id: String,
    topics: Vec<String>,
    transport: Arc<dyn Transport>,
    metrics: ConsumerMetrics,
    max_records: usize,
    positions: Vec<Position>,
}

/// A record as a consumer receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerRecord {
    /// Where it was read.
    pub partition: Partition,
    /// Its place there.
    pub offset: u64,
    /// What was sent.
    pub record: Record,
}

impl Consumer {
    /// A consumer to be configured.
    pub fn builder() -> ConsumerBuilder {
        ConsumerBuilder::default()
    }

    /// Reads on, and waits for records if there are none, but no longer than the timeout.
    ///
    /// An error means that nothing could be read. A partition that fails while others answer is
    /// asked again by the next poll.
    pub fn poll(&mut self, timeout: Duration) -> Result<Vec<ConsumerRecord>, Error> {
        let started = Instant::now();
        let polled = loop {
            let polled = self.fetch();
            let is_empty = polled.as_ref().is_ok_and(Vec::is_empty);
            if !is_empty || started.elapsed() >= timeout {
                break polled;
            }
            thread::sleep(PAUSE.min(timeout.saturating_sub(started.elapsed())));
        };
        let taken = started.elapsed();
        for topic in &self.topics {
            self.metrics.poll_duration_seconds(Topic { topic }).observe(taken);
        }
        polled
    }

    /// Commits how far every partition has been read, so that the group goes on there.
    pub fn commit(&mut self) -> Result<(), Error> {
        for position in &mut self.positions {
            position.commit(&self.group_id, &*self.transport)?;
        }
        Ok(())
    }

    /// How many records of a partition are still to be read, as of the last poll; nothing for a
    /// partition that is not read here.
    pub fn lag(&self, topic: &str, partition: u32) -> Option<u64> {
        let position = self.positions.iter().find(|position| {
            *position.partition.topic == *topic && position.partition.index == partition
        });
        position.map(Position::lag)
    }

    /// Asks every partition once.
    fn fetch(&mut self) -> Result<Vec<ConsumerRecord>, Error> {
        let mut records = Vec::new();
        let mut failure = None;
        for position in &mut self.positions {
            let room = self.max_records - records.len();
            match position.fetch(&*self.transport, room) {
                Ok(fetched) => {
                    let bytes = fetched.iter().map(|fetched| fetched.record.size() as u64).sum();
                    let labels =
                        TopicGroupId { topic: &position.partition.topic, group_id: &self.group_id };
                    self.metrics.bytes_consumed(labels).inc_by(bytes);
                    records.extend(fetched);
                }
                Err(error) => failure = Some(error),
            }
        }
        // Another partition comes first next time, so that a busy one leaves room for all.
        if let Some(last) = self.positions.len().checked_sub(1) {
            self.positions.rotate_right(1.min(last));
        }
        match failure {
            Some(error) if records.is_empty() => Err(error),
            _ => Ok(records),
        }
    }
}
