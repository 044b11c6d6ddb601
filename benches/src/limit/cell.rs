//! Cells with one writer each: const thread-local → growable directory → chunk → cell.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// Cells of a chunk.
const CHUNK: usize = 64;

/// Cells of one thread, alone in their cache lines.
#[derive(Debug)]
#[repr(align(64))]
struct Chunk([AtomicU64; CHUNK]);

/// The chunks of a thread, by number; `None` where the thread has not been yet.
type Directory = &'static [Option<&'static Chunk>];

thread_local! {
    static DIRECTORY: Cell<Directory> = const { Cell::new(&[]) };
}

/// Every thread's chunks with their numbers, for whoever reads.
static CHUNKS: Mutex<Vec<(usize, &'static Chunk)>> = Mutex::new(Vec::new());

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Cells in a row of one chunk, of which every thread has its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    first: usize,
}

/// One thread's own cells of a row.
#[derive(Clone, Copy)]
pub(crate) struct Cells {
    chunk: &'static Chunk,
    first: usize,
}

impl Row {
    /// So many new cells, a power of two up to 64.
    pub(crate) fn new(length: usize) -> Self {
        let mut next = NEXT.load(Relaxed);
        loop {
            let first = next.next_multiple_of(length);
            match NEXT.compare_exchange(next, first + length, Relaxed, Relaxed) {
                Ok(_) => return Self { first },
                Err(other) => next = other,
            }
        }
    }

    /// The calling thread's own.
    #[inline(always)]
    pub(crate) fn cells(self) -> Cells {
        let chunk = match DIRECTORY.get().get(self.first / CHUNK) {
            Some(Some(chunk)) => chunk,
            _ => first_touch(self.first / CHUNK),
        };
        Cells { chunk, first: self.first }
    }
}

/// All cells as one thread finds them; cells that are touched later are not in it.
pub(crate) struct Snapshot(Vec<Vec<&'static Chunk>>);

impl Snapshot {
    /// The cells that have been touched so far.
    pub(crate) fn new() -> Self {
        let mut numbers: Vec<Vec<_>> = Vec::new();
        for &(number, chunk) in &*CHUNKS.lock().unwrap_or_else(PoisonError::into_inner) {
            if numbers.len() <= number {
                numbers.resize(number + 1, Vec::new());
            }
            numbers[number].push(chunk);
        }
        Self(numbers)
    }

    /// What all threads have added to a cell of a row.
    pub(crate) fn sum(&self, row: Row, position: usize) -> u64 {
        let cell = row.first + position;
        let chunks = self.0.get(cell / CHUNK).into_iter().flatten();
        chunks.map(|chunk| chunk.0[cell % CHUNK].load(Relaxed)).sum()
    }
}

impl Cells {
    /// A cell that nobody else writes.
    #[inline(always)]
    fn at(self, position: usize) -> &'static AtomicU64 {
        &self.chunk.0[(self.first + position) % CHUNK]
    }

    /// Adds to a cell: a load, an addition and a store.
    #[inline(always)]
    pub(crate) fn add(self, position: usize, increment: u64) {
        let cell = self.at(position);
        cell.store(cell.load(Relaxed).wrapping_add(increment), Relaxed);
    }

    /// Adds to a cell that holds the bits of a float.
    #[inline(always)]
    pub(crate) fn add_float(self, position: usize, increment: f64) {
        let cell = self.at(position);
        cell.store((f64::from_bits(cell.load(Relaxed)) + increment).to_bits(), Relaxed);
    }
}

#[cold]
#[inline(never)]
fn first_touch(number: usize) -> &'static Chunk {
    let chunk: &Chunk = Box::leak(Box::new(Chunk([const { AtomicU64::new(0) }; CHUNK])));
    let mut directory = DIRECTORY.get().to_vec();
    if directory.len() <= number {
        directory.resize((number + 1).next_power_of_two(), None);
    }
    directory[number] = Some(chunk);
    DIRECTORY.set(directory.leak());
    CHUNKS.lock().unwrap_or_else(PoisonError::into_inner).push((number, chunk));
    chunk
}
