//! Writers: one task a partition, which makes one segment of all that waits.
//!
//! While a segment is being written, batches of any number of producers come in; they are the next
//! one. So a busy partition has few large segments, and an idle one makes nobody wait.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex};

use streamhouse_core::{Error, Log, Partition, Record, lock};
use tokio::sync::{mpsc, oneshot};

use crate::AgentMetrics;
use crate::leases::Leases;
use crate::metrics::agent::{BoundTopic, BoundTopicPartition, Topic, TopicPartition};

/// Most batches that wait for a partition; whoever comes then waits to wait.
const WAITING: usize = 256;

/// The writers of all partitions that were written to.
#[derive(Debug)]
pub(crate) struct Writers {
    log: Log,
    leases: Arc<Leases>,
    max_request_bytes: usize,
    metrics: AgentMetrics,
    /// Where batches wait; a writer ends when its sender is gone.
    waiting: Mutex<HashMap<Partition, mpsc::Sender<Batch>>>,
}

/// A producer's batch, and who waits for its offset.
#[derive(Debug)]
struct Batch {
    records: Vec<Record>,
    written: oneshot::Sender<Result<u64, Error>>,
}

impl Writers {
    pub(crate) fn new(
        log: Log,
        leases: Arc<Leases>,
        max_request_bytes: usize,
        metrics: AgentMetrics,
    ) -> Self {
        Self { log, leases, max_request_bytes, metrics, waiting: Mutex::default() }
    }

    pub(crate) fn max_request_bytes(&self) -> usize {
        self.max_request_bytes
    }

    /// Writes a batch to a partition that is held; gives the offset of its first record.
    pub(crate) async fn write(
        &self,
        partition: &Partition,
        records: Vec<Record>,
    ) -> Result<u64, Error> {
        let bytes: usize = records.iter().map(Record::weight).sum();
        if records.is_empty() || bytes > self.max_request_bytes {
            return Err(Error::Rejected);
        }
        // Only a partition that there is can be held, so there are no more writers than partitions.
        if self.leases.epoch(partition).is_none() {
            return Err(Error::NotLeader);
        }
        let (written, answer) = oneshot::channel();
        let batch = Batch { records, written };
        self.waiting_for(partition).send(batch).await.map_err(|_| Error::Storage)?;
        answer.await.unwrap_or(Err(Error::Storage))
    }

    fn waiting_for(&self, partition: &Partition) -> mpsc::Sender<Batch> {
        let mut waiting = lock(&self.waiting);
        // One that panicked is replaced.
        if let Some(waiting) = waiting.get(partition).filter(|waiting| !waiting.is_closed()) {
            return waiting.clone();
        }
        let (sender, batches) = mpsc::channel(WAITING);
        let Partition { topic, index } = partition;
        let writer = Writer {
            partition: partition.clone(),
            log: self.log.clone(),
            leases: Arc::clone(&self.leases),
            max_bytes: self.max_request_bytes,
            latency: self.metrics.bind(Topic { topic }),
            metrics: self.metrics.bind(TopicPartition { topic, partition: *index }),
        };
        tokio::spawn(writer.run(batches));
        waiting.insert(partition.clone(), sender.clone());
        sender
    }
}

/// Writes to one partition.
struct Writer {
    partition: Partition,
    log: Log,
    leases: Arc<Leases>,
    /// Where a segment is large enough.
    max_bytes: usize,
    latency: BoundTopic,
    metrics: BoundTopicPartition,
}

impl Writer {
    async fn run(self, mut batches: mpsc::Receiver<Batch>) {
        while let Some(first) = batches.recv().await {
            let mut together = vec![first];
            let mut bytes = together[0].bytes();
            while bytes < self.max_bytes
                && let Ok(batch) = batches.try_recv()
            {
                bytes += batch.bytes();
                together.push(batch);
            }
            let counts: Vec<u64> =
                together.iter().map(|batch| batch.records.len() as u64).collect();
            let records =
                together.iter_mut().flat_map(|batch| mem::take(&mut batch.records)).collect();
            let result = self.segment(records).await;
            let mut before = 0;
            for (batch, count) in together.into_iter().zip(counts) {
                // Who does not wait any more needs no answer.
                let _ = batch.written.send(result.map(|first| first + before));
                before += count;
            }
        }
    }

    /// Writes one segment; gives the offset of its first record.
    async fn segment(&self, records: Vec<Record>) -> Result<u64, Error> {
        let epoch = self.leases.epoch(&self.partition).ok_or(Error::NotLeader)?;
        let count = records.len() as u64;
        let latency = self.latency.write_latency_seconds();
        let timer = latency.start_timer();
        let first = self.log.append(&self.partition, &self.leases.holder(), epoch, records).await?;
        timer.stop();
        self.metrics.records_written().inc_by(count);
        Ok(first)
    }
}

impl Batch {
    fn bytes(&self) -> usize {
        self.records.iter().map(Record::weight).sum()
    }
}
