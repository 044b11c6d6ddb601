//! The threads that record: their blocks of cells, and what they announce about themselves.
//!
//! A thread claims a block when it first records and gives it back when it ends. Blocks are never
//! freed: the next thread continues in one, so that no count is lost, none goes down, and memory
//! follows the largest number of threads that were alive at once.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

use super::barrier;
use super::chunk::{CHUNK, CellId, Chunk, Step, chunk_of};
use super::directory::Directory;
use super::retired::Retired;
use crate::sync::{AtomicUsize, Mutex, Patience, lock};

/// How many bytes of cells for open labels all threads together get by default.
const DEFAULT_MEMORY: usize = 64 << 20;

/// All threads of the process.
pub(crate) struct Threads {
    blocks: Directory<Block>,
    /// How many blocks there are, and which of them no thread has.
    unclaimed: Mutex<Unclaimed>,
    /// Cells that any thread may write, for when it can have none of its own.
    shared: Directory<Chunk>,
    /// Threads in a section that have no block to say so in.
    guests: AtomicUsize,
    /// Bytes of cells for open labels, and how many there may be.
    memory: AtomicUsize,
    most_memory: AtomicUsize,
}

struct Unclaimed {
    total: usize,
    blocks: Vec<usize>,
}

/// What one thread at a time writes.
#[repr(align(128))]
pub(crate) struct Block {
    index: usize,
    /// Odd while the thread is in a section; it grows with every section.
    section: AtomicUsize,
    /// This thread's cells, by the number of their chunk.
    pub(crate) chunks: Directory<Chunk>,
}

macro_rules! constructor {
    ($($constness:ident)?) => {
        pub(crate) $($constness)? fn new() -> Self {
            Self {
                blocks: Directory::new(),
                unclaimed: Mutex::new(Unclaimed { total: 0, blocks: Vec::new() }),
                shared: Directory::new(),
                guests: AtomicUsize::new(0),
                memory: AtomicUsize::new(0),
                most_memory: AtomicUsize::new(DEFAULT_MEMORY),
            }
        }
    };
}

impl Threads {
    #[cfg(not(loom))]
    constructor! { const }
    #[cfg(loom)]
    constructor! {}

    /// A block for a thread: that of one which has ended, if there is any.
    pub(crate) fn claim(&self) -> &Block {
        let index = {
            let mut unclaimed = lock(&self.unclaimed);
            unclaimed.blocks.pop().unwrap_or_else(|| {
                unclaimed.total += 1;
                unclaimed.total - 1
            })
        };
        self.blocks
            .get(index)
            .unwrap_or_else(|| self.blocks.put(index, Box::new(Block::new(index))))
    }

    /// Gives a block back. The lock makes everything that was written visible to who claims it.
    pub(crate) fn release(&self, block: &Block) {
        lock(&self.unclaimed).blocks.push(block.index);
    }

    /// The thread's own chunk, allocated if need be; none if memory for open labels is used up.
    pub(crate) fn chunk<'b>(
        &self,
        block: &'b Block,
        chunk: usize,
        open_labels: bool,
    ) -> Option<&'b Chunk> {
        if let Some(chunk) = block.chunks.get(chunk) {
            return Some(chunk);
        }
        if open_labels {
            // Where little is touched of a large range, the way to the cells is most of it.
            let more = size_of::<Chunk>() + block.chunks.growth(chunk);
            let fits = |used: usize| {
                let used = used.saturating_add(more);
                (used <= self.most_memory.load(Relaxed)).then_some(used)
            };
            self.memory.fetch_update(Relaxed, Relaxed, fits).ok()?;
        }
        Some(block.chunks.put(chunk, Chunk::new()))
    }

    /// Sets how many bytes of cells for open labels there may be from now on.
    pub(crate) fn limit_memory(&self, bytes: usize) {
        self.most_memory.store(bytes, Relaxed);
    }

    /// Adds to the cell that all threads share.
    pub(crate) fn add_shared<S: Step>(&self, id: CellId, step: S) {
        let chunk = self.shared.get(chunk_of(id));
        let chunk = chunk.unwrap_or_else(|| self.shared.put(chunk_of(id), Chunk::new()));
        step.add_shared(chunk.cell(id));
    }

    /// Every thread's chunk of a number, and the shared one.
    pub(crate) fn chunks(&self, chunk: usize) -> impl Iterator<Item = &Chunk> {
        let blocks = self.blocks.slots().iter().filter_map(|slot| slot.get());
        self.shared.get(chunk).into_iter().chain(blocks.filter_map(move |b| b.chunks.get(chunk)))
    }

    /// Empties some cells, which nobody may be writing.
    pub(crate) fn clear(&self, ids: std::ops::Range<CellId>) {
        let mut start = ids.start;
        while start < ids.end {
            let chunk = chunk_of(start);
            let end = ids.end.min((start / CHUNK as CellId + 1).saturating_mul(CHUNK as CellId));
            for chunk in self.chunks(chunk) {
                (start..end).for_each(|id| chunk.cell(id).store(0, Relaxed));
            }
            start = end;
        }
    }

    /// Announces a section of a thread that has no block.
    pub(crate) fn enter_as_guest(&self) {
        self.guests.fetch_add(1, SeqCst);
        barrier::light();
    }

    pub(crate) fn leave_as_guest(&self) {
        self.guests.fetch_sub(1, AcqRel);
    }

    /// Whether the end of sections can be [waited for](Self::wait_for_sections).
    pub(crate) fn can_wait(&self) -> bool {
        barrier::is_there()
    }

    /// Waits until every section that is open now has ended; false where that cannot be known.
    ///
    /// Sections are some nanoseconds long, unless the system takes the processor away from one.
    #[must_use]
    pub(crate) fn wait_for_sections(&self) -> bool {
        if !barrier::heavy() {
            return false;
        }
        let mut patience = Patience::default();
        for block in self.blocks.slots().iter().filter_map(|slot| slot.get()) {
            let section = block.section.load(Acquire);
            while section % 2 == 1 && block.section.load(Acquire) == section {
                patience.wait();
            }
        }
        while self.guests.load(Acquire) > 0 {
            patience.wait();
        }
        true
    }

    /// Frees what cannot be found any more once nobody reads it; gives it back where that cannot
    /// be known.
    #[expect(unsafe_code, reason = "memory is freed by hand")]
    pub(crate) fn free(&self, retired: Vec<Retired>) -> Vec<Retired> {
        if retired.is_empty() || !self.wait_for_sections() {
            return retired;
        }
        // SAFETY: each was unreachable before, and the sections of that time have ended.
        retired.into_iter().for_each(|retired| unsafe { retired.free() });
        Vec::new()
    }
}

impl Block {
    fn new(index: usize) -> Self {
        Self { index, section: AtomicUsize::new(0), chunks: Directory::new() }
    }

    /// Announces a section by plain stores, and returns what [`leave`](Self::leave) wants. Within
    /// another section it changes nothing.
    #[inline(always)]
    pub(crate) fn enter(&self) -> usize {
        let before = self.section.load(Relaxed);
        // Who waits for the section before may see this one instead, and must see that that one
        // has ended.
        self.section.store(before | 1, Release);
        barrier::light();
        before
    }

    #[inline(always)]
    pub(crate) fn leave(&self, before: usize) {
        // Two on from an even number, or back to the odd one of the section around this one.
        self.section.store(before.wrapping_add((!before & 1) << 1), Release);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_cell_counts_against_the_limit_of_memory() {
        let threads = Threads::new();
        threads.limit_memory(4096);
        let block = threads.claim();
        assert!(threads.chunk(block, 0, true).is_some());
        assert!(threads.chunk(block, 100_000, true).is_none());
        assert!(threads.chunk(block, 7, true).is_some());
        // What has no open labels is not limited.
        assert!(threads.chunk(block, 100_000, false).is_some());
    }
}
