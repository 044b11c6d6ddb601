//! A label value as three words: short enough to hash and compare without a loop.

use crate::label::{EMPTY, Value};

/// What is the same for the same values. For values that are exact the reverse holds
/// too; the others are texts of more than 16 bytes, which have to be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The type and the length.
    tag: u64,
    first: u64,
    last: u64,
}

/// The longest text that fits into two words.
const LONGEST: usize = 16;

const UNSIGNED: u64 = 1 << 62;
const SIGNED: u64 = 2 << 62;
const BOOLEAN: u64 = 3 << 62;

impl Word {
    #[inline(always)]
    pub fn new(value: Value<'_>) -> Self {
        match value {
            Value::Text("") => Self::of_text(EMPTY.as_bytes()),
            Value::Text(text) => Self::of_text(text.as_bytes()),
            Value::Unsigned(number) => Self { tag: UNSIGNED, first: number, last: 0 },
            Value::Signed(number) => Self { tag: SIGNED, first: number.cast_unsigned(), last: 0 },
            Value::Boolean(truth) => Self { tag: BOOLEAN, first: truth.into(), last: 0 },
        }
    }

    #[inline(always)]
    fn of_text(text: &[u8]) -> Self {
        let tag = text.len() as u64;
        if text.len() > LONGEST {
            return Self::of_long_text(text);
        }
        // Two loads that overlap cover any length.
        let (first, last) =
            if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
                (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
            } else {
                let byte = |at: usize| u64::from(text.get(at).copied().unwrap_or_default());
                (byte(0) | byte(1) << 8 | byte(2) << 16, 0)
            };
        Self { tag, first, last }
    }

    #[inline(never)]
    fn of_long_text(text: &[u8]) -> Self {
        let (words, _) = text.as_chunks::<8>();
        let seed = long_seed();
        let first =
            words.iter().fold(seed, |state, word| fold(state ^ u64::from_le_bytes(*word), seed));
        let last = text.last_chunk().copied().map(u64::from_le_bytes).unwrap_or_default();
        Self { tag: text.len() as u64, first, last }
    }

    /// Whether there is no other value with the word of this one.
    #[inline(always)]
    pub(crate) fn is_exact_for(value: Value<'_>) -> bool {
        !matches!(value, Value::Text(text) if text.len() > LONGEST)
    }

    /// Whether values with this word are the same.
    #[inline(always)]
    pub(crate) fn is_exact(self) -> bool {
        self.tag > u64::MAX >> 2 || self.tag <= LONGEST as u64
    }
}

/// A random hash of lists of values.
///
/// Nobody can choose label values that fall onto one another, since the seeds differ in each
/// process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hasher {
    pub(crate) seeds: [u64; 2],
}

impl Hasher {
    #[cfg(not(loom))]
    pub(crate) fn random() -> Self {
        use std::hash::{BuildHasher, RandomState};
        let state = RandomState::new();
        Self { seeds: [state.hash_one(0), state.hash_one(1) | 1] }
    }

    /// A model is the same each time it runs.
    #[cfg(loom)]
    pub(crate) fn random() -> Self {
        Self { seeds: [1, 3] }
    }

    #[inline(always)]
    pub(crate) fn hash(self, words: impl IntoIterator<Item = Word>) -> u64 {
        let [mut state, seed] = self.seeds;
        for Word { tag, first, last } in words {
            state = fold(state ^ first, last.rotate_left(32) ^ tag ^ seed);
        }
        // Some seeds leave the low bits of numbers that follow each other nearly alike.
        fold(state ^ seed, ODD)
    }
}

/// The seed of long texts' words, which are made before anybody asks for their hash.
#[cfg(not(loom))]
fn long_seed() -> u64 {
    static SEED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *SEED.get_or_init(|| {
        let [_, seed] = Hasher::random().seeds;
        seed
    })
}

/// A model is the same each time it runs.
#[cfg(loom)]
fn long_seed() -> u64 {
    ODD
}

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Multiplies to 128 bits and folds the halves together, which spreads every bit of both.
#[inline(always)]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn different_values_have_different_words() {
        let texts: Vec<String> = (0..=LONGEST)
            .flat_map(|length| [b'a', b'b', 0].map(|byte| vec![byte; length]))
            .chain((1..=LONGEST).map(|at| (0..LONGEST).map(|b| b'a' + u8::from(b < at)).collect()))
            .map(|bytes: Vec<u8>| String::from_utf8(bytes).unwrap())
            .filter(|text| !text.is_empty())
            .collect();
        let numbers = [0, 1, u64::MAX];
        let values: Vec<Value<'_>> = texts
            .iter()
            .map(|text| Value::Text(text))
            .chain(numbers.map(Value::Unsigned))
            .chain(numbers.map(|number| Value::Signed(number.cast_signed())))
            .chain([false, true].map(Value::Boolean))
            .collect();
        for (at, one) in values.iter().enumerate() {
            assert!(Word::new(*one).is_exact() && Word::is_exact_for(*one));
            for (other_at, other) in values.iter().enumerate() {
                let same = one == other;
                assert_eq!(Word::new(*one) == Word::new(*other), same, "{at} {other_at}");
            }
        }
    }

    #[test]
    fn long_texts_are_to_be_compared() {
        let (short, long) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        for (text, is_exact) in [(&short, true), (&long, false)] {
            let value = Value::Text(text);
            assert_eq!(Word::new(value).is_exact(), is_exact);
            assert_eq!(Word::is_exact_for(value), is_exact);
        }
    }

    /// Without a seed, a second word that is what is left of the first would cancel it out.
    #[test]
    fn long_texts_that_were_chosen_to_collide_do_not() {
        let chosen = |number: u64| {
            let first = format!("{number:08}");
            let state = first.as_bytes().first_chunk().copied().map(u64::from_le_bytes)?;
            let second = fold(state, ODD).to_le_bytes();
            Some(first + str::from_utf8(&second).ok()? + "the last")
        };
        let texts: Vec<String> = (0..100_000).filter_map(chosen).collect();
        let words: HashSet<u64> =
            texts.iter().map(|text| Word::new(Value::Text(text)).first).collect();
        assert!(words.len() > 100);
        assert_eq!(words.len(), texts.len());
    }

    #[test]
    fn an_empty_text_is_the_empty_marker() {
        assert_eq!(Word::new(Value::Text("")), Word::new(Value::Text("__empty__")));
    }

    /// How many slots of a table a key is compared with on average, if it is half full.
    fn probes(hasher: Hasher, keys: impl Iterator<Item = [Word; 2]>) -> f64 {
        let mut is_taken = [false; 8192];
        let (mut probes, mut number) = (0, 0);
        for key in keys {
            let mut at = hasher.hash(key) as usize % is_taken.len();
            while std::mem::replace(&mut is_taken[at], true) {
                at = (at + 1) % is_taken.len();
                probes += 1;
            }
            number += 1;
        }
        f64::from(probes + number) / f64::from(number)
    }

    /// With random hashes it is 1.5 on average, half a hundredth more or less.
    #[test]
    fn hashes_of_similar_keys_spread_whatever_the_seeds_are() {
        let text = |number: u64| Word::new(Value::Text(&format!("topic-{number}")));
        let number = |number: u64| Word::new(Value::Unsigned(number));
        for _ in 0..200 {
            let hasher = Hasher::random();
            let keys: [&dyn Fn(u64) -> [Word; 2]; 4] = [
                &|key| [text(key / 64), number(key % 64)],
                &|key| [number(key % 64), text(key / 64)],
                &|key| [number(key / 64), number(key % 64)],
                &|key| [number(0), number(key << 50)],
            ];
            for (kind, key) in keys.into_iter().enumerate() {
                let probes = probes(hasher, (0..4096).map(key));
                assert!(probes < 1.8, "{probes} {kind} {:?}", hasher.seeds);
            }
        }
    }
}
