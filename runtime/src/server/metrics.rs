//! What the endpoint counts about itself.

use std::sync::Arc;

use crate::{Registry, StreamhouseMetrics};

/// Names of the recorder, as everybody else has them.
#[derive(Debug, StreamhouseMetrics)]
#[metrics(component = "server", spec = "src/server/metrics.toml")]
pub(super) struct ServerMetrics(pub(super) ServerRecorder);

pub(super) use server::Status;

/// The metrics, and the registry that is read after the service's own.
#[derive(Clone, Debug)]
pub(super) struct OwnMetrics {
    pub(super) recorder: ServerMetrics,
    pub(super) registry: Arc<Registry>,
}

impl OwnMetrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::new();
        let recorder = ServerMetrics::new(&mut registry);
        for status in [Status::Ok, Status::Busy, Status::TimedOut, Status::Failed] {
            recorder.scrapes(status).init();
        }
        Self { recorder, registry: Arc::new(registry) }
    }
}
