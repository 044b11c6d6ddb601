//! What the client records.

use streamhouse_core::Error;
use streamhouse_metrics::{Registry, StreamhouseMetrics};

use self::producer::{ErrorType, TopicErrorType};

/// What a producer records.
#[derive(Debug, StreamhouseMetrics)]
#[metrics(component = "producer")]
pub struct ProducerMetrics(pub(crate) ProducerRecorder);

/// What a consumer records.
#[derive(Debug, StreamhouseMetrics)]
#[metrics(component = "consumer")]
pub struct ConsumerMetrics(pub(crate) ConsumerRecorder);

impl ProducerMetrics {
    /// Metrics that nobody scrapes: what a producer records into until it is told better.
    pub(crate) fn unobserved() -> Self {
        Self::new(&mut Registry::new())
    }

    /// Exposes a topic's failures at zero, so that a rate sees the first one of each.
    pub(crate) fn init(&self, topic: &str) {
        let error_types = [
            ErrorType::Timeout,
            ErrorType::NotLeader,
            ErrorType::Storage,
            ErrorType::Rejected,
            ErrorType::Other,
        ];
        for error_type in error_types {
            self.send_errors(TopicErrorType { topic, error_type }).init();
        }
    }
}

impl ConsumerMetrics {
    /// Metrics that nobody scrapes: what a consumer records into until it is told better.
    pub(crate) fn unobserved() -> Self {
        Self::new(&mut Registry::new())
    }
}

impl From<Error> for ErrorType {
    fn from(error: Error) -> Self {
        match error {
            Error::Timeout => ErrorType::Timeout,
            Error::NotLeader => ErrorType::NotLeader,
            Error::Storage => ErrorType::Storage,
            Error::Rejected => ErrorType::Rejected,
            Error::UnknownPartition | Error::Rebalanced | Error::Missing(_) => ErrorType::Other,
        }
    }
}
