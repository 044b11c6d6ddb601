//! The endpoint, judged from outside: what it answers, and what it does not let anybody do to it.
#![cfg(feature = "server")]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod answers;
mod child;
mod client;
mod descriptors;
mod ending;
mod patience;
mod protection;
mod registries;
mod scrapes;
#[path = "../recording/support.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod support;
