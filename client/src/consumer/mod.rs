//! The consumer: reads partitions, remembers how far, and knows how far behind it is.
//!
//! ```text
//! Membership ──assignment──▶ Consumer ──poll──▶ Position (one a partition) ──▶ Log
//!                                                    └─ Lag ◀── Lookout, now and then
//! ```

mod builder;
mod lag;
mod membership;
mod position;

use std::sync::Arc;
use std::time::{Duration, Instant};

use streamhouse_core::{Assignment, Error, Log, Partition, Record};
use tokio::time::sleep;

pub use self::builder::{ConsumerBuilder, OffsetReset};
use self::lag::Lookout;
use self::membership::Membership;
use self::position::Position;
use crate::ConsumerMetrics;
use crate::metrics::consumer::{Topic, TopicPartitionGroupId};

/// How long an empty poll waits before it asks again.
const PAUSE: Duration = Duration::from_millis(10);

/// Reads the partitions that its group has assigned to it, straight from the object store.
///
/// Records are read at least once: after a rebalance or a restart a group goes on where it
/// [committed](Self::commit).
#[derive(Debug)]
pub struct Consumer {
    log: Log,
    membership: Membership,
    /// What the positions are those of.
    assignment: Assignment,
    offset_reset: OffsetReset,
    max_records: usize,
    metrics: ConsumerMetrics,
    positions: Vec<Position>,
    lookout: Lookout,
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
    /// # Errors
    ///
    /// Those of the stores, where nothing could be read. A partition that fails while others answer
    /// is asked again by the next poll.
    pub async fn poll(&mut self, timeout: Duration) -> Result<Vec<ConsumerRecord>, Error> {
        let started = Instant::now();
        let polled = loop {
            let polled = self.fetch().await;
            let is_empty = polled.as_ref().is_ok_and(Vec::is_empty);
            if !is_empty || started.elapsed() >= timeout {
                break polled;
            }
            sleep(PAUSE.min(timeout.saturating_sub(started.elapsed()))).await;
        };
        let taken = started.elapsed();
        for topic in self.membership.topics() {
            self.metrics.poll_duration_seconds(Topic { topic }).observe(taken);
        }
        polled
    }

    /// Commits how far every partition has been read, so that the group goes on there.
    ///
    /// # Errors
    ///
    /// [`Error::Rebalanced`] where the group has divided its partitions since the last poll: what
    /// was read since the last commit may be read again, by whoever has the partition now. And those
    /// of the metadata.
    pub async fn commit(&mut self) -> Result<(), Error> {
        for position in &mut self.positions {
            if let Some(offset) = position.uncommitted() {
                let generation = self.assignment.generation;
                self.membership.commit(generation, position.partition(), offset).await?;
                position.committed(offset);
            }
        }
        Ok(())
    }

    /// Leaves the group, so that the others need not wait to read on; without this they hear of it
    /// a moment after the consumer was dropped.
    ///
    /// # Errors
    ///
    /// Those of the metadata; then the membership ends with its session.
    pub async fn close(mut self) -> Result<(), Error> {
        self.membership.leave().await
    }

    /// The partitions that this consumer reads, as of the last poll.
    pub fn assignment(&self) -> impl Iterator<Item = &Partition> {
        self.positions.iter().map(Position::partition)
    }

    /// How many records of a partition are still to be read, at this moment.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownPartition`] for a partition that is not read here, and those of the metadata.
    pub async fn lag(&self, topic: &str, partition: u32) -> Result<u64, Error> {
        let position = self.position(topic, partition)?;
        Ok(position.read(&self.log, 0).await?.end.saturating_sub(position.next()))
    }

    /// How long ago the oldest record of a partition was written that is still to be read; zero
    /// where all are read.
    ///
    /// # Errors
    ///
    /// As those of [`lag`](Self::lag).
    pub async fn lag_time(&self, topic: &str, partition: u32) -> Result<Duration, Error> {
        let read = self.position(topic, partition)?.read(&self.log, 0).await?;
        Ok(lag::age(read.next_written))
    }

    fn position(&self, topic: &str, partition: u32) -> Result<&Position, Error> {
        let mut positions = self.positions.iter();
        let found = positions.find(|position| {
            let Partition { topic: name, index } = position.partition();
            **name == *topic && *index == partition
        });
        found.ok_or(Error::UnknownPartition)
    }

    /// Asks every partition once.
    async fn fetch(&mut self) -> Result<Vec<ConsumerRecord>, Error> {
        self.assign().await?;
        let mut room = self.max_records;
        let mut fetched = Vec::new();
        for position in &self.positions {
            let read = position.read(&self.log, room).await;
            room -= read.as_ref().map_or(0, |read| read.records.len());
            fetched.push(read);
        }
        // From here on nobody waits: who is interrupted before has read nothing.
        let mut records = Vec::new();
        let mut failure = None;
        for (position, read) in self.positions.iter_mut().zip(fetched) {
            match read {
                Ok(read) => records.extend(position.advance(read)),
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

    /// Reads what is assigned from now on; positions that stay go on where they are.
    async fn assign(&mut self) -> Result<(), Error> {
        let assignment = {
            let assignment = self.membership.assignment();
            if *assignment == self.assignment {
                return Ok(());
            }
            assignment.clone()
        };
        self.give_up(|partition| !assignment.partitions.contains(partition));
        if assignment.generation > self.assignment.generation + 1 {
            // A partition may have been somebody else's in between.
            self.catch_up().await?;
        }
        for partition in &assignment.partitions {
            if self.position(&partition.topic, partition.index).is_err() {
                let position = self.open(partition.clone()).await?;
                self.positions.push(position);
            }
        }
        self.lookout.watch(self.positions.iter().map(|position| Arc::clone(&position.lag)));
        self.assignment = assignment;
        Ok(())
    }

    /// Goes on where the group has come to without us.
    async fn catch_up(&mut self) -> Result<(), Error> {
        for position in &mut self.positions {
            if let Some(committed) = self.membership.committed(position.partition()).await? {
                position.skip_to(committed);
            }
        }
        Ok(())
    }

    /// Reads some partitions no more; nor does it show them, since somebody else does.
    fn give_up(&mut self, which: impl Fn(&Partition) -> bool) {
        let (group_id, metrics) = (self.membership.group_id(), &self.metrics);
        self.positions.retain(|position| {
            let is_given_up = which(position.partition());
            if is_given_up {
                position.lag.end();
                metrics.remove(labels(position.partition(), group_id));
            }
            !is_given_up
        });
    }

    /// A partition's place where its group left off.
    async fn open(&self, partition: Partition) -> Result<Position, Error> {
        let committed = self.membership.committed(&partition).await?;
        let next = match (committed, self.offset_reset) {
            (Some(committed), _) => committed,
            (None, OffsetReset::Earliest) => 0,
            // A read of nothing says where the partition ends.
            (None, OffsetReset::Latest) => self.log.read(&partition, 0, 0).await?.end,
        };
        Ok(Position::new(partition, self.membership.group_id(), next, committed, &self.metrics))
    }
}

fn labels<'l>(partition: &'l Partition, group_id: &'l str) -> TopicPartitionGroupId<'l> {
    let Partition { topic, index } = partition;
    TopicPartitionGroupId { topic, partition: *index, group_id }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.give_up(|_| true);
    }
}
