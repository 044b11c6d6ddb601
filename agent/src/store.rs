//! What agents share: logs, leases and committed offsets.

use std::fmt::Debug;
use std::time::Duration;

use crate::{Error, Fetched, Partition, Record};

/// The storage behind every agent of a cluster.
///
/// An agent trusts it alone about who may write: [`append`](Self::append) refuses a holder whose
/// lease has gone to somebody else, so that two agents never write one partition.
pub trait Store: Debug + Send + Sync {
    /// Every partition of every topic.
    fn partitions(&self) -> Result<Vec<Partition>, Error>;

    /// Takes or renews a lease; says whether the holder has it now.
    fn lease(&self, partition: &Partition, holder: &str, term: Duration) -> Result<bool, Error>;

    /// Gives a lease back before its term; a lease of somebody else is left alone.
    fn release(&self, partition: &Partition, holder: &str);

    /// Appends a batch for the holder of the lease; returns the offset of its first record.
    fn append(&self, partition: &Partition, holder: &str, records: &[Record])
    -> Result<u64, Error>;

    /// Reads at most `limit` records from an offset on, or from the oldest one kept.
    fn read(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error>;

    /// Remembers where a group goes on.
    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error>;

    /// Where a group goes on.
    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error>;
}
