//! Finds what belongs to a list of label values, without a lock and without an allocation.
//!
//! A hash trie: two bits of the key's hash choose one of four edges at each level, and an edge is
//! an index into the log that owns the nodes. Edges are set once and never change, so a reader
//! needs no protection; writers take turns.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{
    AtomicUsize,
    Ordering::{Acquire, Release},
};

use super::log::{Log, Turn};
use crate::label::Value;

/// The label values of one series, owned.
pub(crate) type Key = Box<[OwnedValue]>;

#[derive(Debug)]
pub(crate) enum OwnedValue {
    Text(Box<str>),
    Unsigned(u64),
    Signed(i64),
    Boolean(bool),
}

impl OwnedValue {
    pub(crate) fn borrow(&self) -> Value<'_> {
        match self {
            OwnedValue::Text(text) => Value::Text(text),
            OwnedValue::Unsigned(number) => Value::Unsigned(*number),
            OwnedValue::Signed(number) => Value::Signed(*number),
            OwnedValue::Boolean(truth) => Value::Boolean(*truth),
        }
    }
}

impl From<Value<'_>> for OwnedValue {
    fn from(value: Value<'_>) -> Self {
        match value.canonical() {
            Value::Text(text) => OwnedValue::Text(text.into()),
            Value::Unsigned(number) => OwnedValue::Unsigned(number),
            Value::Signed(number) => OwnedValue::Signed(number),
            Value::Boolean(truth) => OwnedValue::Boolean(truth),
        }
    }
}

pub(crate) struct Trie<T> {
    /// Random, so that nobody can choose label values that fall onto one another.
    seed: u64,
    roots: Edges,
    nodes: Log<Node<T>>,
}

struct Node<T> {
    hash: u64,
    key: Key,
    value: T,
    edges: Edges,
}

/// Each edge holds the index of a node plus one, or zero.
type Edges = [AtomicUsize; 4];

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self {
            seed: RandomState::new().hash_one(0),
            roots: Edges::default(),
            nodes: Log::default(),
        }
    }
}

impl<T> Trie<T> {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The value that was inserted first.
    #[inline]
    pub(crate) fn first(&self) -> Option<&T> {
        self.nodes.get(0).map(|node| &node.value)
    }

    /// Every key with its value, in the order of creation.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[OwnedValue], &T)> {
        self.nodes.iter().map(|node| (&*node.key, &node.value))
    }

    pub(crate) fn find<'v>(&self, key: impl Iterator<Item = Value<'v>> + Clone) -> Option<&T> {
        let hash = hash(self.seed, key.clone());
        let (mut edges, mut path) = (&self.roots, hash);
        loop {
            let index = edges[(path & 3) as usize].load(Acquire).checked_sub(1)?;
            let node = self.nodes.get(index)?;
            if node.hash == hash && holds(&node.key, key.clone()) {
                return Some(&node.value);
            }
            (edges, path) = (&node.edges, path >> 2);
        }
    }

    /// Adds a key that [`find`](Self::find) does not know, in the same turn.
    pub(crate) fn insert<'v>(
        &self,
        key: impl Iterator<Item = Value<'v>> + Clone,
        value: T,
        turn: &mut Turn,
    ) {
        let hash = hash(self.seed, key.clone());
        let node =
            Node { hash, key: key.map(OwnedValue::from).collect(), value, edges: Edges::default() };
        let edge = self.free_edge(hash);
        let index = self.nodes.push(node, turn);
        edge.store(index + 1, Release);
    }

    /// Where a new node with this hash hangs.
    fn free_edge(&self, mut path: u64) -> &AtomicUsize {
        let mut edges = &self.roots;
        loop {
            let edge = &edges[(path & 3) as usize];
            match edge.load(Acquire).checked_sub(1).and_then(|index| self.nodes.get(index)) {
                Some(node) => (edges, path) = (&node.edges, path >> 2),
                None => return edge,
            }
        }
    }
}

fn holds<'v>(key: &[OwnedValue], mut values: impl Iterator<Item = Value<'v>>) -> bool {
    let mut own = key.iter().map(OwnedValue::borrow);
    values.all(|value| own.next() == Some(value.canonical())) && own.next().is_none()
}

/// Folds the values into 64 well-mixed bits, eight bytes at a time.
fn hash<'v>(seed: u64, key: impl Iterator<Item = Value<'v>>) -> u64 {
    key.fold(seed, |state, value| match value.canonical() {
        Value::Text(text) => {
            let (words, rest) = text.as_bytes().as_chunks::<8>();
            let state =
                words.iter().fold(state, |state, word| fold(state, u64::from_le_bytes(*word)));
            let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            // The length tells "a" from "a\0", and the end of one value from the next.
            fold(fold(state, rest), text.len() as u64)
        }
        Value::Unsigned(number) => fold(state, number),
        Value::Signed(number) => fold(state, number.cast_unsigned()),
        Value::Boolean(truth) => fold(state, u64::from(truth)),
    })
}

/// Multiplies to 128 bits and folds the halves together, which spreads every bit of the input.
fn fold(state: u64, word: u64) -> u64 {
    const ODD: u128 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(state ^ word) * ODD;
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_no_other() {
        let trie = Trie::default();
        let turn = &mut Turn::default();
        let texts: Vec<String> = (0..5000).map(|number| format!("topic-{number}")).collect();
        for (index, text) in texts.iter().enumerate() {
            let key = [Value::Text(text), Value::Unsigned(index as u64 % 7)].into_iter();
            assert_eq!(trie.find(key.clone()), None);
            trie.insert(key, index, turn);
        }
        for (index, text) in texts.iter().enumerate() {
            let partition = index as u64 % 7;
            let find = |partition| trie.find([Value::Text(text), partition].into_iter());
            assert_eq!(find(Value::Unsigned(partition)), Some(&index));
            assert_eq!(find(Value::Unsigned(partition + 1)), None);
            assert_eq!(find(Value::Signed(partition.cast_signed())), None);
        }
        assert_eq!(trie.len(), 5000);
    }

    #[test]
    fn keys_with_one_hash_stay_apart() {
        // A zero state stays zero for a zero word, so these three keys cannot be told by hash.
        let trie = Trie { seed: 0, ..Trie::default() };
        let turn = &mut Turn::default();
        let key = |count| [Value::Unsigned(0); 3].into_iter().take(count);
        for count in 1..=3 {
            trie.insert(key(count), count, turn);
        }
        for count in 1..=3 {
            assert_eq!(trie.find(key(count)), Some(&count));
        }
    }

    #[test]
    fn an_empty_text_is_the_empty_marker() {
        let trie = Trie::default();
        trie.insert([Value::Text("")].into_iter(), (), &mut Turn::default());
        assert!(trie.find([Value::Text("__empty__")].into_iter()).is_some());
        assert!(trie.find([Value::Text("")].into_iter()).is_some());
    }
}
