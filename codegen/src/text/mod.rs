//! Writing data into formats: one escaping function a format.
//!
//! Help and annotation texts come from people and may hold quotes, pipes, HTML or template
//! syntax. Whatever an emitter writes passes through here, so it arrives as data.

pub(crate) mod document;
pub(crate) mod grafana;
pub(crate) mod hash;
pub(crate) mod markdown;
pub(crate) mod number;
pub(crate) mod promql;
pub(crate) mod quoted;
pub(crate) mod yaml;

/// How to remake an output; every format that has comments opens with it.
pub(crate) const PREAMBLE: &str = "Generated from metrics.toml, not edited: `cargo xtask gen` or `cargo streamhouse-metrics gen` remakes it.";
