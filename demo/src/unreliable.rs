//! A store with the manners of one that is far away: now and then it fails, or takes its time.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use streamhouse_agent::{DurableStore, Error, Fetched, Partition, Record, Store};

use crate::random::Random;

/// A store in a folder, as if it were behind a network that is not perfect.
#[derive(Debug)]
pub(crate) struct UnreliableStore {
    store: Arc<DurableStore>,
    random: Mutex<Random>,
}

impl UnreliableStore {
    pub(crate) fn new(store: Arc<DurableStore>, random: Random) -> Self {
        Self { store, random: Mutex::new(random) }
    }

    fn one_in(&self, times: u64) -> bool {
        self.draw(|random| random.one_in(times))
    }

    /// Spends between these many milliseconds, usually near the lower end.
    fn take(&self, least: u64, most: u64) {
        // The product of two fractions leans towards zero.
        let spread = (most - least) * 1_000;
        let micros = self.draw(|random| {
            let (first, second) = (random.below(1_000), random.below(1_000));
            least * 1_000 + spread * first * second / 1_000_000
        });
        thread::sleep(Duration::from_micros(micros));
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut Random) -> T) -> T {
        draw(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store for UnreliableStore {
    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.store.partitions()
    }

    /// Loses a lease once in a while, as when another agent has taken it; the next round brings
    /// it back.
    fn lease(&self, partition: &Partition, holder: &str, term: Duration) -> Result<bool, Error> {
        if self.one_in(120) {
            return Err(Error::Storage);
        }
        if self.one_in(150) {
            self.store.release(partition, holder);
            return Ok(false);
        }
        self.store.lease(partition, holder, term)
    }

    fn release(&self, partition: &Partition, holder: &str) {
        self.store.release(partition, holder);
    }

    fn append(
        &self,
        partition: &Partition,
        holder: &str,
        records: &[Record],
    ) -> Result<u64, Error> {
        if self.one_in(12) {
            return Err(Error::Storage);
        }
        if self.one_in(100) {
            // Nothing was written, but it takes a while to find out.
            self.take(15, 40);
            return Err(Error::Timeout);
        }
        self.store.append(partition, holder, records)
    }

    fn read(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        if self.one_in(500) {
            return Err(Error::Storage);
        }
        self.store.read(partition, offset, limit)
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        if self.one_in(200) {
            return Err(Error::Storage);
        }
        self.store.commit(group_id, partition, offset)
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.store.committed(group_id, partition)
    }
}
