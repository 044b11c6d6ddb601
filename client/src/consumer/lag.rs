//! Lag: how far a group is behind in one partition, whether anybody polls or not.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use streamhouse_core::{Error, Log, Partition, lock};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::metrics::consumer::BoundTopicPartitionGroupId;

/// What is known of a partition that is read here.
pub(super) struct Lag {
    pub(super) partition: Partition,
    pub(super) metrics: BoundTopicPartitionGroupId,
    /// The offset to be read next; none once the partition is somebody else's.
    next: Mutex<Option<u64>>,
}

impl Lag {
    pub(super) fn new(
        partition: Partition,
        next: u64,
        metrics: BoundTopicPartitionGroupId,
    ) -> Self {
        Self { partition, metrics, next: Mutex::new(Some(next)) }
    }

    /// The offset to be read next; that of nobody once the partition is somebody else's.
    pub(super) fn next(&self) -> u64 {
        lock(&self.next).unwrap_or_default()
    }

    /// Goes on at an offset.
    pub(super) fn skip_to(&self, next: u64) {
        *lock(&self.next) = Some(next);
    }

    /// Reads on up to an offset, and shows how much is left.
    pub(super) fn advance(&self, next: u64, end: u64, next_written: Option<SystemTime>) {
        let mut known = lock(&self.next);
        *known = Some(next);
        self.show(next, end, next_written);
    }

    /// Shows nothing any more, whoever is looking at this moment.
    pub(super) fn end(&self) {
        *lock(&self.next) = None;
    }

    /// Looks how much there is to read by now.
    async fn look(&self, log: &Log) -> Result<(), Error> {
        let Some(next) = *lock(&self.next) else { return Ok(()) };
        let fetched = log.read(&self.partition, next, 0).await?;
        let known = lock(&self.next);
        // Whoever has read on meanwhile knows better.
        if *known == Some(next) {
            self.show(next, fetched.end, fetched.next_written);
        }
        Ok(())
    }

    fn show(&self, next: u64, end: u64, next_written: Option<SystemTime>) {
        self.metrics.current_offset().set(next as i64);
        self.metrics.lag_records().set(end.saturating_sub(next) as i64);
        self.metrics.lag_seconds().set(age(next_written).as_secs_f64());
    }
}

/// How long ago the oldest unread record was written: the lag in time, zero when all is read.
pub(super) fn age(written: Option<SystemTime>) -> Duration {
    // A clock that was set back makes a record no older than new.
    written.and_then(|written| written.elapsed().ok()).unwrap_or_default()
}

/// The partitions that are looked at now and then: a consumer that is stuck in its work polls
/// nothing, and that is when its lag matters.
#[derive(Debug)]
pub(super) struct Lookout {
    lags: Arc<Mutex<Vec<Arc<Lag>>>>,
    task: JoinHandle<()>,
}

impl Lookout {
    pub(super) fn start(log: Log, interval: Duration) -> Self {
        let lags = Arc::<Mutex<Vec<Arc<Lag>>>>::default();
        let looked_at = Arc::clone(&lags);
        let task = tokio::spawn(async move {
            loop {
                sleep(interval).await;
                let lags = lock(&looked_at).clone();
                for lag in lags {
                    // What cannot be seen now is seen the next time.
                    let _ = lag.look(&log).await;
                }
            }
        });
        Self { lags, task }
    }

    /// Looks at these from now on.
    pub(super) fn watch(&self, lags: impl Iterator<Item = Arc<Lag>>) {
        *lock(&self.lags) = lags.collect();
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for Lag {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Lag").field(&self.partition).finish()
    }
}
