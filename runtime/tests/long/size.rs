//! How much of a long test is done.

use std::env;

/// The full size under `cargo xtask test --long`, which says so to its tests, and otherwise the short
/// one.
pub(crate) fn full_or<T>(full: T, short: T) -> T {
    if env::var_os("STREAMHOUSE_LONG").is_some() { full } else { short }
}
