//! StreamHouse's agent: holds partition leases and writes records.
//!
//! ```text
//! client ──Transport──▶ Connection ──▶ Agent ──Store──▶ logs, leases, committed offsets
//! ```
//!
//! - [`Transport`] and the types beside it are the protocol: all that a client knows of an agent.
//!   The agent owns them, as a gRPC server owns its `.proto`, so the client depends on the agent
//!   and never the other way round.
//! - [`Connection`] is the protocol within one process, [`AgentServer`] over the network; what they
//!   are asked is counted and timed.
//! - [`Agent`] renews its leases on a thread of its own and writes only what it holds.
//! - [`Store`] is what all agents share. [`MemoryStore`] keeps it in memory; [`DurableStore`] keeps
//!   records as segments in an object store and all else in a [`MetadataStore`], such as
//!   [`SqliteMetadata`], so that agents are processes of their own.

// A metric that nobody records is an error here, not a warning.
#![deny(dead_code)]

mod agent;
mod background;
mod connection;
mod durable;
mod grpc;
mod leases;
mod lock;
mod memory;
mod metrics;
mod protocol;
mod store;
mod time;

pub use agent::{Agent, AgentBuilder};
pub use background::Background;
pub use connection::Connection;
pub use durable::{DurableStore, MetadataStore, NewSegment, SegmentRow, SqliteMetadata};
pub use grpc::{AgentServer, v1};
pub use memory::MemoryStore;
pub use metrics::AgentMetrics;
pub use protocol::{Error, Fetched, Partition, Record, StoredRecord, Transport};
pub use store::Store;
