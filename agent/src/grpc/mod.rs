//! The protocol over the network: gRPC, with the types of `proto/streamhouse.proto`.

mod convert;
mod server;
mod stream;

pub use self::server::AgentServer;

/// The messages and services, generated from `proto/streamhouse.proto`.
#[expect(missing_docs, reason = "the protocol's file explains them")]
pub mod v1 {
    tonic::include_proto!("streamhouse.v1");
}
