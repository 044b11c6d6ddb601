//! Which cells belong to whom: ranges of cell numbers, handed out in whole chunks.

use std::collections::BTreeMap;
use std::ops::Range;

use super::chunk::{CHUNK, CellId};
use super::local::threads;
use crate::sync::{Mutex, lock};

/// The numbers that have never been given out, and those that came back.
struct Free {
    next: CellId,
    /// Starts of free ranges, by their length.
    ranges: BTreeMap<CellId, Vec<CellId>>,
}

#[cfg(not(loom))]
static FREE: Mutex<Free> = Mutex::new(Free::new());
#[cfg(loom)]
loom::lazy_static! { static ref FREE: Mutex<Free> = Mutex::new(Free::new()); }

impl Free {
    const fn new() -> Self {
        Self { next: 0, ranges: BTreeMap::new() }
    }
}

/// A range of cells that nobody else uses and that are zero.
///
/// It is given back when it is dropped, after which nobody may write to it.
#[derive(Debug)]
pub(crate) struct Cells(Range<CellId>);

impl Cells {
    /// At least so many cells; none when the numbers have run out.
    pub(crate) fn new(cells: usize) -> Option<Self> {
        let length = CellId::try_from(cells.checked_next_multiple_of(CHUNK)?).ok()?;
        let mut free = lock(&FREE);
        let start = match free.ranges.get_mut(&length).and_then(Vec::pop) {
            Some(start) => start,
            None => {
                let start = free.next;
                free.next = start.checked_add(length)?;
                start
            }
        };
        Some(Self(start..start + length))
    }

    /// The number of the first cell.
    pub(crate) fn first(&self) -> CellId {
        self.0.start
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        let Range { start, end } = self.0.clone();
        if start < end {
            threads().clear(start..end);
            lock(&FREE).ranges.entry(end - start).or_default().push(start);
        }
    }
}
