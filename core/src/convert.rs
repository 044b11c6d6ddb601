//! Between the network's types and ours.

use tonic::{Code, Status};

use crate::time::{milliseconds, time};
use crate::{Error, Partition, Record, v1};

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Timeout => Code::DeadlineExceeded,
            Error::NotLeader => Code::FailedPrecondition,
            Error::Storage => Code::Internal,
            Error::Rejected | Error::Missing(_) => Code::InvalidArgument,
            Error::UnknownPartition => Code::NotFound,
            Error::Rebalanced => Code::Aborted,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        match status.code() {
            Code::FailedPrecondition => Self::NotLeader,
            Code::Internal => Self::Storage,
            Code::InvalidArgument | Code::OutOfRange | Code::ResourceExhausted => Self::Rejected,
            Code::NotFound => Self::UnknownPartition,
            // Whatever happened, nothing is known of it.
            _ => Self::Timeout,
        }
    }
}

impl From<&Partition> for v1::Partition {
    fn from(Partition { topic, index }: &Partition) -> Self {
        Self { topic: topic.to_string(), index: *index }
    }
}

impl From<v1::Partition> for Partition {
    fn from(v1::Partition { topic, index }: v1::Partition) -> Self {
        Self::new(topic, index)
    }
}

impl From<Record> for v1::Record {
    fn from(Record { timestamp, key, value }: Record) -> Self {
        Self { timestamp_milliseconds: milliseconds(timestamp), key, value }
    }
}

impl From<v1::Record> for Record {
    fn from(record: v1::Record) -> Self {
        let v1::Record { timestamp_milliseconds, key, value } = record;
        Self { timestamp: time(timestamp_milliseconds), key, value }
    }
}
