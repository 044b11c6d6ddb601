//! What a client and an agent say to each other.

use std::sync::Arc;
use std::time::SystemTime;
use std::{error, fmt};

/// What a client asks of an agent.
///
/// A call returns when the answer is there. An error says that nothing is known to have happened:
/// a batch that was answered with [`Error::Timeout`] may have been written all the same.
pub trait Transport: fmt::Debug + Send + Sync {
    /// How many partitions a topic has.
    fn partitions(&self, topic: &str) -> Result<u32, Error>;

    /// Appends a batch; returns the offset of its first record.
    fn produce(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error>;

    /// Reads at most `limit` records from an offset on.
    fn fetch(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error>;

    /// Remembers the offset at which a group goes on after a restart.
    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error>;

    /// The offset that a group has committed last, if it ever has.
    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error>;
}

/// One partition of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    /// The topic's name.
    pub topic: Arc<str>,
    /// The partition's index within the topic.
    pub index: u32,
}

impl Partition {
    /// The partition of a topic with this index.
    pub fn new(topic: impl Into<Arc<str>>, index: u32) -> Self {
        Self { topic: topic.into(), index }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { topic, index } = self;
        write!(formatter, "{topic}/{index}")
    }
}

/// A record as a producer sends it; a clone shares its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Records of one key go to one partition.
    pub key: Option<Arc<[u8]>>,
    /// What the record says.
    pub value: Arc<[u8]>,
}

impl Record {
    /// The bytes of key and value.
    pub fn size(&self) -> usize {
        self.key.as_ref().map_or(0, |key| key.len()) + self.value.len()
    }
}

/// A record as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its place in the partition.
    pub offset: u64,
    /// When it was written.
    pub written: SystemTime,
    /// What was sent.
    pub record: Record,
}

/// The answer to a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The records, in the order of their offsets, which may have gaps where records expired.
    pub records: Vec<StoredRecord>,
    /// The offset that the next record written will get.
    pub end: u64,
    /// When the first record after these was written, if there is one.
    pub next_written: Option<SystemTime>,
}

/// Why an agent did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// There was no answer in time.
    Timeout,
    /// The agent does not hold the partition's lease, or no longer.
    NotLeader,
    /// The storage behind the agent failed.
    Storage,
    /// The request itself is not acceptable, and will not be when it is repeated.
    Rejected,
    /// There is no such topic or partition.
    UnknownPartition,
}

impl Error {
    /// Whether the same request may succeed a moment later.
    pub fn is_transient(self) -> bool {
        match self {
            Error::Timeout | Error::NotLeader | Error::Storage => true,
            Error::Rejected | Error::UnknownPartition => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Error::Timeout => "no answer in time",
            Error::NotLeader => "the agent does not hold the partition's lease",
            Error::Storage => "the storage failed",
            Error::Rejected => "the request was rejected",
            Error::UnknownPartition => "there is no such topic or partition",
        })
    }
}

impl error::Error for Error {}
