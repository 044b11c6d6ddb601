//! The leases that one agent holds.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::lock::lock;
use crate::metrics::agent::{LeaseStatus, Topic};
use crate::{AgentMetrics, Partition, Store};

/// What an agent holds, and until when it may be sure of it.
#[derive(Debug)]
pub(crate) struct Leases {
    holder: String,
    term: Duration,
    held: Mutex<HashMap<Partition, Instant>>,
    metrics: AgentMetrics,
}

impl Leases {
    pub(crate) fn new(holder: String, term: Duration, metrics: AgentMetrics) -> Self {
        Self { holder, term, held: Mutex::default(), metrics }
    }

    pub(crate) fn holder(&self) -> &str {
        &self.holder
    }

    /// How often leases are renewed: two renewals may fail before one ends.
    pub(crate) fn interval(&self) -> Duration {
        self.term / 3
    }

    /// Whether a partition is held, for certain.
    pub(crate) fn holds(&self, partition: &Partition) -> bool {
        let held = lock(&self.held);
        held.get(partition).is_some_and(|until| *until > Instant::now())
    }

    /// Whether any partition is held, for certain.
    pub(crate) fn holds_any(&self) -> bool {
        let now = Instant::now();
        lock(&self.held).values().any(|until| *until > now)
    }

    /// Renews every lease that is held and takes every one that is free.
    pub(crate) fn renew(&self, store: &dyn Store) {
        // Without knowing all of them, those that are held are to be renewed.
        let held = || lock(&self.held).keys().cloned().collect();
        for partition in store.partitions().unwrap_or_else(|_| held()) {
            // Read before the store is asked, so that we never believe in a lease for longer than
            // the store does.
            let asked = Instant::now();
            let answer = store.lease(&partition, &self.holder, self.term);

            let mut held = lock(&self.held);
            let was_held = held.contains_key(&partition);
            let outcome = match answer {
                Ok(true) => {
                    held.insert(partition.clone(), asked + self.term);
                    LeaseStatus::Renewed
                }
                Ok(false) => {
                    held.remove(&partition);
                    LeaseStatus::Lost
                }
                Err(_) => {
                    // It stays ours until its term ends, which another attempt may prevent.
                    held.retain(|other, until| *other != partition || *until > asked);
                    LeaseStatus::Error
                }
            };
            // Taking a free lease, or failing to, renews nothing.
            if was_held {
                self.metrics.lease_renewals(outcome).inc();
            }
            self.count(&partition, was_held, held.contains_key(&partition));
        }
    }

    /// Gives everything back, so that other agents need not wait for a term to end.
    pub(crate) fn release(&self, store: &dyn Store) {
        for (partition, _) in lock(&self.held).drain() {
            store.release(&partition, &self.holder);
            self.count(&partition, true, false);
        }
    }

    /// Steps the gauge instead of setting it: agents of one process share it.
    fn count(&self, partition: &Partition, was_held: bool, is_held: bool) {
        let topic = &partition.topic;
        let active = self.metrics.active_partitions(Topic { topic });
        active.add(i64::from(is_held) - i64::from(was_held));
    }
}
