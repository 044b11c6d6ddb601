//! StreamHouse's agent: holds partition leases and writes records.
//!
//! ```text
//! producer ──gRPC──▶ server ──▶ Requests ──▶ Writer (one a partition) ──▶ Log
//!              or in the process             joins what waits into one segment
//! ```
//!
//! - [`Agent`] renews its leases in the background, writes only what it holds, and shares the
//!   partitions with the other agents of its group.
//! - Requests are counted and timed, whichever way they come.
//! - All that outlives it is in a [`MetadataStore`] and an object store.

// A metric that nobody records is an error here, not a warning.
#![deny(dead_code)]

mod agent;
mod builder;
mod cleaning;
mod connection;
mod leases;
mod metrics;
mod requests;
mod server;
mod stream;
mod writer;

pub use agent::Agent;
pub use builder::AgentBuilder;
pub use connection::Connection;
pub use metrics::AgentMetrics;
pub use streamhouse_core::{Error, MetadataStore, SqliteMetadata, objects};
#[cfg(feature = "metrics")]
pub use streamhouse_metrics::MetricsServer;
