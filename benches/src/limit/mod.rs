//! Prototypes of the mechanisms alone: nothing that records can be faster on this machine.
//!
//! They leave out all that a user needs: limits, removal, other label sets, names. What they
//! allocate lives as long as the program.

pub(crate) mod cell;
pub(crate) mod clock;
pub(crate) mod histogram;
pub(crate) mod recording;
pub(crate) mod store;
pub(crate) mod table;

/// How they are called in the report.
pub(crate) const NAME: &str = "limit";
