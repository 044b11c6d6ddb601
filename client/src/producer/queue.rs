//! The queue: batches that wait to be full, old enough, or asked for.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::mem;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use streamhouse_agent::{Error, Partition, Record};

use super::batch::{Batch, Delivery};
use super::partitioner::partition_of;
use crate::ProducerMetrics;
use crate::lock::{lock, wait, wait_for};
use crate::metrics::producer::{BoundTopicPartition, TopicPartition};

/// What was sent and has no outcome yet.
#[derive(Debug)]
pub(super) struct Queue {
    batch_size: usize,
    linger: Duration,
    max_pending: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    topics: HashMap<Arc<str>, Topic>,
    /// Full batches, in the order in which they became full.
    full: VecDeque<(Partition, Batch)>,
    /// Records that are waiting or being sent.
    pending: usize,
    /// How many callers wait for everything to be sent.
    flushing: usize,
    closed: bool,
}

/// A topic: one lane a partition.
#[derive(Debug)]
struct Topic {
    lanes: Vec<Lane>,
    /// Where the next record without a key goes.
    next: usize,
}

/// The batch that a partition is filling.
struct Lane {
    partition: Partition,
    batch: Batch,
    /// Bound, because every single record steps the gauge.
    metrics: BoundTopicPartition,
}

impl Queue {
    pub(super) fn new(batch_size: usize, linger: Duration, max_pending: usize) -> Self {
        Self { batch_size, linger, max_pending, state: Mutex::default(), changed: Condvar::new() }
    }

    pub(super) fn knows(&self, topic: &str) -> bool {
        lock(&self.state).topics.contains_key(topic)
    }

    /// Opens a topic; one that is open already stays as it is.
    pub(super) fn open(&self, topic: &str, partitions: u32, metrics: &ProducerMetrics) {
        let name: Arc<str> = topic.into();
        let lanes = (0..partitions).map(|partition| Lane {
            partition: Partition::new(Arc::clone(&name), partition),
            batch: Batch::default(),
            metrics: metrics.bind(TopicPartition { topic, partition }),
        });
        let topic = Topic { lanes: lanes.collect(), next: 0 };
        lock(&self.state).topics.entry(name).or_insert(topic);
    }

    /// Puts a record into its batch, once there is room.
    pub(super) fn push(&self, topic: &str, record: Record) -> Result<Delivery, Error> {
        let mut state = lock(&self.state);
        while state.pending >= self.max_pending {
            state = wait(&self.changed, state);
        }
        let State { topics, full, pending, .. } = &mut *state;
        let topic = topics.get_mut(topic).ok_or(Error::UnknownPartition)?;
        let lane = topic.lane(record.key.as_deref()).ok_or(Error::UnknownPartition)?;
        let delivery = lane.batch.push(record);
        lane.metrics.pending_records().inc();
        *pending += 1;

        let waiting = lane.batch.records.len();
        if waiting >= self.batch_size {
            full.push_back(lane.take());
        }
        // The sender sleeps until the first record of a batch is old, or a batch is full.
        if waiting == 1 || waiting >= self.batch_size {
            self.changed.notify_all();
        }
        Ok(delivery)
    }

    /// Waits for a batch that is due; none is left once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<(Partition, Batch)> {
        let mut state = lock(&self.state);
        loop {
            if let Some(full) = state.full.pop_front() {
                return Some(full);
            }
            let (hurried, closed) = (state.flushing > 0 || state.closed, state.closed);
            let Some((lane, since)) = state.oldest() else {
                if closed {
                    return None;
                }
                state = wait(&self.changed, state);
                continue;
            };
            let patience = self.linger.saturating_sub(since.elapsed());
            if hurried || patience.is_zero() {
                return Some(lane.take());
            }
            state = wait_for(&self.changed, state, patience);
        }
    }

    /// Forgets popped records, whose outcome is known now.
    pub(super) fn settle(&self, partition: &Partition, records: usize) {
        let mut state = lock(&self.state);
        state.pending -= records;
        let topic = state.topics.get(&partition.topic);
        if let Some(lane) = topic.and_then(|topic| topic.lanes.get(partition.index as usize)) {
            lane.metrics.pending_records().sub(records as i64);
        }
        self.changed.notify_all();
    }

    /// Hurries everything, and waits until nothing is pending.
    pub(super) fn flush(&self) {
        let mut state = lock(&self.state);
        state.flushing += 1;
        self.changed.notify_all();
        while state.pending > 0 {
            state = wait(&self.changed, state);
        }
        state.flushing -= 1;
    }

    /// Hurries what is waiting; after it there is no more.
    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.changed.notify_all();
    }
}

impl State {
    /// The batch that has waited longest, and since when.
    fn oldest(&mut self) -> Option<(&mut Lane, Instant)> {
        let lanes = self.topics.values_mut().flat_map(|topic| &mut topic.lanes);
        let waiting = lanes.filter_map(|lane| {
            let since = *lane.batch.sent.first()?;
            Some((lane, since))
        });
        waiting.min_by_key(|(_, since)| *since)
    }
}

impl Topic {
    /// The lane of a key, or the next one.
    fn lane(&mut self, key: Option<&[u8]>) -> Option<&mut Lane> {
        let lanes = self.lanes.len();
        let index = match key {
            Some(key) => partition_of(key, lanes)?,
            None => {
                self.next = (self.next + 1) % lanes.max(1);
                self.next
            }
        };
        self.lanes.get_mut(index)
    }
}

impl Lane {
    fn take(&mut self) -> (Partition, Batch) {
        (self.partition.clone(), mem::take(&mut self.batch))
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, batch, .. } = self;
        formatter.debug_tuple("Lane").field(partition).field(batch).finish()
    }
}
