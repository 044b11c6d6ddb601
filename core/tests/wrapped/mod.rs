//! Metadata that is slow or fails when a test wants it to.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use streamhouse_core::{
    AgentRow, Assignment, Commit, Error, Member, MetadataStore, NewSegment, Partition, SegmentRow,
};

/// Metadata, and what happens before it is asked.
pub(crate) struct Wrapped {
    /// Who answers.
    pub(crate) inner: Arc<dyn MetadataStore>,
    /// Before a lease is taken or renewed.
    pub(crate) before_lease: Box<dyn Fn() + Send + Sync>,
    /// Before it is asked where a group goes on; an error is the answer.
    pub(crate) before_committed: Box<dyn Fn() -> Result<(), Error> + Send + Sync>,
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Wrapped").field(&self.inner).finish()
    }
}

impl MetadataStore for Wrapped {
    fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error> {
        self.inner.create_topic(topic, partitions)
    }

    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.inner.partitions()
    }

    fn announce(&self, agent: &AgentRow, term: Duration) -> Result<usize, Error> {
        self.inner.announce(agent, term)
    }

    fn retire(&self, agent_id: &str) -> Result<(), Error> {
        self.inner.retire(agent_id)
    }

    fn routes(&self, topic: &str, agent_group: &str) -> Result<Vec<Option<Arc<str>>>, Error> {
        self.inner.routes(topic, agent_group)
    }

    fn lease(
        &self,
        partition: &Partition,
        holder: &str,
        epoch: Option<u64>,
        term: Duration,
    ) -> Result<Option<u64>, Error> {
        (self.before_lease)();
        self.inner.lease(partition, holder, epoch, term)
    }

    fn release(&self, partition: &Partition, holder: &str) -> Result<(), Error> {
        self.inner.release(partition, holder)
    }

    fn append(&self, segment: &NewSegment, holder: &str, epoch: u64) -> Result<u64, Error> {
        self.inner.append(segment, holder, epoch)
    }

    fn segments(
        &self,
        partition: &Partition,
        offset: u64,
        limit: usize,
    ) -> Result<(Vec<SegmentRow>, u64), Error> {
        self.inner.segments(partition, offset, limit)
    }

    fn expire(&self, partition: &Partition, keep: u64) -> Result<Vec<String>, Error> {
        self.inner.expire(partition, keep)
    }

    fn objects(&self) -> Result<HashSet<String>, Error> {
        self.inner.objects()
    }

    fn join(&self, member: &Member, term: Duration) -> Result<Assignment, Error> {
        self.inner.join(member, term)
    }

    fn leave(&self, group_id: &str, member_id: &str) -> Result<(), Error> {
        self.inner.leave(group_id, member_id)
    }

    fn commit(&self, commit: &Commit) -> Result<(), Error> {
        self.inner.commit(commit)
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        (self.before_committed)()?;
        self.inner.committed(group_id, partition)
    }
}
