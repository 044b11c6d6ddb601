//! An append-only list that is read without a lock.
//!
//! Everything a scrape or a recorder can reach lives in a log, in the order of creation. What is in
//! it never moves and never goes, so a reference lives as long as the recorder.

use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// The length of the first chunk; each chunk is twice as long as the one before.
const FIRST: usize = 8;

/// As many chunks as any index can ask for.
const CHUNKS: usize = (usize::BITS - FIRST.ilog2()) as usize;

type Chunk<T> = Box<[OnceLock<T>]>;

/// Permission to append, to be kept behind a mutex: only one thread at a time can have it.
#[derive(Debug, Default)]
pub(crate) struct Turn(());

pub(crate) struct Log<T> {
    len: AtomicUsize,
    chunks: [OnceLock<Chunk<T>>; CHUNKS],
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { len: AtomicUsize::new(0), chunks: [const { OnceLock::new() }; CHUNKS] }
    }
}

impl<T> Log<T> {
    pub(crate) fn len(&self) -> usize {
        self.len.load(Acquire)
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (chunk, offset) = place(index);
        self.chunks[chunk].get()?.get(offset)?.get()
    }

    /// Everything that had been appended when the iteration began, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Appends a value and returns its index.
    pub(crate) fn push(&self, value: T, _turn: &mut Turn) -> usize {
        let index = self.len.load(Relaxed);
        let (chunk, offset) = place(index);
        let slots = self.chunks[chunk]
            .get_or_init(|| (0..FIRST << chunk).map(|_| OnceLock::new()).collect());
        slots[offset].get_or_init(|| value);
        self.len.store(index + 1, Release);
        index
    }
}

/// The chunk that holds an index, and where in it.
#[inline]
fn place(index: usize) -> (usize, usize) {
    let shifted = index.saturating_add(FIRST);
    let chunk = shifted.ilog2() - FIRST.ilog2();
    (chunk as usize, shifted - (FIRST << chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_follow_each_other_without_gaps() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(7), (0, 7));
        assert_eq!(place(8), (1, 0));
        assert_eq!(place(23), (1, 15));
        assert_eq!(place(24), (2, 0));
        assert_eq!(place(usize::MAX).0, CHUNKS - 1);
    }

    #[test]
    fn values_stay_in_the_order_of_their_creation() {
        let log = Log::default();
        let turn = &mut Turn::default();
        for number in 0..1000 {
            assert_eq!(log.push(number, turn), number);
        }
        assert!(log.iter().copied().eq(0..1000));
        assert_eq!(log.get(1000), None);
        assert_eq!(log.get(usize::MAX), None);
    }
}
