//! What all processes have to agree on.

mod sqlite;

use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use self::sqlite::SqliteMetadata;
use crate::{Error, Partition};

/// Where what processes agree on is kept: topics, agents, leases, segments, groups.
///
/// Calls may block. Each one happens as a whole, or not at all.
pub trait MetadataStore: Debug + Send + Sync {
    /// Makes sure that a topic has so many partitions, or more; there is none without a name, or
    /// without partitions. Producers that have sent to it already know no more than there were.
    fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error>;

    /// Every partition of every topic.
    fn partitions(&self) -> Result<Vec<Partition>, Error>;

    /// Says for a term that an agent is there; gives the number of agents of its group.
    fn announce(&self, agent: &AgentRow, term: Duration) -> Result<usize, Error>;

    /// Says that an agent is gone.
    fn retire(&self, agent_id: &str) -> Result<(), Error>;

    /// For each partition of a topic, where the agent listens that holds its lease, if one of the
    /// group does.
    fn routes(&self, topic: &str, agent_group: &str) -> Result<Vec<Option<Arc<str>>>, Error>;

    /// Renews the lease of an epoch, or without one takes a lease that is free; gives its epoch,
    /// which rises whenever a lease is taken. None while somebody else holds it.
    ///
    /// Whoever takes what its own name holds already, having been started anew, fences its
    /// forerunner.
    fn lease(
        &self,
        partition: &Partition,
        holder: &str,
        epoch: Option<u64>,
        term: Duration,
    ) -> Result<Option<u64>, Error>;

    /// Gives a lease back before its term; a lease of somebody else is left alone.
    fn release(&self, partition: &Partition, holder: &str) -> Result<(), Error>;

    /// Adds a segment behind all others of its partition, if the lease is still held in this epoch;
    /// gives the offset of its first record.
    fn append(&self, segment: &NewSegment, holder: &str, epoch: u64) -> Result<u64, Error>;

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

    /// Makes somebody a member of a group for a term, or renews it; gives what the member is to
    /// read.
    fn join(&self, member: &Member, term: Duration) -> Result<Assignment, Error>;

    /// Ends a membership before its term.
    fn leave(&self, group_id: &str, member_id: &str) -> Result<(), Error>;

    /// Remembers where a group goes on, unless it is further already, if the member's assignment
    /// still holds; otherwise [`Error::Rebalanced`].
    fn commit(&self, commit: &Commit) -> Result<(), Error>;

    /// Where a group goes on.
    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error>;
}

/// An agent that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// Its name, which no other agent has.
    pub agent_id: String,
    /// Where it listens, such as `10.0.1.5:9090`.
    pub address: String,
    /// Where it runs.
    pub availability_zone: String,
    /// The agents among which it shares out leases.
    pub agent_group: String,
}

/// A segment whose object is stored.
#[derive(Clone, Debug)]
pub struct NewSegment {
    /// Whose records they are.
    pub partition: Partition,
    /// The object's path in the object store.
    pub object: String,
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

/// Somebody who reads on behalf of a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// The group.
    pub group_id: String,
    /// Its name, which no other member has.
    pub member_id: String,
    /// What it wants to read.
    pub topics: Vec<String>,
}

/// What a member reads until the group has other members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Rises whenever a group's partitions are divided anew.
    pub generation: u64,
    /// The member's partitions.
    pub partitions: Vec<Partition>,
}

/// How far a group has read.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The group.
    pub group_id: String,
    /// The generation of the member's assignment.
    pub generation: u64,
    /// What was read.
    pub partition: Partition,
    /// The offset that is to be read next.
    pub offset: u64,
}

/// A [`MetadataStore`] that is asked without keeping a runtime's thread waiting.
#[derive(Clone, Debug)]
pub struct Metadata(Arc<dyn MetadataStore>);

impl Metadata {
    /// Asks this store.
    pub fn new(store: Arc<dyn MetadataStore>) -> Self {
        Self(store)
    }

    /// Asks, on a thread for work that blocks.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn MetadataStore) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.0);
        let answer = tokio::task::spawn_blocking(move || question(&*store)).await;
        // Whoever panicked has said so.
        answer.unwrap_or(Err(Error::Storage))
    }
}
