//! The sender: one task a partition that takes due batches and sees each to its outcome.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use streamhouse_core::{Error, Metadata, Transport};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::batch::Batch;
use super::lane::Lane;
use super::routes::Routes;
use crate::ProducerMetrics;
use crate::metrics::producer::{BoundTopic, TopicErrorType};

/// However often a batch is sent again, it waits no longer than this before.
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

/// What all senders of a producer have in common.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) metadata: Metadata,
    pub(super) agent_group: String,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) metrics: ProducerMetrics,
    pub(super) linger: Duration,
    pub(super) retries: u32,
    pub(super) delivery_timeout: Duration,
    pub(super) backoff: Duration,
    /// Where senders run, whoever sends first.
    pub(super) runtime: Handle,
    /// A permit for each record that may be pending.
    pub(super) room: Semaphore,
}

/// Sends one batch at a time, so that the records of a partition stay in order.
pub(super) struct Sender {
    pub(super) lane: Arc<Lane>,
    pub(super) routes: Arc<Routes>,
    pub(super) sending: Arc<Sending>,
    pub(super) metrics: BoundTopic,
}

impl Sender {
    /// Works until the lane is closed and empty.
    pub(super) async fn run(self) {
        while let Some(mut batch) = self.lane.pop(self.sending.linger).await {
            self.lane.metrics.pending_records().add(batch.show());
            let begun = Instant::now();
            // Whoever panicked has said so; the room is given back all the same.
            let flushed = AssertUnwindSafe(self.flush(&batch, begun)).catch_unwind().await;
            let result = flushed.unwrap_or(Err(Error::Timeout));
            self.record(&batch, begun, result);
            let records = batch.records.len();
            self.lane.metrics.pending_records().sub(records as i64);
            batch.settle(result);
            // Last, so that whoever was waiting finds the metrics true.
            self.sending.room.add_permits(records);
        }
    }

    /// Sends a batch, and again after transient errors, as often and as long as it may.
    async fn flush(&self, batch: &Batch, begun: Instant) -> Result<u64, Error> {
        let mut backoff = self.sending.backoff;
        let mut result = self.attempt(batch).await;
        for _ in 0..self.sending.retries {
            let may_wait = begun.elapsed() + backoff <= self.sending.delivery_timeout;
            match result {
                Err(error) if error.is_transient() && may_wait => sleep(backoff).await,
                result => return result,
            }
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
            result = self.attempt(batch).await;
        }
        result
    }

    /// Sends a batch to whoever holds the lease, and forgets who that is where it is not.
    async fn attempt(&self, batch: &Batch) -> Result<u64, Error> {
        let Sending { transport, .. } = &*self.sending;
        let partition = &self.lane.partition;
        let leader = self.routes.leader(&self.sending, partition).await?;
        let result = transport.produce(&leader, partition, batch.records.clone()).await;
        // One that does not answer may have lost the lease too, and will never say so.
        if result.is_err_and(Error::is_transient) {
            self.routes.forget(partition, &leader);
        }
        result
    }

    fn record(&self, batch: &Batch, begun: Instant, result: Result<u64, Error>) {
        let metrics = &self.metrics;
        let records = batch.records.len() as u64;
        metrics.batch_size_records().observe(records);
        metrics.batch_size_bytes().observe(batch.bytes);
        match result {
            Ok(_) => {
                self.lane.metrics.records_sent().inc_by(records);
                metrics.bytes_sent().inc_by(batch.bytes);
            }
            Err(error) => {
                let labels =
                    TopicErrorType { topic: &self.lane.partition.topic, error_type: error.into() };
                self.sending.metrics.send_errors(labels).inc_by(records);
            }
        }
        // One look at the clock for all of them: a send lasts until its outcome is known, whatever
        // the outcome, and a flush until its last attempt.
        let now = Instant::now();
        metrics.batch_flush_duration_seconds().observe(now.saturating_duration_since(begun));
        metrics.send_duration_seconds().observe_all(batch.waited(now));
    }
}
