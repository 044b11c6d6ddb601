//! What takes long in full: `cargo xtask test --long` runs it so, and every other run of the tests
//! the same in short.
#![cfg(all(feature = "server", target_os = "linux"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "../server/child.rs"]
mod child;
mod connections;
mod health;
mod series;
mod size;
#[path = "../recording/support.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod support;
