//! What takes long in full: `cargo xtask test --long` runs it so, and every other run of the tests
//! the same in short.
#![cfg(all(feature = "server", unix))]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "../server/child.rs"]
mod child;
mod connections;
mod health;
mod size;
