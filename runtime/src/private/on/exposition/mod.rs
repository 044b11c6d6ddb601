//! The last arrow: what has been read from the cells becomes a body in one of the formats.
//!
//! ```text
//! own readings ──▶ protobuf ──▶ wire ──▶ body
//! prometheus_client's text ──▶ foreign ──▶ protobuf, or Prometheus text
//! ```
//!
//! Everything here takes borrowed data and appends bytes to the caller's buffer. Nothing here reads
//! a cell, takes a lock or fails.

pub(crate) mod foreign;
pub(crate) mod native;
pub(crate) mod protobuf;
mod sample;
mod wire;

pub use self::sample::sample;

#[cfg(test)]
mod decoder;
