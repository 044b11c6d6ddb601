//! An open-addressing table that is only ever added to: finding takes no lock and allocates
//! nothing.

use std::sync::OnceLock;

use crate::input::{Pair, Triple};

/// Keys with what belongs to each.
pub(crate) struct Table<K, V> {
    slots: Box<[OnceLock<(K, V)>]>,
}

/// A key whose texts live as long as the program.
pub(crate) trait Key: Copy {
    fn hash(&self) -> u64;
    fn equals(&self, other: &Self) -> bool;
}

impl<K: Key, V> Table<K, V> {
    /// Room for so many keys, at most two slots in three taken.
    pub(crate) fn new(keys: usize) -> Self {
        let slots = (keys + keys / 2).next_power_of_two();
        Self { slots: (0..slots).map(|_| OnceLock::new()).collect() }
    }

    /// What belongs to a key.
    #[inline(always)]
    pub(crate) fn get(&self, key: &K, new: impl Fn() -> V) -> &V {
        let mask = self.slots.len() - 1;
        // The upper half is the better mixed one.
        let mut position = (key.hash() >> 32) as usize & mask;
        loop {
            // Where two threads add at once, one of them waits; whoever only finds never does.
            let (found, value) = match self.slots[position].get() {
                Some(slot) => slot,
                None => self.slots[position].get_or_init(|| (*key, new())),
            };
            if found.equals(key) {
                return value;
            }
            position = (position + 1) & mask;
        }
    }

    /// All keys with what belongs to them.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &(K, V)> {
        self.slots.iter().filter_map(OnceLock::get)
    }
}

impl Key for &'static str {
    #[inline(always)]
    fn hash(&self) -> u64 {
        let (first, last) = ends(self);
        fold(first ^ SEED, last ^ self.len() as u64 ^ OTHER_SEED)
    }

    #[inline(always)]
    fn equals(&self, other: &Self) -> bool {
        if self.len() != other.len() {
            return false;
        }
        match self.len() {
            // Both ends are all of it.
            0..=16 => ends(self) == ends(other),
            _ => self == other,
        }
    }
}

impl Key for Pair {
    #[inline(always)]
    fn hash(&self) -> u64 {
        fold(self.topic.hash() ^ u64::from(self.partition), SEED)
    }

    #[inline(always)]
    fn equals(&self, other: &Self) -> bool {
        self.partition == other.partition && self.topic.equals(&other.topic)
    }
}

impl Key for Triple {
    #[inline(always)]
    fn hash(&self) -> u64 {
        fold(self.topic.hash() ^ u64::from(self.partition), self.group.hash())
    }

    #[inline(always)]
    fn equals(&self, other: &Self) -> bool {
        self.partition == other.partition
            && self.topic.equals(&other.topic)
            && self.group.equals(&other.group)
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const OTHER_SEED: u64 = 0xd1b5_4a32_d192_ed03;

/// The first and the last eight bytes, which overlap in a text of up to sixteen.
#[inline(always)]
fn ends(text: &str) -> (u64, u64) {
    let bytes = text.as_bytes();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    }
}

/// Both halves of a product, one folded onto the other.
#[inline(always)]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}
