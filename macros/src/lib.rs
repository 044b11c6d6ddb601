//! `#[derive(StreamhouseMetrics)]`: typed recorders from `metrics.toml`.
//!
//! ```text
//! derive input ──parse──▶ Input ──load──▶ Catalog ──emit──▶ recorder, label types, methods
//! ```
//!
//! The tokens only name things of `::streamhouse_metrics::__private`; what they do is decided
//! there. Use the derive through the `streamhouse-metrics` crate, which documents it.

mod emit;
mod expand;
mod input;
mod load;

/// Turns a newtype into the recorder of a component of `metrics.toml`.
///
/// See the documentation of the `streamhouse-metrics` crate.
#[proc_macro_derive(StreamhouseMetrics, attributes(metrics))]
pub fn streamhouse_metrics(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::expand(input.into()).into()
}

#[cfg(test)]
mod tests;
