//! Finds a number by a hash, without a lock and without an allocation.
//!
//! Open addressing with linear probing. A slot holds 32 bits of the hash beside the number, so that
//! a reader compares keys only where they are almost surely equal. Readers are in a section;
//! writers take turns. A table that is full is replaced by a larger one and freed later.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::local::Section;
use super::replaceable::Replaceable;
use super::retired::Retired;
use crate::sync::{AtomicU64, AtomicUsize};

/// The smallest table.
const FIRST: usize = if cfg!(loom) { 2 } else { 8 };

/// A slot that was emptied. Searches go on behind it.
const REMOVED: u64 = 1 << 63;

type Table = Box<[AtomicU64]>;

pub(crate) struct Index {
    table: Replaceable<Table>,
    /// Slots that are not empty, and those of them that were not removed; for writers.
    used: AtomicUsize,
    live: AtomicUsize,
}

impl Index {
    pub(crate) fn new() -> Self {
        let (used, live) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { table: Replaceable::new(), used, live }
    }

    /// The numbers that may stand under this hash: almost always the right one alone.
    #[inline(always)]
    pub(crate) fn candidates<'s>(&'s self, hash: u64, section: &'s Section) -> Candidates<'s> {
        let table = self.table.get(section).map(|table| &**table).unwrap_or_default();
        Candidates { table, hash, position: hash as usize }
    }

    /// Adds a number that is not there, taking turns with other writers.
    ///
    /// Returns the table that was outgrown, if one was.
    pub(crate) fn insert(
        &self,
        hash: u64,
        number: u32,
        section: &Section,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<Retired> {
        let used = self.used.load(Relaxed);
        let length = self.table.get(section).map_or(0, |table| table.len());
        let retired = if is_full(used + 1, length) { self.rebuild(section, hash_of) } else { None };
        if let Some(table) = self.table.get(section) {
            place(table, hash, number);
        }
        self.used.store(self.used.load(Relaxed) + 1, Relaxed);
        self.live.store(self.live.load(Relaxed) + 1, Relaxed);
        retired
    }

    /// Removes a number, taking turns with other writers. Who has found it may still hold it.
    pub(crate) fn remove(&self, hash: u64, number: u32, section: &Section) {
        let Some(table) = self.table.get(section) else { return };
        let wanted = slot_of(hash, number);
        if let Some(slot) = probe(table, hash).find(|slot| slot.load(Relaxed) == wanted) {
            slot.store(REMOVED, Release);
            self.live.store(self.live.load(Relaxed) - 1, Relaxed);
        }
    }

    /// Replaces the table by one that has room and no removed slots.
    fn rebuild(&self, section: &Section, hash_of: impl Fn(u32) -> u64) -> Option<Retired> {
        let live = self.live.load(Relaxed);
        let mut length = FIRST;
        // Where removed slots have filled the table, it gets enough room not to be full soon.
        let spare = if self.used.load(Relaxed) > live { live / 2 } else { 0 };
        while is_full(live + spare + 1, length) {
            length *= 2;
        }
        let table: Table = (0..length).map(|_| AtomicU64::new(0)).collect();
        for slot in self.table.get(section).into_iter().flat_map(|table| table.iter()) {
            let number = slot.load(Relaxed) as u32;
            if number != 0 {
                place(&table, hash_of(number - 1), number - 1);
            }
        }
        self.used.store(live, Relaxed);
        self.table.replace(Box::new(table))
    }
}

/// What a search comes across.
pub(crate) struct Candidates<'s> {
    table: &'s [AtomicU64],
    hash: u64,
    position: usize,
}

impl Iterator for Candidates<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        let mask = self.table.len().wrapping_sub(1);
        loop {
            let slot = self.table.get(self.position & mask)?.load(Acquire);
            if slot == 0 {
                return None;
            }
            self.position = self.position.wrapping_add(1);
            if (slot ^ self.hash) >> 32 == 0 && slot as u32 != 0 {
                return Some((slot as u32).wrapping_sub(1));
            }
        }
    }
}

/// Whether so many numbers are too many: at most four fifths of the slots are used, so that every
/// search soon comes to an empty one.
fn is_full(numbers: usize, slots: usize) -> bool {
    numbers * 5 > slots * 4
}

/// What stands in a slot: never zero, which is an empty slot.
fn slot_of(hash: u64, number: u32) -> u64 {
    hash & !u64::from(u32::MAX) | (u64::from(number) + 1)
}

/// The slots in which a hash may stand, up to the first empty one.
fn probe(table: &[AtomicU64], hash: u64) -> impl Iterator<Item = &AtomicU64> {
    let mask = table.len().wrapping_sub(1);
    let slots = (0..table.len())
        .filter_map(move |step| table.get((hash as usize).wrapping_add(step) & mask));
    slots.take_while(|slot| slot.load(Relaxed) != 0)
}

/// Writes a number into the first empty slot for its hash.
fn place(table: &[AtomicU64], hash: u64, number: u32) {
    let mask = table.len().wrapping_sub(1);
    let position = (hash as usize).wrapping_add(probe(table, hash).count()) & mask;
    if let Some(slot) = table.get(position) {
        slot.store(slot_of(hash, number), Release);
    }
}
