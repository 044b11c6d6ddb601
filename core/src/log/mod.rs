//! The log: records as segments in an object store, in the order of the metadata.
//!
//! ```text
//! append ──Segment──▶ object store ──then──▶ one transaction: is the lease still held in this
//!                                            epoch? then the segment's row and the next offset
//! ```
//!
//! Records are acknowledged when both have happened. If the process dies in between, there is an
//! object that no row names: [`Log::sweep`] deletes it. If the lease went to somebody else in
//! between, the transaction refuses the row, however late it comes.

mod clean;
mod read;
mod segment;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::task::spawn_blocking;

pub use self::read::Fetched;
use self::segment::Segment;
use crate::{Error, Metadata, NewSegment, Partition, Record, unique};

/// Where the objects of segments are.
const FOLDER: &str = "segments";

/// What all partitions hold, for those who write it and those who read it; a clone is the same log.
///
/// What it has acknowledged survives the death of its process. A loss of power it survives as far
/// as the object store does: S3 does, a local folder only what the system has written out.
#[derive(Clone, Debug)]
pub struct Log {
    metadata: Metadata,
    objects: Arc<dyn ObjectStore>,
    /// Segments that were read, since others ask for the same ones.
    decoded: Arc<Mutex<HashMap<String, Arc<Segment>>>>,
    names: Arc<Names>,
}

/// Names that no other object has.
#[derive(Debug)]
struct Names {
    /// Tells the objects of this log from those of every other one.
    session: u64,
    number: AtomicU64,
}

impl Log {
    /// A log over both of its parts.
    pub fn new(metadata: Metadata, objects: Arc<dyn ObjectStore>) -> Self {
        let names = Arc::new(Names { session: unique(), number: AtomicU64::new(0) });
        Self { metadata, objects, decoded: Arc::default(), names }
    }

    /// Appends records for the holder of a lease, as one segment; gives the offset of the first.
    ///
    /// # Errors
    ///
    /// [`Error::NotLeader`] where the lease is not held any more in this epoch, and those of the
    /// metadata and of the object store: then nobody ever reads these records, unless the metadata
    /// gave no answer.
    pub async fn append(
        &self,
        partition: &Partition,
        holder: &str,
        epoch: u64,
        records: Vec<Record>,
    ) -> Result<u64, Error> {
        let (count, written) = (records.len() as u64, SystemTime::now());
        // Two segments cannot begin at one offset: an empty one would be in the next one's way.
        if count == 0 {
            return Err(Error::Rejected);
        }
        let object = spawn_blocking(move || Segment { written, records }.encode()).await;
        let object = object.ok().flatten().ok_or(Error::Rejected)?;
        let path = self.path(partition);
        self.objects.put(&path, object.into()).await?;
        let segment = NewSegment {
            partition: partition.clone(),
            object: path.to_string(),
            records: count,
            written,
        };
        let holder = holder.to_owned();
        let appended =
            self.metadata.ask(move |metadata| metadata.append(&segment, &holder, epoch)).await;
        if appended == Err(Error::NotLeader) {
            // It has no row and never will; what is left here all the same is swept.
            let _ = self.objects.delete(&path).await;
        }
        appended
    }

    fn path(&self, partition: &Partition) -> Path {
        let Partition { topic, index } = partition;
        let Names { session, number } = &*self.names;
        let name = format!("{session:016x}-{:08x}", number.fetch_add(1, Ordering::Relaxed));
        Path::from_iter([FOLDER, topic, &index.to_string(), &name])
    }
}
