//! What generated code names, and nothing else.
//!
//! `on` and `off` have the same surface, so the derive writes one copy of its code and chooses the
//! module by the deriving crate's own feature. Both can be used in one binary: a crate whose
//! feature is off stays free of cost even if its neighbour turns the runtime's feature on.

pub mod off;
#[cfg(feature = "metrics")]
pub mod on;

pub use crate::__require_forwarded as require_forwarded;

/// Stands in for the recorder while the runtime's feature is off.
///
/// A crate gets here by turning its own feature on without forwarding it. It keeps compiling, so
/// that [`require_forwarded!`] is the only error.
#[cfg(not(feature = "metrics"))]
pub mod on {
    pub use super::off::*;
    pub use crate::descriptor::{Component, Kind, Label, Metric, Number, OwnMetric};
}

/// Sets how much memory the cells of series with open labels may take, in bytes, over all threads
/// and components of the process.
///
/// Each thread counts in cells of its own, which takes 8 bytes for each series that it records into
/// (of a histogram, for each bucket). Past this limit, a thread that comes to further series shares
/// cells with the others: it still counts exactly, a few nanoseconds slower. The limit is 64 MiB
/// unless it is set, and lowering it frees nothing. Without the feature `metrics` it does nothing.
///
/// ```
/// streamhouse_metrics::limit_cell_memory(16 << 20);
/// ```
pub fn limit_cell_memory(bytes: usize) {
    #[cfg(feature = "metrics")]
    on::threads().limit_memory(bytes);
    #[cfg(not(feature = "metrics"))]
    let _ = bytes;
}

/// Explains a feature that is declared by the deriving crate but does not reach the runtime.
#[cfg(not(feature = "metrics"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_forwarded {
    ($feature:literal) => {
        ::core::compile_error!(::core::concat!(
            "feature `",
            $feature,
            "` of this crate is on, but it is not forwarded: write `",
            $feature,
            " = [\"streamhouse-metrics/metrics\"]` under `[features]`"
        ));
    };
}

/// Explains a feature that is declared by the deriving crate but does not reach the runtime.
#[cfg(feature = "metrics")]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_forwarded {
    ($feature:literal) => {};
}
