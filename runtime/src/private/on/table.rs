//! All entries of one label set, found by the values of its open labels.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::time::Instant;

use super::layout::{Column, Layout};
use super::memory::{CellId, Directory, Index, Section};
use super::page::{Entry, Page, Place, state};
use super::store::{Store, Turn};
use super::value::{Interned, Values};
use super::word::{Hasher, Word};
use crate::label::{LabelSet, OpenValues, Value};
use crate::sync::AtomicBool;

pub(crate) struct Table {
    pub(crate) set: usize,
    pub(crate) layout: Layout,
    pub(crate) pages: Directory<Page>,
    /// The values of its open labels.
    pub(crate) open: Box<[Arc<Values>]>,
    /// Whether some entries may be hidden and not gone yet.
    pub(super) is_leaving: AtomicBool,
    hasher: Hasher,
    index: Index,
}

/// The open label values of an entry, in the order of its labels.
pub(super) trait Key<'v>: Iterator<Item = Value<'v>> + Clone {}

impl<'v, I: Iterator<Item = Value<'v>> + Clone> Key<'v> for I {}

/// Whether a key stands for others, which were past the limit of one of its labels.
pub(super) fn is_overflow<'v>(mut key: impl Key<'v>) -> bool {
    key.any(|value| value == Value::OVERFLOW)
}

/// What writers of a table keep, taking turns.
#[derive(Default)]
pub(super) struct TableTurn {
    /// How many entries there have ever been at once, and which of them can be used again.
    pub(super) entries: u32,
    free: Vec<u32>,
    /// Hidden entries that go if nobody uses them.
    pub(super) leaving: Vec<u32>,
    /// Removed entries that a handle still has.
    pub(super) pinned: Vec<u32>,
    /// When each entry was last seen to change, if that matters; none if it was not seen yet.
    pub(super) watched: Vec<Option<Watched>>,
}

/// An entry as it was when it was last looked at.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    pub(super) total: u64,
    pub(super) since: Instant,
}

impl TableTurn {
    /// The hidden entry of a key, about which nobody decides any more but the caller.
    pub(super) fn stop_leaving<'v>(
        &mut self,
        table: &Table,
        key: impl Key<'v>,
        section: &Section,
    ) -> Option<u32> {
        let is_right = |entry: &u32| table.has_key(*entry, key.clone(), section);
        let at = self.leaving.iter().position(is_right)?;
        Some(self.leaving.swap_remove(at))
    }
}

impl Table {
    pub(super) fn new(
        set: usize,
        layout: Layout,
        fixed: CellId,
        values: &[Arc<Values>],
        hasher: Hasher,
    ) -> Self {
        let pages = Directory::new();
        if layout.open.is_empty() {
            pages.put(0, Box::new(Page::fixed(&layout, fixed)));
        }
        let open = layout.open.iter().filter_map(|label| values.get(*label).cloned()).collect();
        let (is_leaving, index) = (AtomicBool::new(false), Index::new());
        Self { set, layout, pages, open, is_leaving, hasher, index }
    }

    /// What is known of an entry.
    #[inline(always)]
    pub(crate) fn entry(&self, number: u32) -> Option<Entry<'_>> {
        let (page, at) = self.layout.page_of(number);
        self.pages.get(page)?.entry(&self.layout, at)
    }

    /// One series of an entry.
    #[inline(always)]
    pub(crate) fn place<'a>(
        &'a self,
        column: &'a Column,
        entry: u32,
        combination: usize,
    ) -> Option<Place<'a>> {
        self.entry(entry)?.place(column, combination)
    }

    /// The entry of these labels.
    #[inline(always)]
    pub(super) fn find_labels<L: LabelSet>(
        &self,
        labels: &L,
        section: &Section,
    ) -> Option<(u32, Entry<'_>)> {
        let open = labels.open();
        if !open.as_ref().iter().all(|value| Word::is_exact_for(*value)) {
            return self.find_long_labels(labels, section);
        }
        self.find_words(open.words().as_ref(), section, |_| true)
    }

    /// The same where a text is too long for words to tell: its letters are compared too.
    #[inline(never)]
    fn find_long_labels<L: LabelSet>(
        &self,
        labels: &L,
        section: &Section,
    ) -> Option<(u32, Entry<'_>)> {
        let open = labels.open();
        let values = || open.as_ref().iter().map(|value| value.canonical());
        self.find_words(open.words().as_ref(), section, |entry| {
            self.key(entry, section).zip(values()).all(|(one, other)| one == other)
        })
    }

    /// The entry whose labels have these words and that is the right one.
    #[inline(always)]
    fn find_words(
        &self,
        words: &[Word],
        section: &Section,
        is_right: impl Fn(u32) -> bool,
    ) -> Option<(u32, Entry<'_>)> {
        let open = (self.open.len() == words.len()).then_some(&*self.open)?;
        let hash = self.hasher.hash(words.iter().copied());
        for number in self.index.candidates(hash, section) {
            let entry = self.entry(number)?;
            let numbers = entry.first_values(words.len());
            let mut labels = open.iter().zip(numbers).zip(words);
            let has_words = numbers.len() == words.len()
                && labels.all(|((values, number), word)| {
                    let interned = values.get(number.load(Relaxed), section);
                    interned.is_some_and(|interned| interned.word == *word)
                });
            if has_words && is_right(number) {
                return Some((number, entry));
            }
        }
        None
    }

    /// The entry of these open label values.
    pub(super) fn find<'v>(&self, key: impl Key<'v>, section: &Section) -> Option<u32> {
        let hash = self.hasher.hash(key.clone().map(Word::new));
        self.index
            .candidates(hash, section)
            .find(|entry| self.has_key(*entry, key.clone(), section))
    }

    fn has_key<'v>(
        &self,
        entry: u32,
        mut key: impl Iterator<Item = Value<'v>>,
        section: &Section,
    ) -> bool {
        self.interned(entry, section)
            .all(|interned| key.next().is_some_and(|value| interned.is(value)))
    }

    /// The values of an entry that is not being changed, in the order of its open labels.
    pub(super) fn key<'s>(&'s self, entry: u32, section: &'s Section) -> impl Key<'s> {
        self.interned(entry, section).map(|interned| interned.value.borrow())
    }

    /// The same as they are kept.
    fn interned<'s>(
        &'s self,
        entry: u32,
        section: &'s Section,
    ) -> impl Iterator<Item = &'s Interned> + Clone {
        let numbers = self.entry(entry).map(Entry::values).unwrap_or_default();
        let values = self.open.iter().zip(numbers);
        values.filter_map(|(values, number)| values.get(number.load(Relaxed), section))
    }

    fn hash_of(&self, entry: u32, section: &Section) -> u64 {
        self.hasher.hash(self.interned(entry, section).map(|interned| interned.word))
    }

    /// The entry of a key that is just leaving: whoever records into it keeps it from going.
    pub(super) fn keep_leaving<'v>(
        &self,
        key: impl Key<'v>,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        let entry = turn.table(self).stop_leaving(self, key, section)?;
        self.show(entry, turn, section);
        Some(entry)
    }

    /// Makes the entry of values that it does not have; none if there are no numbers left.
    pub(super) fn insert<'v>(
        &self,
        store: &Store,
        key: impl Key<'v>,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        if let Some(entry) = self.keep_leaving(key.clone(), turn, section) {
            return Some(entry);
        }
        let epoch = turn.epoch;
        let own = turn.table(self);
        let entry = match own.free.pop() {
            Some(entry) => entry,
            None => {
                let entry = Some(own.entries).filter(|entry| *entry < Index::END)?;
                let (number, _) = self.layout.page_of(entry);
                if self.pages.get(number).is_none() {
                    self.pages.put(number, Box::new(Page::new(&self.layout)?));
                }
                own.entries += 1;
                entry
            }
        };
        let found = self.entry(entry)?;
        let is_overflow = is_overflow(key.clone());
        let labels = self.layout.open.iter().zip(&self.open).zip(found.values());
        for (((label, values), number), value) in labels.zip(key.clone()) {
            let taken = values.take(value, turn.values.get_mut(*label)?, &mut turn.kept, section);
            number.store(taken, Relaxed);
        }
        if is_overflow {
            found.states().iter().for_each(|state| state.store(state::OVERFLOW, Relaxed));
        } else {
            let columns = store.columns_of(self);
            for column in columns.filter(|column| !column.is_limited()) {
                self.initialise(column, found);
            }
        }
        found.birth().store(epoch, Release);
        self.show(entry, turn, section);
        Some(entry)
    }

    /// Exposes all series of a metric in an entry, if the metric is one that begins at zero.
    pub(super) fn initialise(&self, column: &Column, entry: Entry<'_>) {
        if self.layout.initialises(column.metric) {
            for combination in 0..self.layout.combinations {
                if let Some(place) = entry.place(column, combination) {
                    place.state.store(state::LIVE, Release);
                }
            }
        }
    }

    /// Makes an entry unfindable. Whoever has found it may still be recording.
    pub(super) fn hide(&self, entry: u32, section: &Section) {
        self.index.remove(self.hash_of(entry, section), entry, section);
    }

    /// Makes a hidden entry findable again.
    pub(super) fn show(&self, entry: u32, turn: &mut Turn, section: &Section) {
        let hash_of = |entry| self.hash_of(entry, section);
        turn.kept.extend(self.index.insert(hash_of(entry), entry, section, hash_of));
    }

    /// Takes a hidden entry out of every scrape, and tells the handles that have it.
    pub(super) fn remove(&self, store: &Store, entry: u32, turn: &mut Turn) {
        let Some(found) = self.entry(entry) else { return };
        turn.begin_removal();
        found.birth().store(0, Release);
        for column in store.columns_of(self) {
            let series = (0..self.layout.combinations)
                .filter_map(|combination| found.place(column, combination));
            let counted = series.fold(false, |counted, place| {
                let before = place.state.swap(state::REMOVED, Relaxed);
                counted || before == state::LIVE || before == state::QUIET
            });
            if column.is_limited() && counted {
                column.admitted.fetch_sub(1, Relaxed);
            }
        }
    }

    /// Makes an entry that nobody can be recording into available again.
    pub(super) fn recycle(&self, store: &Store, entry: u32, turn: &mut Turn, section: &Section) {
        let Some(found) = self.entry(entry) else { return };
        let labels = self.layout.open.iter().zip(&self.open).zip(found.values());
        for ((label, values), number) in labels {
            if let Some(own) = turn.values.get_mut(*label) {
                values.give_back(number.load(Relaxed), own, &mut turn.kept, section);
            }
        }
        let first = found.cells();
        store.exemplars.forget(first..first + self.layout.entry_cells as CellId);
        found.clear();
        let own = turn.table(self);
        if let Some(watched) = own.watched.get_mut(entry as usize) {
            // What was seen of it says nothing about who comes next.
            *watched = None;
        }
        own.free.push(entry);
    }
}
