//! The values of one open label: each stored and rendered once, however many series carry it.

use std::sync::atomic::Ordering::Relaxed;

use super::exposition::{Fragment, encoded};
use super::memory::{Directory, Index, Retired, Section};
use super::word::{Hasher, Word};
use crate::label::Value;
use crate::sync::AtomicUsize;

/// A label value, owned.
#[derive(Clone, Debug, PartialEq)]
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

/// A value as it is kept.
pub(crate) struct Interned {
    pub(crate) word: Word,
    pub(crate) value: OwnedValue,
    /// `topic="orders"` as it stands in a text exposition.
    pub(crate) rendered: Fragment,
    /// The same for protobuf.
    pub(crate) encoded: Box<[u8]>,
}

impl Interned {
    #[inline(always)]
    pub(crate) fn is(&self, value: Value<'_>) -> bool {
        let word = Word::new(value);
        self.word == word && (word.is_exact() || self.value.borrow() == value)
    }
}

/// All values that an open label of a component has.
pub(crate) struct Values {
    pub(crate) name: &'static str,
    most: usize,
    hasher: Hasher,
    index: Index,
    list: Directory<Interned>,
    /// How many count against the limit.
    counted: AtomicUsize,
}

/// What writers of values keep, taking turns.
#[derive(Default)]
pub(crate) struct ValuesTurn {
    /// How many entries carry each value.
    uses: Vec<u32>,
    free: Vec<u32>,
}

impl Values {
    pub(crate) fn new(name: &'static str, most: usize, hasher: Hasher) -> Self {
        let (index, list, counted) = (Index::new(), Directory::new(), AtomicUsize::new(0));
        Self { name, most, hasher, index, list, counted }
    }

    /// The value of a number that stands in an entry.
    #[inline(always)]
    pub(crate) fn get<'s>(&'s self, number: u32, _: &'s Section) -> Option<&'s Interned> {
        self.list.get(number as usize)
    }

    fn find(&self, value: Value<'_>, section: &Section) -> Option<u32> {
        self.index
            .candidates(self.hash(Word::new(value)), section)
            .find(|number| self.get(*number, section).is_some_and(|interned| interned.is(value)))
    }

    fn hash(&self, word: Word) -> u64 {
        self.hasher.hash([word])
    }

    /// The value itself, or the overflow marker if it is new and there is no room for it.
    pub(crate) fn clamp<'v>(&self, value: Value<'v>, section: &Section) -> Value<'v> {
        let fits = !self.is_full() || self.find(value, section).is_some();
        if fits { value.canonical() } else { Value::OVERFLOW }
    }

    /// Whether there is no room for a new value.
    pub(crate) fn is_full(&self) -> bool {
        self.counted.load(Relaxed) >= self.most
    }

    /// The number of a value that is going to stand in one entry more.
    pub(crate) fn take(
        &self,
        value: Value<'_>,
        turn: &mut ValuesTurn,
        kept: &mut Vec<Retired>,
        section: &Section,
    ) -> u32 {
        if let Some(number) = self.find(value, section) {
            turn.uses[number as usize] += 1;
            return number;
        }
        let number = turn.free.pop().unwrap_or_else(|| {
            turn.uses.push(0);
            turn.uses.len() as u32 - 1
        });
        turn.uses[number as usize] = 1;
        let owned = OwnedValue::from(value);
        let rendered = Fragment::label(self.name, owned.borrow());
        let word = Word::new(value);
        let encoded = encoded(self.name, owned.borrow());
        let interned = Interned { word, value: owned, rendered, encoded };
        self.list.put(number as usize, Box::new(interned));
        let hash_of =
            |number| self.get(number, section).map_or(0, |interned| self.hash(interned.word));
        kept.extend(self.index.insert(self.hash(word), number, section, hash_of));
        if value.canonical() != Value::OVERFLOW {
            self.counted.store(self.counted.load(Relaxed) + 1, Relaxed);
        }
        number
    }

    /// Gives a value back that stands in one entry less.
    pub(crate) fn give_back(
        &self,
        number: u32,
        turn: &mut ValuesTurn,
        kept: &mut Vec<Retired>,
        section: &Section,
    ) {
        turn.uses[number as usize] -= 1;
        if turn.uses[number as usize] > 0 {
            return;
        }
        if let Some(interned) = self.get(number, section) {
            self.index.remove(self.hash(interned.word), number, section);
            if interned.value.borrow() != Value::OVERFLOW {
                self.counted.store(self.counted.load(Relaxed) - 1, Relaxed);
            }
        }
        kept.extend(self.list.take(number as usize));
        turn.free.push(number);
    }
}
