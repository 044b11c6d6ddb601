//! The recorder that records.
//!
//! ```text
//! Recorder ─▶ Store ─▶ Table (one a label set) ─▶ Entry (one a key of open labels) ─▶ Cell
//!                                                                                     │
//!             Collector, encode ◀── Family (one a metric) ◀───────────────────────────┘
//! ```
//!
//! A call walks the upper line with borrowed labels: no lock, no allocation, unless it is the
//! first one with these values. A scrape walks the lower line and takes no lock at all, so that
//! neither ever waits for the other.

mod cell;
mod collector;
mod counter;
mod encode;
mod entry;
#[expect(dead_code, reason = "the registry does not call it yet")]
mod exposition;
mod family;
mod gauge;
mod histogram;
mod info;
mod limit;
mod log;
mod recorder;
mod registrar;
mod store;
mod timer;
mod trie;

pub use self::counter::Counter;
pub(crate) use self::encode::encode;
pub use self::exposition::sample;
pub use self::gauge::Gauge;
pub use self::histogram::Histogram;
pub use self::info::Info;
pub use self::recorder::{Bound, Handle, Recorder};
pub use self::registrar::Registrar;
pub(crate) use self::store::Store;
pub use self::timer::Timer;
pub use crate::descriptor::{Component, Kind, Label, Metric, Number};
pub use crate::error::RegisterError;
pub use crate::label::{LabelSet, NoLabels, Slot, Value};
