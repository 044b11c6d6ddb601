//! What can go wrong.

use std::{error, fmt};

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// There was no answer in time: it may have been done all the same.
    Timeout,
    /// The agent does not hold the partition's lease, or nobody does.
    NotLeader,
    /// The storage failed.
    Storage,
    /// The request itself is not acceptable, and will not be when it is repeated.
    Rejected,
    /// There is no such topic or partition.
    UnknownPartition,
    /// The group has divided its partitions anew, and this one is another member's.
    Rebalanced,
    /// A builder was not told what it needs.
    Missing(&'static str),
}

impl Error {
    /// Whether the same request may succeed a moment later.
    pub fn is_transient(self) -> bool {
        match self {
            Self::Timeout | Self::NotLeader | Self::Storage => true,
            Self::Rejected | Self::UnknownPartition | Self::Rebalanced | Self::Missing(_) => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Timeout => "no answer in time",
            Self::NotLeader => "the agent does not hold the partition's lease",
            Self::Storage => "the storage failed",
            Self::Rejected => "the request was rejected",
            Self::UnknownPartition => "there is no such topic or partition",
            Self::Rebalanced => "the partition is another member's now",
            Self::Missing(what) => return write!(formatter, "a {what} is missing"),
        })
    }
}

impl error::Error for Error {}

impl From<object_store::Error> for Error {
    fn from(_: object_store::Error) -> Self {
        Self::Storage
    }
}

impl From<object_store::path::Error> for Error {
    fn from(_: object_store::path::Error) -> Self {
        Self::Storage
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Timeout
            }
            _ => Self::Storage,
        }
    }
}
