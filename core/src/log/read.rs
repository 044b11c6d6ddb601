//! Reading: from segments in their order to records at their offsets.

use std::sync::Arc;
use std::time::SystemTime;

use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use tokio::task::spawn_blocking;

use super::Log;
use super::segment::Segment;
use crate::lock::lock;
use crate::{Error, Partition, SegmentRow, StoredRecord};

/// Most segments that are kept decoded.
const CACHED: usize = 64;

/// Most segments that one read looks into.
const AT_ONCE: usize = 16;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The records, in the order of their offsets, which may have gaps where records expired.
    pub records: Vec<StoredRecord>,
    /// The offset that the next record written will get.
    pub end: u64,
    /// When the first record after these was written, if there is one.
    pub next_written: Option<SystemTime>,
}

impl Log {
    /// Reads at most `limit` records from an offset on, or from the oldest one kept.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownPartition`]; [`Error::Storage`] where the next segment is not what was
    /// written, of which nothing is ever served.
    pub async fn read(
        &self,
        partition: &Partition,
        offset: u64,
        limit: usize,
    ) -> Result<Fetched, Error> {
        let asked = partition.clone();
        let rows =
            move |metadata: &dyn crate::MetadataStore| metadata.segments(&asked, offset, AT_ONCE);
        let (rows, end) = self.metadata.ask(rows).await?;
        let mut fetched = Fetched { records: Vec::new(), end, next_written: None };
        for row in rows {
            let SegmentRow { first, records, object, written } = row;
            // Known without looking into it, which may be impossible.
            fetched.next_written = Some(written);
            if fetched.records.len() >= limit {
                return Ok(fetched);
            }
            let segment = match self.segment(&object).await {
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

    /// A segment's records; an error where its object is not what was written.
    async fn segment(&self, object: &str) -> Result<Arc<Segment>, Error> {
        if let Some(segment) = lock(&self.decoded).get(object) {
            return Ok(Arc::clone(segment));
        }
        let bytes = self.objects.get(&Path::parse(object)?).await?.bytes().await?;
        let segment = spawn_blocking(move || Segment::decode(&bytes)).await;
        let segment = Arc::new(segment.ok().flatten().ok_or(Error::Storage)?);
        let mut decoded = lock(&self.decoded);
        if decoded.len() >= CACHED {
            decoded.clear();
        }
        decoded.insert(object.to_owned(), Arc::clone(&segment));
        Ok(segment)
    }
}
