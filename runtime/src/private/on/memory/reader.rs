//! A scrape's view of the cells: what all threads have recorded, added up.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use super::chunk::{CHUNK, CellId, Chunk, chunk_of};
use super::local::threads;
use crate::sync::AtomicU64;

/// Reads cells, and remembers who has the chunk that it read last.
#[derive(Default)]
pub(crate) struct Reader {
    chunk: Option<usize>,
    chunks: Vec<&'static Chunk>,
}

impl Reader {
    /// The sum of everybody's integers. It never falls while the series lives, since every part of
    /// it only rises.
    #[inline]
    pub(crate) fn integer(&mut self, id: CellId) -> u64 {
        let chunks = self.chunks(chunk_of(id));
        chunks.iter().fold(0, |sum, chunk| chunk.cell(id).load(Relaxed).wrapping_add(sum))
    }

    /// The sum of everybody's floats. Rounding is monotonic, so it never falls either.
    #[inline]
    pub(crate) fn float(&mut self, id: CellId) -> f64 {
        let chunks = self.chunks(chunk_of(id));
        chunks.iter().fold(0.0, |sum, chunk| sum + f64::from_bits(chunk.cell(id).load(Relaxed)))
    }

    /// The [integers](Self::integer) of many cells at regular distances, into memory from before.
    ///
    /// They are read close together, so that the processor waits for many of them at once.
    pub(crate) fn integers(first: CellId, distance: CellId, sums: &mut [u64]) {
        sums.fill(0);
        let (mut rest, mut id) = (sums, first as usize);
        let distance = distance as usize;
        while !rest.is_empty() {
            let place = id % CHUNK;
            let number = (CHUNK - place).div_ceil(distance).min(rest.len());
            let (here, others) = rest.split_at_mut(number);
            let add = |(sum, cell): (&mut u64, &AtomicU64)| {
                *sum = cell.load(Relaxed).wrapping_add(*sum);
            };
            for chunk in threads().chunks(id / CHUNK) {
                let cells = chunk.cells_from(place);
                match distance {
                    1 => here.iter_mut().zip(cells).for_each(add),
                    _ => here.iter_mut().zip(cells.step_by(distance)).for_each(add),
                }
            }
            id += number * distance;
            rest = others;
        }
    }

    /// The cells of a range that anybody has written to, with the sum of their bits as integers.
    pub(crate) fn nonzero(&mut self, ids: Range<CellId>) -> impl Iterator<Item = (CellId, u64)> {
        let mut id = ids.start;
        std::iter::from_fn(move || {
            while id < ids.end {
                let now = id;
                // Where nobody has a chunk, all of it is passed over.
                let next_chunk = (chunk_of(now) + 1) * CHUNK;
                let untouched = self.chunks(chunk_of(now)).is_empty();
                id = if untouched { next_chunk as CellId } else { now + 1 };
                let number = if untouched { 0 } else { self.integer(now) };
                if number > 0 {
                    return Some((now, number));
                }
            }
            None
        })
    }

    /// The chunks of that number, of every thread that has one.
    #[inline]
    fn chunks(&mut self, chunk: usize) -> &[&'static Chunk] {
        if self.chunk != Some(chunk) {
            self.chunk = Some(chunk);
            self.chunks.clear();
            self.chunks.extend(threads().chunks(chunk));
        }
        &self.chunks
    }
}
