//! What StreamHouse's producers, consumers and agents have in common.
//!
//! ```text
//! producer ──Transport──▶ agent ──▶ Log ──segments──▶ object store ──segments──▶ Log ──▶ consumer
//!     └──who leads?──┐      └─leases─┐ │ which object holds which records          │
//!                    ▼               ▼ ▼                                           ▼
//!                    └───────── MetadataStore: topics, leases, segments, groups ───┘
//! ```
//!
//! - [`Record`], [`Partition`] and [`Error`] are the words of all of them.
//! - [`Log`] keeps records as segments in an object store: a folder, memory, or S3.
//! - [`MetadataStore`] is what all processes agree on; [`SqliteMetadata`] keeps it in a file.
//! - [`Transport`] is how a batch gets to an agent, and [`v1`] what it looks like on the network.

mod convert;
mod error;
mod lock;
mod log;
mod metadata;
mod objects;
mod record;
mod time;
mod transport;
mod unique;

pub use error::Error;
pub use lock::lock;
pub use log::{Fetched, Log};
pub use metadata::{
    AgentRow, Assignment, Commit, Member, Metadata, MetadataStore, NewSegment, SegmentRow,
    SqliteMetadata,
};
pub use objects::objects;
pub use record::{Partition, Record, StoredRecord};
pub use transport::Transport;
pub use unique::unique;

/// The messages and services of the network, generated from `proto/streamhouse.proto`.
#[expect(missing_docs, reason = "the protocol's file explains them")]
pub mod v1 {
    tonic::include_proto!("streamhouse.v1");
}
