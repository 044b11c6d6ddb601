//! How a batch gets to an agent.

use std::fmt::Debug;

use futures_util::future::BoxFuture;

use crate::{Error, Partition, Record};

/// A way to agents: over the network, or within the process.
pub trait Transport: Debug + Send + Sync {
    /// Has the agent at an address append a batch; gives the offset of its first record.
    ///
    /// An error says that nothing is known to have happened: a batch that was answered with
    /// [`Error::Timeout`] may have been written all the same.
    fn produce<'a>(
        &'a self,
        address: &'a str,
        partition: &'a Partition,
        records: Vec<Record>,
    ) -> BoxFuture<'a, Result<u64, Error>>;
}
