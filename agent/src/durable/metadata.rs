//! What agents have to agree on: topics, leases, which object holds which records, offsets.

use std::collections::HashSet;
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use crate::{Error, Partition};

/// Where what agents agree on is kept: for all agents of a cluster the same.
pub trait MetadataStore: Debug + Send + Sync {
    /// Makes sure that a topic has so many partitions, or more.
    fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error>;

    /// Every partition of every topic.
    fn partitions(&self) -> Result<Vec<Partition>, Error>;

    /// Takes a lease that is free, or renews one; gives its epoch, which rises whenever a lease is
    /// taken. None while somebody else holds it.
    fn lease(
        &self,
        partition: &Partition,
        holder: &str,
        term: Duration,
    ) -> Result<Option<u64>, Error>;

    /// Gives a lease back before its term; a lease of somebody else is left alone.
    fn release(&self, partition: &Partition, holder: &str) -> Result<(), Error>;

    /// Adds a segment behind all others of its partition, if the lease is still held in this epoch;
    /// gives the offset of its first record. All of it happens, or nothing.
    fn append(&self, segment: &NewSegment<'_>, holder: &str, epoch: u64) -> Result<u64, Error>;

    /// At most so many segments that end behind an offset, in their order, and the offset that the
    /// partition's next record gets.
    fn segments(
        &self,
        partition: &Partition,
        offset: u64,
        limit: usize,
    ) -> Result<(Vec<SegmentRow>, u64), Error>;

    /// Forgets segments from a partition's beginning on, as long as so many records are left; gives
    /// their objects, which nobody reads any more.
    fn expire(&self, partition: &Partition, keep: u64) -> Result<Vec<String>, Error>;

    /// The objects of all segments.
    fn objects(&self) -> Result<HashSet<String>, Error>;

    /// Remembers where a group goes on.
    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error>;

    /// Where a group goes on.
    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error>;
}

/// A segment whose object is stored.
#[derive(Clone, Debug)]
pub struct NewSegment<'s> {
    /// Whose records they are.
    pub partition: &'s Partition,
    /// The object's path in the object store.
    pub object: &'s str,
    /// How many records it holds.
    pub records: u64,
    /// When it was written.
    pub written: SystemTime,
}

/// A segment of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// The offset of its first record.
    pub first: u64,
    /// How many records it holds.
    pub records: u64,
    /// The object's path in the object store.
    pub object: String,
    /// When it was written.
    pub written: SystemTime,
}
