//! The recorder that records.
//!
//! ```text
//! handle ─▶ source ─▶ Store ─▶ Table (one a label set) ─▶ entry of a Page (one a key of open labels)
//!              │                                               │
//!              └──────────▶ cells of this thread ◀─────────────┘
//!                                   │
//! exposition ◀── reading ◀── cells of all threads, added up
//! ```
//!
//! A call walks the upper lines with borrowed labels: no lock, no allocation and no atomic
//! read-modify-write, unless it is the first one with these values. A scrape walks the lower line,
//! and neither ever waits for the other.

mod bucket;
mod clock;
mod counter;
mod exemplar;
mod exposition;
mod gauge;
mod histogram;
mod info;
mod layout;
mod memory;
#[cfg(all(test, loom))]
mod models;
mod native;
mod operation;
mod page;
mod reading;
mod recorder;
mod recording;
mod registrar;
mod removal;
mod repeat;
mod sample;
mod source;
mod store;
mod table;
mod timer;
mod value;
mod word;

pub use self::counter::Counter;
pub(crate) use self::exposition::{encode, encode_foreign};
pub use self::gauge::Gauge;
pub use self::histogram::Histogram;
pub use self::info::Info;
pub(crate) use self::memory::threads;
pub use self::recorder::{Bound, Handle, Recorder};
pub use self::registrar::Registrar;
#[cfg(streamhouse_amplified)]
pub use self::repeat::{calls, set_times};
pub use self::source::{Direct, Pinned};
pub(crate) use self::store::Store;
pub use self::timer::Timer;
pub use self::word::Word;
pub use crate::descriptor::{Component, Kind, Label, Metric, Number, OwnMetric};
pub use crate::error::RegisterError;
pub use crate::label::{LabelSet, NoLabels, OpenValues, Slot, Value};
