//! A store that outlives its process: records in an object store, all else in a [`MetadataStore`].
//!
//! ```text
//! append ──Segment──▶ object store ──then──▶ one transaction: is the lease still ours in this
//!                                            epoch? then the segment's row and the next offset
//! ```
//!
//! A batch is acknowledged when both have happened. If the process dies in between, there is an
//! object that no row names: [`DurableStore::sweep`] deletes it. If the lease went to somebody else
//! in between, the transaction refuses the row, however late it comes.

mod metadata;
mod segment;
mod sqlite;

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

pub use self::metadata::{MetadataStore, NewSegment, SegmentRow};
use self::segment::Segment;
pub use self::sqlite::SqliteMetadata;
use crate::background::Background;
use crate::lock::lock;
use crate::{Error, Fetched, Partition, Record, Store, StoredRecord};

/// Where the objects of segments are.
const FOLDER: &str = "segments";

/// Most segments that are kept decoded, since readers ask for the same ones again.
const CACHED: usize = 64;

/// Most segments that one read looks into.
const AT_ONCE: usize = 16;

/// A [`Store`] over a [`MetadataStore`] and an object store: a folder, memory, or S3.
///
/// What it has acknowledged survives the death of its process. A loss of power it survives as far
/// as the object store does: S3 does, a local folder only what the system has written out.
#[derive(Debug)]
pub struct DurableStore {
    metadata: Arc<dyn MetadataStore>,
    objects: Arc<dyn ObjectStore>,
    /// The epochs in which leases were taken through this store, by partition and holder.
    epochs: Mutex<HashMap<(Partition, String), u64>>,
    decoded: Mutex<HashMap<String, Arc<Segment>>>,
    /// Tells the objects of this process from those of every other, and from one another.
    session: u64,
    number: AtomicU64,
    /// Where the object store does its work.
    background: Background,
}

impl DurableStore {
    /// A store over both of its parts.
    ///
    /// # Errors
    ///
    /// Where no thread can be started.
    pub fn new(
        metadata: Arc<dyn MetadataStore>,
        objects: Arc<dyn ObjectStore>,
    ) -> Result<Self, Error> {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let started = started.map_or(0, |since| since.as_nanos() as u64);
        Ok(Self {
            metadata,
            objects,
            epochs: Mutex::default(),
            decoded: Mutex::default(),
            session: started ^ u64::from(std::process::id()).rotate_left(40),
            number: AtomicU64::new(0),
            background: Background::start().map_err(|_| Error::Storage)?,
        })
    }

    /// Makes sure that a topic has so many partitions, or more.
    ///
    /// # Errors
    ///
    /// Those of the metadata.
    pub fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error> {
        self.metadata.create_topic(topic, partitions)
    }

    /// Deletes the oldest segments of each partition, as long as so many records are left.
    ///
    /// # Errors
    ///
    /// Those of the metadata and of the object store; what is forgotten and not deleted is swept.
    pub fn retain(&self, records: u64) -> Result<(), Error> {
        for partition in self.metadata.partitions()? {
            let expired = self.metadata.expire(&partition, records)?;
            let objects = Arc::clone(&self.objects);
            self.wait(async move {
                for object in expired {
                    objects.delete(&Path::from(object)).await?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Deletes objects that no segment names and that were last written longer ago than any append
    /// takes; says how many.
    ///
    /// # Errors
    ///
    /// Those of the metadata and of the object store.
    pub fn sweep(&self, age: Duration) -> Result<u64, Error> {
        let (metadata, objects) = (Arc::clone(&self.metadata), Arc::clone(&self.objects));
        let before = SystemTime::now().checked_sub(age).ok_or(Error::Rejected)?;
        self.wait(async move {
            // First what is there, then what has a name: what comes in between has both.
            let found: Vec<_> = objects.list(Some(&Path::from(FOLDER))).try_collect().await?;
            let named = metadata.objects()?;
            let mut deleted = 0;
            for object in found {
                let is_old = SystemTime::from(object.last_modified) < before;
                if is_old && !named.contains(object.location.as_ref()) {
                    objects.delete(&object.location).await?;
                    deleted += 1;
                }
            }
            Ok(deleted)
        })
    }

    /// Waits for something that the object store does.
    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.background.wait(work).unwrap_or(Err(Error::Storage))
    }

    /// A segment's records; an error where its object is not what was written.
    fn segment(&self, object: &str) -> Result<Arc<Segment>, Error> {
        if let Some(segment) = lock(&self.decoded).get(object) {
            return Ok(Arc::clone(segment));
        }
        let (objects, path) = (Arc::clone(&self.objects), Path::from(object));
        let bytes = self.wait(async move { Ok(objects.get(&path).await?.bytes().await?) })?;
        let segment = Arc::new(Segment::decode(&bytes).ok_or(Error::Storage)?);
        let mut decoded = lock(&self.decoded);
        if decoded.len() >= CACHED {
            decoded.clear();
        }
        decoded.insert(object.to_owned(), Arc::clone(&segment));
        Ok(segment)
    }

    /// A path that no other object has.
    fn path(&self, partition: &Partition) -> Path {
        let Partition { topic, index } = partition;
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:016x}-{number:08x}", self.session);
        Path::from_iter([FOLDER, topic, &index.to_string(), &name])
    }
}

impl Store for DurableStore {
    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.metadata.partitions()
    }

    fn lease(&self, partition: &Partition, holder: &str, term: Duration) -> Result<bool, Error> {
        let epoch = self.metadata.lease(partition, holder, term)?;
        let key = (partition.clone(), holder.to_owned());
        let mut epochs = lock(&self.epochs);
        match epoch {
            Some(epoch) => epochs.insert(key, epoch),
            None => epochs.remove(&key),
        };
        Ok(epoch.is_some())
    }

    fn release(&self, partition: &Partition, holder: &str) {
        lock(&self.epochs).remove(&(partition.clone(), holder.to_owned()));
        // What cannot be given back ends with its term.
        let _ = self.metadata.release(partition, holder);
    }

    fn append(
        &self,
        partition: &Partition,
        holder: &str,
        records: &[Record],
    ) -> Result<u64, Error> {
        let key = (partition.clone(), holder.to_owned());
        let epoch = lock(&self.epochs).get(&key).copied().ok_or(Error::NotLeader)?;
        let written = SystemTime::now();
        let segment = Segment { written, records: records.to_vec() };
        let object = segment.encode().ok_or(Error::Rejected)?;
        let path = self.path(partition);
        let (objects, at) = (Arc::clone(&self.objects), path.clone());
        self.wait(async move { Ok(objects.put(&at, object.into()).await?) })?;
        let new =
            NewSegment { partition, object: path.as_ref(), records: records.len() as u64, written };
        let appended = self.metadata.append(&new, holder, epoch);
        if appended == Err(Error::NotLeader) {
            // It has no row and never will; what is left here all the same is swept.
            let objects = Arc::clone(&self.objects);
            let _ = self.wait(async move { Ok(objects.delete(&path).await?) });
        }
        appended
    }

    fn read(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        let (rows, end) = self.metadata.segments(partition, offset, AT_ONCE)?;
        let mut fetched = Fetched { records: Vec::new(), end, next_written: None };
        for row in rows {
            let SegmentRow { first, records, object, written } = row;
            // Known without looking into it, which may be impossible.
            fetched.next_written = Some(written);
            if fetched.records.len() >= limit {
                return Ok(fetched);
            }
            let segment = match self.segment(&object) {
                Ok(segment) if segment.records.len() as u64 == records => segment,
                // What comes before it is served, and it is the next read's error.
                _ if !fetched.records.is_empty() => return Ok(fetched),
                _ => return Err(Error::Storage),
            };
            let unread = (first..).zip(&segment.records).filter(|(at, _)| *at >= offset);
            let room = limit - fetched.records.len();
            fetched.records.extend(unread.take(room).map(|(at, record)| {
                let (written, record) = (segment.written, record.clone());
                StoredRecord { offset: at, written, record }
            }));
        }
        // There may be more than was looked into, written no earlier than the last of these.
        if fetched.records.last().is_none_or(|last| last.offset + 1 >= end) {
            fetched.next_written = None;
        }
        Ok(fetched)
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        self.metadata.commit(group_id, partition, offset)
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.metadata.committed(group_id, partition)
    }
}

impl From<object_store::Error> for Error {
    fn from(_: object_store::Error) -> Self {
        Self::Storage
    }
}
