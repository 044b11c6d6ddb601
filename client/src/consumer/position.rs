//! How far a group has read one partition.

use std::fmt;
use std::time::SystemTime;

use streamhouse_agent::{Error, Fetched, Partition, Transport};

use super::ConsumerRecord;
use crate::metrics::consumer::BoundTopicPartitionGroupId;

/// A place in a partition, and what is known of the records after it.
pub(super) struct Position {
    pub(super) partition: Partition,
    /// The offset to be read next.
    next: u64,
    /// The offset of the next record to be written, as of the last fetch.
    end: u64,
    /// What was committed here last.
    committed: Option<u64>,
    metrics: BoundTopicPartitionGroupId,
}

impl Position {
    pub(super) fn new(
        partition: Partition,
        next: u64,
        committed: Option<u64>,
        metrics: BoundTopicPartitionGroupId,
    ) -> Self {
        if let Some(committed) = committed {
            metrics.last_committed_offset().set(committed as i64);
        }
        Self { partition, next, end: next, committed, metrics }
    }

    /// How many records are still to be read.
    pub(super) fn lag(&self) -> u64 {
        self.end.saturating_sub(self.next)
    }

    /// Reads on, and learns how much is left.
    pub(super) fn fetch(
        &mut self,
        transport: &dyn Transport,
        limit: usize,
    ) -> Result<Vec<ConsumerRecord>, Error> {
        let Fetched { records, end, next_written } =
            transport.fetch(&self.partition, self.next, limit)?;
        self.end = end;
        if let Some(last) = records.last() {
            self.next = last.offset + 1;
        }

        self.metrics.records_consumed().inc_by(records.len() as u64);
        self.metrics.current_offset().set(self.next as i64);
        self.metrics.lag_records().set(self.lag() as i64);
        self.metrics.lag_seconds().set(age(next_written));

        let received = records.into_iter().map(|stored| ConsumerRecord {
            partition: self.partition.clone(),
            offset: stored.offset,
            record: stored.record,
        });
        Ok(received.collect())
    }

    /// Commits how far we are, unless that is committed already.
    pub(super) fn commit(
        &mut self,
        group_id: &str,
        transport: &dyn Transport,
    ) -> Result<(), Error> {
        if self.committed != Some(self.next) {
            transport.commit(group_id, &self.partition, self.next)?;
            self.committed = Some(self.next);
            self.metrics.last_committed_offset().set(self.next as i64);
        }
        Ok(())
    }
}

/// How long ago the oldest unread record was written: the lag in seconds, zero when all is read.
fn age(written: Option<SystemTime>) -> f64 {
    // A clock that was set back makes a record no older than new.
    let age = written.and_then(|written| written.elapsed().ok());
    age.unwrap_or_default().as_secs_f64()
}

impl fmt::Debug for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, next, .. } = self;
        write!(formatter, "{partition} at {next}")
    }
}
