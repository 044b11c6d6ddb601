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
    pub use crate::descriptor::{Component, Kind, Label, Metric, Number};
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
