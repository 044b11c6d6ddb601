//! A store that keeps everything in memory, and as much of it as it was allowed.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};

use crate::lock::lock;
use crate::{Error, Fetched, Partition, Record, Store, StoredRecord};

/// A [`Store`] in memory, for tests and demonstrations.
#[derive(Debug)]
pub struct MemoryStore {
    logs: BTreeMap<Partition, Mutex<Log>>,
    retention: usize,
}

impl MemoryStore {
    /// Topics by name, each with its number of partitions, and how many records a partition keeps.
    pub fn new<'a>(topics: impl IntoIterator<Item = (&'a str, u32)>, retention: usize) -> Self {
        let partitions = topics
            .into_iter()
            .flat_map(|(topic, count)| (0..count).map(move |index| Partition::new(topic, index)));
        Self {
            logs: partitions.map(|partition| (partition, Mutex::default())).collect(),
            retention,
        }
    }

    fn log(&self, partition: &Partition) -> Result<MutexGuard<'_, Log>, Error> {
        let log = self.logs.get(partition).ok_or(Error::UnknownPartition)?;
        Ok(lock(log))
    }
}

/// One partition: its records, its lease and how far its readers are.
#[derive(Debug, Default)]
struct Log {
    /// The offset of the first record kept.
    start: u64,
    records: VecDeque<StoredRecord>,
    lease: Option<Lease>,
    committed: HashMap<String, u64>,
}

/// Who may write, and until when.
#[derive(Debug)]
struct Lease {
    holder: String,
    until: Instant,
}

impl Log {
    fn end(&self) -> u64 {
        self.start + self.records.len() as u64
    }

    /// Who holds the lease at this moment.
    fn holder(&self) -> Option<&str> {
        let lease = self.lease.as_ref()?;
        (lease.until > Instant::now()).then_some(lease.holder.as_str())
    }
}

impl Store for MemoryStore {
    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        Ok(self.logs.keys().cloned().collect())
    }

    fn lease(&self, partition: &Partition, holder: &str, term: Duration) -> Result<bool, Error> {
        let mut log = self.log(partition)?;
        if log.holder().is_some_and(|other| other != holder) {
            return Ok(false);
        }
        log.lease = Some(Lease { holder: holder.to_owned(), until: Instant::now() + term });
        Ok(true)
    }

    fn release(&self, partition: &Partition, holder: &str) {
        if let Ok(mut log) = self.log(partition)
            && log.holder() == Some(holder)
        {
            log.lease = None;
        }
    }

    fn append(
        &self,
        partition: &Partition,
        holder: &str,
        records: &[Record],
    ) -> Result<u64, Error> {
        let mut log = self.log(partition)?;
        if log.holder() != Some(holder) {
            return Err(Error::NotLeader);
        }
        let first = log.end();
        let written = SystemTime::now();
        log.records.extend((first..).zip(records).map(|(offset, record)| StoredRecord {
            offset,
            written,
            record: record.clone(),
        }));
        let expired = log.records.len().saturating_sub(self.retention);
        log.records.drain(..expired);
        log.start += expired as u64;
        Ok(first)
    }

    fn read(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        let log = self.log(partition)?;
        let skipped = usize::try_from(offset.saturating_sub(log.start)).unwrap_or(usize::MAX);
        let mut unread = log.records.iter().skip(skipped);
        Ok(Fetched {
            records: unread.by_ref().take(limit).cloned().collect(),
            end: log.end(),
            next_written: unread.next().map(|record| record.written),
        })
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        let mut log = self.log(partition)?;
        log.committed.insert(group_id.to_owned(), offset);
        Ok(())
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        Ok(self.log(partition)?.committed.get(group_id).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: Duration = Duration::from_secs(60);

    fn records(values: &[&str]) -> Vec<Record> {
        let record = |value: &&str| Record { key: None, value: value.as_bytes().into() };
        values.iter().map(record).collect()
    }

    fn offsets(fetched: &Fetched) -> Vec<u64> {
        fetched.records.iter().map(|record| record.offset).collect()
    }

    #[test]
    fn a_lease_has_one_holder_until_it_ends_or_is_given_back() {
        let store = MemoryStore::new([("orders", 1)], 10);
        let orders = Partition::new("orders", 0);
        assert_eq!(store.lease(&orders, "a", Duration::ZERO), Ok(true));
        // A term of nothing is over at once.
        assert_eq!(store.lease(&orders, "b", TERM), Ok(true));
        assert_eq!(store.lease(&orders, "a", TERM), Ok(false));
        store.release(&orders, "a");
        assert_eq!(store.lease(&orders, "a", TERM), Ok(false));
        store.release(&orders, "b");
        assert_eq!(store.lease(&orders, "a", TERM), Ok(true));
    }

    #[test]
    fn only_the_holder_appends() {
        let store = MemoryStore::new([("orders", 1)], 10);
        let orders = Partition::new("orders", 0);
        let batch = records(&["x", "y"]);
        assert_eq!(store.append(&orders, "a", &batch), Err(Error::NotLeader));
        assert_eq!(store.lease(&orders, "a", TERM), Ok(true));
        assert_eq!(store.append(&orders, "b", &batch), Err(Error::NotLeader));
        assert_eq!(store.append(&orders, "a", &batch), Ok(0));
        assert_eq!(store.append(&orders, "a", &batch), Ok(2));
    }

    #[test]
    fn a_reader_that_is_too_late_goes_on_at_the_oldest_record_kept() {
        let store = MemoryStore::new([("orders", 1)], 3);
        let orders = Partition::new("orders", 0);
        assert_eq!(store.lease(&orders, "a", TERM), Ok(true));
        let batch = records(&["0", "1", "2", "3", "4"]);
        assert_eq!(store.append(&orders, "a", &batch), Ok(0));

        let fetched = store.read(&orders, 0, 2).unwrap();
        assert_eq!(offsets(&fetched), [2, 3]);
        assert_eq!(fetched.end, 5);
        assert!(fetched.next_written.is_some());

        let fetched = store.read(&orders, 4, 2).unwrap();
        assert_eq!(offsets(&fetched), [4]);
        assert_eq!(fetched.next_written, None);
        assert_eq!(offsets(&store.read(&orders, 9, 2).unwrap()), [0; 0]);
    }

    #[test]
    fn an_unknown_partition_is_an_error() {
        let store = MemoryStore::new([("orders", 1)], 3);
        for partition in [Partition::new("orders", 1), Partition::new("refunds", 0)] {
            let read = store.read(&partition, 0, 1);
            assert_eq!(read, Err(Error::UnknownPartition), "{partition}");
        }
    }
}
