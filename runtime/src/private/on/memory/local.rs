//! The recording thread's way to its own cells: the shortest path there is.
//!
//! ```text
//! thread-local slice of chunks ─▶ chunk ─▶ cell: load, add, store
//! ```
//!
//! The thread-local is constant and has no destructor, so that reading it is one instruction and
//! never fails, even while the thread is torn down. A second one exists to be dropped: it gives the
//! thread's block back. After that, cells are shared and atomic.

use std::cell::Cell;

use super::chunk::{CellId, Chunk, Step, chunk_of};
use super::directory::Slot;
use super::thread::{Block, Threads};

#[cfg(not(loom))]
static THREADS: Threads = Threads::new();
#[cfg(loom)]
loom::lazy_static! { static ref THREADS: Threads = Threads::new(); }

/// The threads of this process.
pub(crate) fn threads() -> &'static Threads {
    &THREADS
}

/// What a thread knows of itself.
struct Local {
    /// Its chunks by number, as far as its block's directory reached when it last grew.
    chunks: Cell<&'static [Slot<Chunk>]>,
    block: Cell<Option<&'static Block>>,
}

impl Local {
    const fn new() -> Self {
        Self { chunks: Cell::new(&[]), block: Cell::new(None) }
    }

    /// The thread's block, claimed if need be; none once the thread is being torn down.
    #[cold]
    fn claim(&self) -> Option<&'static Block> {
        if self.block.get().is_none() && ENDING.try_with(|_| ()).is_ok() {
            self.block.set(Some(threads().claim()));
        }
        self.block.get()
    }

    /// Gives the block back.
    fn end(&self) {
        self.chunks.set(&[]);
        if let Some(block) = self.block.take() {
            threads().release(block);
        }
    }

    /// The thread's chunk, allocated if it may be.
    #[cold]
    fn chunk(&self, chunk: usize, open_labels: bool) -> Option<&'static Chunk> {
        let block = self.claim()?;
        let chunk = threads().chunk(block, chunk, open_labels);
        self.chunks.set(block.chunks.slots());
        chunk
    }
}

/// Gives the block back when the thread ends.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = LOCAL.try_with(Local::end);
    }
}

/// Ends a thread of a model, before those who wait for it go on: loom drops thread-locals later
/// than the standard library does.
#[cfg(all(test, loom))]
pub(crate) fn end_thread() {
    LOCAL.with(Local::end);
}

#[cfg(not(loom))]
thread_local! {
    static LOCAL: Local = const { Local::new() };
    static ENDING: Ending = const { Ending };
}
#[cfg(loom)]
loom::thread_local! {
    static LOCAL: Local = Local::new();
    static ENDING: Ending = Ending;
}

/// Adds to the thread's own cell. Cells of series with open labels count against the limit of
/// memory; past it, the shared cell is added to.
#[inline(always)]
pub(crate) fn add<S: Step>(id: CellId, step: S, open_labels: bool) {
    LOCAL.with(|local| match local.chunks.get().get(chunk_of(id)).and_then(Slot::get) {
        Some(chunk) => step.add_alone(chunk.cell(id)),
        None => add_slowly(local, id, step, open_labels),
    });
}

/// Adds to two cells, as [`add`] does to each.
#[inline(always)]
pub(crate) fn add_both<S: Step, T: Step>(one: (CellId, S), other: (CellId, T), open_labels: bool) {
    let both = LOCAL.with(|local| {
        let chunks = local.chunks.get();
        let chunk = |id| chunks.get(chunk_of(id)).and_then(Slot::get);
        let (Some(chunk), Some(other_chunk)) = (chunk(one.0), chunk(other.0)) else { return false };
        one.1.add_alone(chunk.cell(one.0));
        other.1.add_alone(other_chunk.cell(other.0));
        true
    });
    if !both {
        add_both_slowly(one, other, open_labels);
    }
}

#[cold]
#[inline(never)]
fn add_both_slowly<S: Step, T: Step>(one: (CellId, S), other: (CellId, T), open_labels: bool) {
    add(one.0, one.1, open_labels);
    add(other.0, other.1, open_labels);
}

#[cold]
#[inline(never)]
fn add_slowly<S: Step>(local: &Local, id: CellId, step: S, open_labels: bool) {
    match local.chunk(chunk_of(id), open_labels) {
        Some(chunk) => step.add_alone(chunk.cell(id)),
        None => threads().add_shared(id, step),
    }
}

/// A stretch of code in which whatever can be found stays valid.
pub(crate) struct Section(());

/// Runs a short piece of code, which must not panic, in a section, unless the thread is being torn
/// down.
#[inline(always)]
pub(crate) fn swift_section<R>(run: impl FnOnce(&Section) -> R) -> Option<R> {
    let block = LOCAL.with(|local| local.block.get().or_else(|| local.claim()))?;
    let before = block.enter();
    let result = run(&Section(()));
    block.leave(before);
    Some(result)
}

/// Runs a short piece of code, which must not panic, in a section.
pub(crate) fn section<R>(run: impl FnOnce(&Section) -> R) -> R {
    let block = LOCAL.with(|local| local.block.get().or_else(|| local.claim()));
    let before = match block {
        Some(block) => block.enter(),
        None => enter_as_guest(),
    };
    let result = run(&Section(()));
    match block {
        Some(block) => block.leave(before),
        None => leave_as_guest(),
    }
    result
}

#[cold]
#[inline(never)]
fn enter_as_guest() -> usize {
    threads().enter_as_guest();
    0
}

#[cold]
#[inline(never)]
fn leave_as_guest() {
    threads().leave_as_guest();
}
