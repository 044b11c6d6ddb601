//! Memory that is recorded into and found without a lock. All `unsafe` of the crate is here.
//!
//! ```text
//! writing a cell       local ─▶ directory ─▶ chunk              one thread's own
//! reading cells        reader ─▶ threads ─▶ blocks ─▶ chunks     everybody's, added up
//! finding an entry     section ─▶ index ─▶ number
//! removing an entry    retire ─▶ wait for sections ─▶ free       barrier
//! ```

mod barrier;
mod chunk;
mod directory;
mod ids;
mod index;
mod line;
mod local;
mod reader;
mod replaceable;
mod retired;
mod thread;

#[cfg(all(test, loom))]
pub(crate) use self::barrier::without_light;
#[cfg(all(test, loom))]
pub(crate) use self::chunk::Chunk;
pub(crate) use self::chunk::{CellId, Step};
pub(crate) use self::directory::Directory;
pub(crate) use self::ids::Cells;
pub(crate) use self::index::Index;
pub(crate) use self::line::{Line, WriteLine, append_line};
#[cfg(all(test, loom))]
pub(crate) use self::local::end_thread;
pub(crate) use self::local::{Section, add, add_both, section, swift_section, threads};
pub(crate) use self::reader::Reader;
pub(crate) use self::retired::Retired;
