//! The leases that one agent holds.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use streamhouse_core::{AgentRow, Error, Metadata, Partition, lock};

use crate::AgentMetrics;
use crate::metrics::agent::{LeaseStatus, Topic};

/// What an agent holds, and until when it may be sure of it.
#[derive(Debug)]
pub(crate) struct Leases {
    row: Mutex<AgentRow>,
    term: Duration,
    metadata: Metadata,
    held: Mutex<HashMap<Partition, Lease>>,
    /// Whether nobody asks any more.
    is_forgotten: AtomicBool,
    metrics: AgentMetrics,
}

#[derive(Clone, Copy, Debug)]
struct Lease {
    epoch: u64,
    until: Instant,
}

impl Leases {
    pub(crate) fn new(
        row: AgentRow,
        term: Duration,
        metadata: Metadata,
        metrics: AgentMetrics,
    ) -> Self {
        let (row, held, is_forgotten) = (Mutex::new(row), Mutex::default(), AtomicBool::new(false));
        Self { row, term, metadata, held, is_forgotten, metrics }
    }

    /// Where its agent listens.
    pub(crate) fn address(&self) -> String {
        lock(&self.row).address.clone()
    }

    pub(crate) fn set_address(&self, address: String) {
        lock(&self.row).address = address;
    }

    pub(crate) fn holder(&self) -> String {
        lock(&self.row).agent_id.clone()
    }

    /// How often leases are renewed: two renewals may fail before one ends.
    pub(crate) fn interval(&self) -> Duration {
        self.term / 3
    }

    /// The epoch in which a partition is held, for certain.
    pub(crate) fn epoch(&self, partition: &Partition) -> Option<u64> {
        let held = lock(&self.held);
        held.get(partition).filter(|lease| lease.until > Instant::now()).map(|lease| lease.epoch)
    }

    /// Whether any partition is held, for certain.
    pub(crate) fn holds_any(&self) -> bool {
        let now = Instant::now();
        lock(&self.held).values().any(|lease| lease.until > now)
    }

    /// Renews what is held, and comes nearer to a fair share: as many partitions as every other
    /// agent of the group, or one more.
    pub(crate) async fn renew(&self) {
        let row = lock(&self.row).clone();
        let term = self.term;
        let agents = self.metadata.ask(move |metadata| metadata.announce(&row, term)).await;
        let partitions = self.metadata.ask(|metadata| metadata.partitions()).await;
        let held: Vec<Partition> = lock(&self.held).keys().cloned().collect();
        let (Ok(agents), Ok(partitions)) = (agents, partitions) else {
            // Without knowing all of them, those that are held are to be renewed.
            for partition in held {
                self.take(partition).await;
            }
            return;
        };
        let share = partitions.len().div_ceil(agents.max(1));
        let (ours, others): (Vec<_>, Vec<_>) =
            partitions.into_iter().partition(|partition| held.contains(partition));
        for (at, partition) in ours.into_iter().enumerate() {
            if at < share {
                self.take(partition).await;
            } else {
                self.give_back(partition).await;
            }
        }
        for partition in others {
            if lock(&self.held).len() >= share {
                break;
            }
            self.take(partition).await;
        }
    }

    /// Gives everything back, so that other agents need not wait for a term to end.
    pub(crate) async fn release(&self) {
        let held: Vec<Partition> = lock(&self.held).keys().cloned().collect();
        for partition in held {
            self.give_back(partition).await;
        }
        let holder = self.holder();
        // Who cannot say so is gone when its term ends.
        let _ = self.metadata.ask(move |metadata| metadata.retire(&holder)).await;
    }

    /// Holds nothing any more; what the store knows of ends with its term.
    pub(crate) fn forget(&self) {
        let mut held = lock(&self.held);
        self.is_forgotten.store(true, Ordering::Relaxed);
        for (partition, _) in held.drain() {
            self.count(&partition, true, false);
        }
    }

    /// Takes or renews one lease, unless somebody else has it.
    async fn take(&self, partition: Partition) {
        // Read before the store is asked, so that we never believe in a lease for longer than
        // the store does.
        let until = Instant::now() + self.term;
        let (asked, holder, term) = (partition.clone(), self.holder(), self.term);
        let epoch = lock(&self.held).get(&partition).map(|lease| lease.epoch);
        let answer =
            self.metadata.ask(move |metadata| metadata.lease(&asked, &holder, epoch, term)).await;

        let mut held = lock(&self.held);
        if self.is_forgotten.load(Ordering::Relaxed) {
            return;
        }
        let was_held = held.contains_key(&partition);
        let outcome = match answer {
            Ok(Some(epoch)) => {
                held.insert(partition.clone(), Lease { epoch, until });
                LeaseStatus::Renewed
            }
            Ok(None) => {
                held.remove(&partition);
                LeaseStatus::Lost
            }
            Err(_) => {
                // It stays ours until its term ends, which another attempt may prevent.
                let now = Instant::now();
                held.retain(|other, lease| *other != partition || lease.until > now);
                LeaseStatus::Error
            }
        };
        // Taking a free lease, or failing to, renews nothing.
        if was_held {
            self.metrics.lease_renewals(outcome).inc();
        }
        self.count(&partition, was_held, held.contains_key(&partition));
    }

    async fn give_back(&self, partition: Partition) {
        // Nothing is written any more before others may.
        lock(&self.held).remove(&partition);
        self.count(&partition, true, false);
        let holder = self.holder();
        // What cannot be given back ends with its term.
        let _: Result<(), Error> =
            self.metadata.ask(move |metadata| metadata.release(&partition, &holder)).await;
    }

    /// Steps the gauge instead of setting it: agents of one process may share it.
    fn count(&self, partition: &Partition, was_held: bool, is_held: bool) {
        let topic = &partition.topic;
        let active = self.metrics.active_partitions(Topic { topic });
        active.add(i64::from(is_held) - i64::from(was_held));
    }
}
