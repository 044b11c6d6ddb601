//! Lanes: for each partition the batches that wait to be full, old enough, or asked for.

use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::sync::Mutex;
use std::time::Duration;

use streamhouse_core::{Partition, lock};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::batch::{Batch, Delivery};
use crate::metrics::producer::BoundTopicPartition;

/// How many records the gauge is stepped for at once.
const STEP: usize = 16;

/// A batch is full with so many bytes, whatever its records; an agent takes larger ones.
const BATCH_BYTES: u64 = 1 << 20;

/// What was sent to a partition and is not under way yet.
pub(super) struct Lane {
    pub(super) partition: Partition,
    /// Bound, because records step the gauge.
    pub(super) metrics: BoundTopicPartition,
    batch_size: usize,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// The batch that is being filled.
    filling: Batch,
    full: VecDeque<Batch>,
    /// How many callers wait for everything to be sent.
    hurried: usize,
    is_closed: bool,
}

impl Lane {
    pub(super) fn new(
        partition: Partition,
        batch_size: usize,
        metrics: BoundTopicPartition,
    ) -> Self {
        let filling = Batch::new();
        let state = State { filling, full: VecDeque::new(), hurried: 0, is_closed: false };
        Self { partition, metrics, batch_size, state: Mutex::new(state), changed: Notify::new() }
    }

    /// Puts a record into the batch that is being filled.
    pub(super) fn push(&self, key: Option<&[u8]>, value: &[u8]) -> Delivery {
        let mut state = lock(&self.state);
        // A large record goes alone: those before it do not share its fate.
        let size = (key.map_or(0, <[u8]>::len) + value.len()) as u64;
        if size >= BATCH_BYTES && !state.filling.records.is_empty() {
            let full = state.take();
            state.full.push_back(full);
        }
        let delivery = state.filling.push(self.partition.index, key, value);
        let waiting = state.filling.records.len();
        let is_full = waiting >= self.batch_size || state.filling.weight >= BATCH_BYTES;
        // Exact while few records wait; of many, sixteen are shown at once.
        if waiting <= STEP || waiting.is_multiple_of(STEP) || is_full {
            self.metrics.pending_records().add(state.filling.show());
        }
        if is_full {
            let full = state.take();
            state.full.push_back(full);
        }
        drop(state);
        // The sender sleeps until the first record of a batch is old, or a batch is full.
        if waiting == 1 || is_full {
            self.changed.notify_one();
        }
        delivery
    }

    /// Waits for a batch that is due; none is left once the lane is closed and empty.
    pub(super) async fn pop(&self, linger: Duration) -> Option<Batch> {
        loop {
            let patience = match lock(&self.state).due(linger) {
                Due::Now(batch) => return Some(batch),
                Due::Never => return None,
                Due::In(patience) => Some(patience),
                Due::Unknown => None,
            };
            let changed = self.changed.notified();
            match patience {
                // Either way we look again.
                Some(patience) => drop(timeout(patience, changed).await),
                None => changed.await,
            }
        }
    }

    /// Sends what is waiting without waiting for more, until it is called off.
    pub(super) fn hurry(&self) {
        lock(&self.state).hurried += 1;
        self.changed.notify_one();
    }

    /// Calls one hurry off.
    pub(super) fn relax(&self) {
        lock(&self.state).hurried -= 1;
    }

    /// Hurries what is waiting; after it there is no more.
    pub(super) fn close(&self) {
        lock(&self.state).is_closed = true;
        self.changed.notify_one();
    }
}

/// When the next batch is due.
enum Due {
    Now(Batch),
    In(Duration),
    /// Nothing waits.
    Unknown,
    /// Nothing waits and nothing comes.
    Never,
}

impl State {
    /// The batch that was filled; another one is filled from now on.
    fn take(&mut self) -> Batch {
        mem::replace(&mut self.filling, Batch::new())
    }

    fn due(&mut self, linger: Duration) -> Due {
        if let Some(full) = self.full.pop_front() {
            return Due::Now(full);
        }
        let Some(since) = self.filling.since().map(|since| since.elapsed()) else {
            return if self.is_closed { Due::Never } else { Due::Unknown };
        };
        match linger.saturating_sub(since) {
            patience if self.hurried == 0 && !self.is_closed && !patience.is_zero() => {
                Due::In(patience)
            }
            _ => Due::Now(self.take()),
        }
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Lane").field(&self.partition).finish()
    }
}
