//! The sender: one thread that takes due batches and sees each to its outcome.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use streamhouse_agent::{Error, Partition, Transport};

use super::batch::Batch;
use super::queue::Queue;
use crate::ProducerMetrics;
use crate::metrics::producer::{Topic, TopicErrorType, TopicPartition};

/// However often a batch is sent again, it waits no longer than this before.
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

/// Sends one batch at a time, so that the records of a partition stay in order.
pub(super) struct Sender {
    pub(super) queue: Arc<Queue>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) metrics: ProducerMetrics,
    pub(super) retries: u32,
    pub(super) backoff: Duration,
}

impl Sender {
    /// Works until the queue is closed and empty.
    pub(super) fn run(self) {
        while let Some((partition, batch)) = self.queue.pop() {
            let result = self.flush(&partition, &batch);
            self.record(&partition, &batch, result);
            // Last, so that whoever was waiting finds the metrics true.
            self.queue.settle(&partition, batch.records.len());
            batch.settle(result);
        }
    }

    /// Sends a batch, and again after transient errors; the time of all attempts is one flush.
    fn flush(&self, partition: &Partition, batch: &Batch) -> Result<u64, Error> {
        let topic = &partition.topic;
        let duration = self.metrics.batch_flush_duration_seconds(Topic { topic });
        let _timer = duration.start_timer();
        let mut backoff = self.backoff;
        for _ in 0..self.retries {
            match self.transport.produce(partition, &batch.records) {
                Err(error) if error.is_transient() => thread::sleep(backoff),
                result => return result,
            }
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
        }
        self.transport.produce(partition, &batch.records)
    }

    fn record(&self, partition: &Partition, batch: &Batch, result: Result<u64, Error>) {
        let Partition { topic, index } = partition;
        let metrics = &self.metrics;
        let (records, bytes) = (batch.records.len() as u64, batch.bytes());
        metrics.batch_size_records(Topic { topic }).observe(records);
        metrics.batch_size_bytes(Topic { topic }).observe(bytes);
        match result {
            Ok(_) => {
                let partition = *index;
                let sent = metrics.records_sent(TopicPartition { topic, partition });
                sent.inc_by(records);
                metrics.bytes_sent(Topic { topic }).inc_by(bytes);
            }
            Err(error) => {
                let error_type = error.into();
                let failed = metrics.send_errors(TopicErrorType { topic, error_type });
                failed.inc_by(records);
            }
        }
        // A send lasts until its outcome is known, whatever the outcome.
        let duration = metrics.send_duration_seconds(Topic { topic });
        for sent in &batch.sent {
            duration.observe(sent.elapsed());
        }
    }
}
