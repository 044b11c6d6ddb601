//! Cells: 64 numbers of one thread, which nobody else writes.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::AtomicU64;

/// Cells of a chunk.
pub(crate) const CHUNK: usize = if cfg!(loom) { 2 } else { 64 };

/// A cell's number among all cells of the process; each thread has its own cell of that number.
pub(crate) type CellId = u32;

/// The cells that a thread allocates at once, when it first touches one of them.
///
/// It starts at a cache line of its own, so that two threads never write to the same line.
#[repr(align(64))]
pub(crate) struct Chunk([AtomicU64; CHUNK]);

impl Chunk {
    pub(crate) fn new() -> Box<Self> {
        Box::new(Self(std::array::from_fn(|_| AtomicU64::new(0))))
    }

    #[inline(always)]
    pub(crate) fn cell(&self, id: CellId) -> &AtomicU64 {
        &self.0[id as usize % CHUNK]
    }

    /// Its cells from a place on.
    #[inline(always)]
    pub(crate) fn cells_from(&self, place: usize) -> std::slice::Iter<'_, AtomicU64> {
        self.0.get(place..).unwrap_or_default().iter()
    }
}

/// The number of a cell's chunk.
#[inline(always)]
pub(crate) fn chunk_of(id: CellId) -> usize {
    id as usize / CHUNK
}

/// What is added to a cell.
pub(crate) trait Step: Copy {
    /// Adds to a cell that only this thread writes: no lock prefix, no loop.
    fn add_alone(self, cell: &AtomicU64);

    /// Adds to a cell that others write too.
    fn add_shared(self, cell: &AtomicU64);
}

impl Step for u64 {
    #[inline(always)]
    fn add_alone(self, cell: &AtomicU64) {
        cell.store(cell.load(Relaxed).wrapping_add(self), Relaxed);
    }

    #[inline]
    fn add_shared(self, cell: &AtomicU64) {
        cell.fetch_add(self, Relaxed);
    }
}

impl Step for f64 {
    #[inline(always)]
    fn add_alone(self, cell: &AtomicU64) {
        let sum = f64::from_bits(cell.load(Relaxed)) + self;
        cell.store(sum.to_bits(), Relaxed);
    }

    #[inline]
    fn add_shared(self, cell: &AtomicU64) {
        let add = |bits| Some((f64::from_bits(bits) + self).to_bits());
        // The closure always has an answer, so this ends with the sum stored.
        let _ = cell.fetch_update(Relaxed, Relaxed, add);
    }
}
