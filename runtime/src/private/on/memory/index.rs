//! Finds a number by a hash, without a lock and without an allocation.
//!
//! Open addressing with linear probing. A slot holds a number and as many bits of its hash as there
//! is room for, so that a reader compares keys only where they are probably equal. Readers are in a
//! section; writers take turns. A table that is full is replaced by a larger one and freed later.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::local::Section;
use super::replaceable::Replaceable;
use super::retired::Retired;
use crate::sync::{AtomicU32, AtomicUsize};

/// The smallest table.
const FIRST: usize = if cfg!(loom) { 2 } else { 8 };

/// A slot that was emptied, and so has no number. Searches go on behind it.
const REMOVED: u32 = 1 << 31;

pub(crate) struct Index {
    table: Replaceable<Table>,
    /// Slots that are not empty, and those of them that were not removed; for writers.
    used: AtomicUsize,
    live: AtomicUsize,
}

struct Table {
    slots: Box<[AtomicU32]>,
    /// Numbers are smaller than this, which is one less than a power of two.
    end: u32,
}

impl Index {
    /// Every number is smaller than this.
    pub(crate) const END: u32 = REMOVED - 1;

    pub(crate) fn new() -> Self {
        let (used, live) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { table: Replaceable::new(), used, live }
    }

    /// The numbers that may stand under this hash: in most cases the right one alone.
    #[inline(always)]
    pub(crate) fn candidates<'s>(&'s self, hash: u64, section: &'s Section) -> Candidates<'s> {
        let (slots, end) = match self.table.get(section) {
            Some(table) => (&*table.slots, table.end),
            None => (&[][..], 0),
        };
        Candidates { slots, end, part: part(hash, end), position: hash as usize }
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
        let has_room = |table: &Table| number < table.end && !is_full(used + 1, table.slots.len());
        let retired = match self.table.get(section) {
            Some(table) if has_room(table) => None,
            _ => self.rebuild(number, section, hash_of),
        };
        if let Some(table) = self.table.get(section) {
            table.place(hash, number);
        }
        self.used.store(self.used.load(Relaxed) + 1, Relaxed);
        self.live.store(self.live.load(Relaxed) + 1, Relaxed);
        retired
    }

    /// Removes a number, taking turns with other writers. Who has found it may still hold it.
    pub(crate) fn remove(&self, hash: u64, number: u32, section: &Section) {
        let Some(table) = self.table.get(section) else { return };
        let wanted = table.slot_of(hash, number);
        if let Some(slot) = table.probe(hash).find(|slot| slot.load(Relaxed) == wanted) {
            slot.store(REMOVED, Release);
            self.live.store(self.live.load(Relaxed) - 1, Relaxed);
        }
    }

    /// Replaces the table by one that has room, also for this number, and no removed slots.
    fn rebuild(
        &self,
        number: u32,
        section: &Section,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<Retired> {
        let live = self.live.load(Relaxed);
        let mut length = FIRST;
        // Where removed slots have filled the table, it gets enough room not to be full soon.
        let spare = if self.used.load(Relaxed) > live { live / 2 } else { 0 };
        while is_full(live + spare + 1, length) {
            length *= 2;
        }
        let numbers = || self.table.get(section).into_iter().flat_map(Table::numbers);
        // Numbers are given out one after the other, so there are not many larger ones than slots.
        let largest = numbers().fold(number.max(length as u32), u32::max).min(Self::END - 1);
        let table = Table {
            slots: (0..length).map(|_| AtomicU32::new(0)).collect(),
            end: (largest + 2).next_power_of_two() - 1,
        };
        numbers().for_each(|number| table.place(hash_of(number), number));
        self.used.store(live, Relaxed);
        self.table.replace(Box::new(table))
    }
}

/// What a search comes across.
pub(crate) struct Candidates<'s> {
    slots: &'s [AtomicU32],
    end: u32,
    part: u32,
    position: usize,
}

impl Iterator for Candidates<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        loop {
            let slot = self.slots.get(self.position & mask)?.load(Acquire);
            if slot == 0 {
                return None;
            }
            self.position = self.position.wrapping_add(1);
            // A number only if the part of the hash is the same, and not of a removed slot.
            let number = (slot ^ self.part).wrapping_sub(1);
            if number < self.end {
                return Some(number);
            }
        }
    }
}

impl Table {
    /// What stands in a slot: never zero, which is an empty slot.
    fn slot_of(&self, hash: u64, number: u32) -> u32 {
        part(hash, self.end) | (number + 1)
    }

    /// The slots in which a hash may stand, up to the first empty one.
    fn probe(&self, hash: u64) -> impl Iterator<Item = &AtomicU32> {
        let mask = self.slots.len().wrapping_sub(1);
        let slots = (0..self.slots.len())
            .filter_map(move |step| self.slots.get((hash as usize).wrapping_add(step) & mask));
        slots.take_while(|slot| slot.load(Relaxed) != 0)
    }

    /// Writes a number into the first empty slot for its hash.
    fn place(&self, hash: u64, number: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let position = (hash as usize).wrapping_add(self.probe(hash).count()) & mask;
        if let Some(slot) = self.slots.get(position) {
            slot.store(self.slot_of(hash, number), Release);
        }
    }

    /// All numbers in it.
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let slots = self.slots.iter().map(|slot| slot.load(Relaxed) & self.end);
        slots.filter_map(|number| number.checked_sub(1))
    }
}

/// The bits of a hash that a slot has room for.
#[inline(always)]
fn part(hash: u64, end: u32) -> u32 {
    (hash >> 32) as u32 & !end
}

/// Whether so many numbers are too many: at most four fifths of the slots are used, so that every
/// search soon comes to an empty one.
fn is_full(numbers: usize, slots: usize) -> bool {
    numbers * 5 > slots * 4
}
