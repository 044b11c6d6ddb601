//! Batches: records that are sent together and share an outcome.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use streamhouse_agent::{Error, Record};

use crate::lock::{lock, wait};

/// Records on their way to one partition.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// When each record was sent.
    pub(super) sent: Vec<Instant>,
    outcome: Arc<Outcome>,
}

impl Batch {
    pub(super) fn push(&mut self, record: Record) -> Delivery {
        let index = self.records.len() as u64;
        self.records.push(record);
        self.sent.push(Instant::now());
        Delivery { outcome: Arc::clone(&self.outcome), index }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.records.iter().map(|record| record.size() as u64).sum()
    }

    /// Tells everybody who waits what became of the batch: the offset of its first record.
    pub(super) fn settle(&self, result: Result<u64, Error>) {
        *lock(&self.outcome.result) = Some(result);
        self.outcome.settled.notify_all();
    }
}

/// What became of a batch, once it is known.
#[derive(Debug, Default)]
struct Outcome {
    result: Mutex<Option<Result<u64, Error>>>,
    settled: Condvar,
}

/// What will become of a record.
#[derive(Clone, Debug)]
pub struct Delivery {
    outcome: Arc<Outcome>,
    /// The record's place in its batch.
    index: u64,
}

impl Delivery {
    /// Waits until the record has an offset, or has failed for good.
    pub fn wait(&self) -> Result<u64, Error> {
        let mut result = lock(&self.outcome.result);
        loop {
            if let Some(result) = *result {
                return result.map(|first| first + self.index);
            }
            result = wait(&self.outcome.settled, result);
        }
    }
}
