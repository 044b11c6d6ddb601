//! Between the protocol's types and ours.

use tonic::{Code, Status};

use super::v1;
use crate::time::{milliseconds, time};
use crate::{Error, Fetched, Partition, Record, StoredRecord};

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Timeout => Code::DeadlineExceeded,
            Error::NotLeader => Code::FailedPrecondition,
            Error::Storage => Code::Internal,
            Error::Rejected => Code::InvalidArgument,
            Error::UnknownPartition => Code::NotFound,
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

impl From<&Record> for v1::Record {
    fn from(Record { key, value }: &Record) -> Self {
        Self { key: key.as_ref().map(|key| key.to_vec()), value: value.to_vec() }
    }
}

impl From<v1::Record> for Record {
    fn from(v1::Record { key, value }: v1::Record) -> Self {
        Self { key: key.map(Into::into), value: value.into() }
    }
}

impl From<Fetched> for v1::FetchReply {
    fn from(Fetched { records, end, next_written }: Fetched) -> Self {
        let records = records.iter().map(|stored| v1::StoredRecord {
            offset: stored.offset,
            written_milliseconds: milliseconds(stored.written),
            record: Some((&stored.record).into()),
        });
        let next_written_milliseconds = next_written.map(milliseconds);
        Self { records: records.collect(), end, next_written_milliseconds }
    }
}

impl From<v1::FetchReply> for Fetched {
    fn from(reply: v1::FetchReply) -> Self {
        let v1::FetchReply { records, end, next_written_milliseconds } = reply;
        let records = records.into_iter().map(|stored| StoredRecord {
            offset: stored.offset,
            written: time(stored.written_milliseconds),
            record: stored.record.unwrap_or_default().into(),
        });
        Self { records: records.collect(), end, next_written: next_written_milliseconds.map(time) }
    }
}
