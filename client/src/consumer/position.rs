//! How far a group has read one partition.

use std::sync::Arc;

use streamhouse_core::{Error, Fetched, Log, Partition};

use super::lag::Lag;
use super::{ConsumerRecord, labels};
use crate::ConsumerMetrics;
use crate::metrics::consumer::{BoundTopicGroupId, TopicGroupId};

/// A place in a partition.
pub(super) struct Position {
    pub(super) lag: Arc<Lag>,
    /// What was committed here last.
    committed: Option<u64>,
    topic_metrics: BoundTopicGroupId,
}

impl Position {
    pub(super) fn new(
        partition: Partition,
        group_id: &str,
        next: u64,
        committed: Option<u64>,
        metrics: &ConsumerMetrics,
    ) -> Self {
        let topic_metrics = metrics.bind(TopicGroupId { topic: &partition.topic, group_id });
        let metrics = metrics.bind(labels(&partition, group_id));
        if let Some(committed) = committed {
            metrics.last_committed_offset().set(committed as i64);
        }
        let lag = Arc::new(Lag::new(partition, next, metrics));
        Self { lag, committed, topic_metrics }
    }

    pub(super) fn partition(&self) -> &Partition {
        &self.lag.partition
    }

    /// The offset to be read next.
    pub(super) fn next(&self) -> u64 {
        self.lag.next()
    }

    /// Reads what comes next, without going on.
    pub(super) async fn read(&self, log: &Log, limit: usize) -> Result<Fetched, Error> {
        log.read(self.partition(), self.next(), limit).await
    }

    /// Goes on past what was read, and learns how much is left.
    pub(super) fn advance(&mut self, read: Fetched) -> impl Iterator<Item = ConsumerRecord> {
        let Fetched { records, end, next_written } = read;
        let next = records.last().map_or(self.next(), |last| last.offset + 1);
        self.lag.advance(next, end, next_written);
        let bytes = records.iter().map(|stored| stored.record.size() as u64).sum();
        self.topic_metrics.bytes_consumed().inc_by(bytes);
        self.lag.metrics.records_consumed().inc_by(records.len() as u64);

        let partition = self.partition().clone();
        records.into_iter().map(move |stored| ConsumerRecord {
            partition: partition.clone(),
            offset: stored.offset,
            record: stored.record,
        })
    }

    /// Goes on at an offset that the group has committed, unless we are further.
    pub(super) fn skip_to(&mut self, committed: u64) {
        if committed > self.next() {
            self.lag.skip_to(committed);
            self.committed(committed);
        }
    }

    /// How far we are, unless that is committed already.
    pub(super) fn uncommitted(&self) -> Option<u64> {
        let next = self.next();
        (self.committed != Some(next)).then_some(next)
    }

    /// Remembers what was committed.
    pub(super) fn committed(&mut self, offset: u64) {
        self.committed = Some(offset);
        self.lag.metrics.last_committed_offset().set(offset as i64);
    }
}

impl std::fmt::Debug for Position {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} at {}", self.partition(), self.next())
    }
}
