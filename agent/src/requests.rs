//! What an agent is asked: every request counted, timed and answered.

use std::future::Future;
use std::sync::Arc;

use streamhouse_core::{Error, Partition, Record};

use crate::AgentMetrics;
use crate::metrics::agent::{GrpcStatus, Method, MethodGrpcStatus};
use crate::writer::Writers;

/// What an agent is asked, whichever way.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    writers: Arc<Writers>,
    metrics: AgentMetrics,
}

impl Requests {
    pub(crate) fn new(writers: Writers, metrics: AgentMetrics) -> Self {
        Self { writers: Arc::new(writers), metrics }
    }

    pub(crate) fn metrics(&self) -> &AgentMetrics {
        &self.metrics
    }

    /// The largest batch that is accepted, in bytes of keys and values.
    pub(crate) fn max_request_bytes(&self) -> usize {
        self.writers.max_request_bytes()
    }

    /// Writes a batch; gives the offset of its first record.
    pub(crate) async fn produce(
        &self,
        partition: &Partition,
        records: Vec<Record>,
    ) -> Result<u64, Error> {
        self.request(Method::Produce, self.writers.write(partition, records)).await
    }

    /// Answers what no agent of this version knows.
    pub(crate) async fn unknown(&self) -> Error {
        let refused = async { Err::<(), _>(Error::Rejected) };
        self.request(Method::Other, refused).await.err().unwrap_or(Error::Rejected)
    }

    /// Answers a request, and records that it was asked, how it ended and how long it took.
    async fn request<T>(
        &self,
        method: Method,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let timer = self.metrics.grpc_request_duration_seconds(method).start_timer();
        let answer = answer.await;
        timer.stop();
        let grpc_status = if answer.is_ok() { GrpcStatus::Ok } else { GrpcStatus::Error };
        self.metrics.grpc_requests(MethodGrpcStatus { method, grpc_status }).inc();
        answer
    }
}
