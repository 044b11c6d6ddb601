//! Records, and where they are.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

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
    /// When it was sent, to the millisecond.
    pub timestamp: SystemTime,
    /// Records of one key go to one partition.
    pub key: Option<Bytes>,
    /// What the record says.
    pub value: Bytes,
}

impl Record {
    /// A record with bytes of its own.
    pub fn copied(timestamp: SystemTime, key: Option<&[u8]>, value: &[u8]) -> Self {
        let (key, value) = (key.map(Bytes::copy_from_slice), Bytes::copy_from_slice(value));
        Self { timestamp, key, value }
    }

    /// The bytes of key and value.
    pub fn size(&self) -> usize {
        self.key.as_ref().map_or(0, Bytes::len) + self.value.len()
    }

    /// What it takes up in a segment: even an empty one has a timestamp and two lengths.
    pub fn weight(&self) -> usize {
        self.size() + 16
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
