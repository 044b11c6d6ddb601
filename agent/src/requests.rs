//! What an agent is asked: every request counted and timed, however it ends.

use std::sync::Arc;
use std::time::Instant;

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

    /// The largest batch that is accepted, in bytes of keys and values and what they come in.
    pub(crate) fn max_request_bytes(&self) -> usize {
        self.writers.max_request_bytes()
    }

    /// Writes a batch; gives the offset of its first record.
    pub(crate) async fn produce(
        &self,
        partition: &Partition,
        records: Vec<Record>,
    ) -> Result<u64, Error> {
        self.writers.write(partition, records).await
    }

    /// A request that begins now.
    pub(crate) fn begin(&self, method: Method) -> Begun<'_> {
        let (metrics, begin) = (&self.metrics, Instant::now());
        Begun { metrics, method, begin, grpc_status: GrpcStatus::Error }
    }
}

/// A request under way, which is recorded when this is dropped: as an error, unless it was told
/// better, since then nobody waits for an answer any more.
pub(crate) struct Begun<'a> {
    metrics: &'a AgentMetrics,
    method: Method,
    begin: Instant,
    grpc_status: GrpcStatus,
}

impl Begun<'_> {
    /// It was answered, well or not.
    pub(crate) fn end(mut self, is_ok: bool) {
        self.grpc_status = if is_ok { GrpcStatus::Ok } else { GrpcStatus::Error };
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let Self { metrics, method, begin, grpc_status } = *self;
        metrics.grpc_request_duration_seconds(method).observe(begin.elapsed());
        metrics.grpc_requests(MethodGrpcStatus { method, grpc_status }).inc();
    }
}
