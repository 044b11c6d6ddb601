//! What the agent records.

use streamhouse_metrics::{Registry, StreamhouseMetrics};

use self::agent::{GrpcStatus, LeaseStatus, Method, MethodGrpcStatus};

/// What an agent records.
#[derive(Debug, StreamhouseMetrics)]
#[metrics(component = "agent")]
pub struct AgentMetrics(pub(crate) AgentRecorder);

impl AgentMetrics {
    /// Metrics that nobody scrapes: what an agent records into until it is told better.
    pub(crate) fn unobserved() -> Self {
        Self::new(&mut Registry::new())
    }

    /// Exposes the outcomes at zero, so that a rate sees the first one of each.
    pub(crate) fn init(&self) {
        for status in [LeaseStatus::Renewed, LeaseStatus::Lost, LeaseStatus::Error] {
            self.lease_renewals(status).init();
        }
        for method in [Method::Produce, Method::Other] {
            for grpc_status in [GrpcStatus::Ok, GrpcStatus::Error] {
                self.grpc_requests(MethodGrpcStatus { method, grpc_status }).init();
            }
        }
        self.active_connections().set(0);
    }
}
