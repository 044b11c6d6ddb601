//! Keeps the number of distinct values of an open label within its limit.

use super::log::Turn;
use super::trie::Trie;
use crate::label::{OVERFLOW, Value};

/// The values of one open label that are kept apart, over all label sets of a component.
pub(crate) struct Limit {
    most: usize,
    admitted: Trie<()>,
}

impl Limit {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, admitted: Trie::default() }
    }

    /// The value itself, or the overflow marker if it is new and there is no room for it.
    pub(crate) fn clamp<'v>(&self, value: Value<'v>) -> Value<'v> {
        if self.admitted.len() < self.most || self.knows(value) {
            value
        } else {
            Value::Text(OVERFLOW)
        }
    }

    /// Takes note of a value that [`clamp`](Self::clamp) let through, in the same turn.
    pub(crate) fn admit(&self, value: Value<'_>, turn: &mut Turn) {
        if value != Value::Text(OVERFLOW) && !self.knows(value) {
            self.admitted.insert([value].into_iter(), (), turn);
        }
    }

    fn knows(&self, value: Value<'_>) -> bool {
        self.admitted.find([value].into_iter()).is_some()
    }
}
