//! What a chore says while it works: one line a step, on stderr, aligned like
//! cargo's own lines, so that stdout stays free for data.

use std::fmt::Display;

/// Says what happens now: a verb, then what it is done to.
pub(crate) fn step(verb: &str, what: impl Display) {
    eprintln!("{verb:>12} {what}");
}

/// Says why a chore stops.
pub(crate) fn error(what: impl Display) {
    eprintln!("error: {what}");
}
