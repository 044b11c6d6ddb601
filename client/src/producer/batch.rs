//! Batches: records that are sent together and share an outcome.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use streamhouse_core::{Error, Record};
use tokio::sync::oneshot;

/// The offset of a batch's first record, once it is known.
type Outcome = Result<u64, Error>;

/// Records on their way to one partition.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// Of keys and values.
    pub(super) bytes: u64,
    /// Of all that an agent is sent.
    pub(super) weight: u64,
    /// When the first record was sent: by a clock that is never set, and by the world's.
    began: Option<(Instant, SystemTime)>,
    /// How many nanoseconds later each record was sent.
    later: Vec<u64>,
    /// How many records the gauge of those that are pending has been told of.
    shown: usize,
    settled: oneshot::Sender<Outcome>,
    outcome: Shared<oneshot::Receiver<Outcome>>,
}

impl Batch {
    pub(super) fn new() -> Self {
        let (settled, outcome) = oneshot::channel();
        Self {
            records: Vec::new(),
            bytes: 0,
            weight: 0,
            began: None,
            later: Vec::new(),
            shown: 0,
            settled,
            outcome: outcome.shared(),
        }
    }

    pub(super) fn push(&mut self, partition: u32, key: Option<&[u8]>, value: &[u8]) -> Delivery {
        let index = self.records.len() as u64;
        let now = Instant::now();
        let (began, time) = *self.began.get_or_insert_with(|| (now, SystemTime::now()));
        // The time of the world, however its clocks are set meanwhile.
        let later = now.saturating_duration_since(began);
        let record = Record::copied(time + later, key, value);
        self.later.push(nanoseconds(later));
        self.bytes += record.size() as u64;
        self.weight += record.weight() as u64;
        self.records.push(record);
        Delivery { outcome: self.outcome.clone(), partition, index }
    }

    /// Since when the first record waits.
    pub(super) fn since(&self) -> Option<Instant> {
        self.began.map(|(instant, _)| instant)
    }

    /// How long each record has waited by now.
    pub(super) fn waited(&self, now: Instant) -> impl Iterator<Item = Duration> + Clone {
        let since = self.since().unwrap_or(now);
        let now = nanoseconds(now.saturating_duration_since(since));
        self.later.iter().map(move |later| Duration::from_nanos(now.saturating_sub(*later)))
    }

    /// How many records were not shown as pending yet; they are now.
    pub(super) fn show(&mut self) -> i64 {
        let unshown = self.records.len() - self.shown;
        self.shown = self.records.len();
        unshown as i64
    }

    /// Tells everybody who waits what became of the batch: the offset of its first record.
    pub(super) fn settle(self, result: Outcome) {
        // Nobody may be waiting.
        let _ = self.settled.send(result);
    }
}

/// Nanoseconds of a batch's life, which is no century.
fn nanoseconds(duration: Duration) -> u64 {
    duration.as_nanos() as u64
}

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The partition of its topic.
    pub partition: u32,
    /// Its place there.
    pub offset: u64,
}

/// What will become of a record: a future of where it is, or of why it has failed for good.
///
/// Nobody has to wait for it; the record is sent all the same.
#[derive(Clone, Debug)]
pub struct Delivery {
    outcome: Shared<oneshot::Receiver<Outcome>>,
    partition: u32,
    /// The record's place in its batch.
    index: u64,
}

impl Future for Delivery {
    type Output = Result<Delivered, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(self.outcome.poll_unpin(context));
        let Self { partition, index, .. } = *self;
        // A sender that is gone has not said what it did.
        let first = outcome.unwrap_or(Err(Error::Timeout));
        Poll::Ready(first.map(|first| Delivered { partition, offset: first + index }))
    }
}
