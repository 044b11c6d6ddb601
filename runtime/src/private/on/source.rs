//! Where a handle has its series from: its labels, or a series that was resolved before.

use std::sync::atomic::Ordering::{Relaxed, Release};

use super::layout::Column;
use super::memory::{CellId, add, section, swift_section};
use super::operation::{Operation, Write};
use super::page::{Place, state};
use super::store::Store;
use crate::descriptor::Reason;
use crate::label::{LabelSet, Slot};
use crate::sync::fence;

/// A way to one series.
pub trait Source<'a>: Copy {
    /// Adds to the cells of a counter or a histogram.
    fn add(self, operation: impl Operation);

    /// Writes to the number that a gauge shares among all threads.
    fn set(self, write: impl Write);

    /// Looks at the series, if there is one.
    fn look<R>(self, look: impl FnOnce(Place<'_>) -> R) -> Option<R>;

    /// The store that the series belongs to.
    fn store(self) -> Option<&'a Store>;

    /// Keeps the series for a timer, or nothing if the histogram does not take its observation.
    fn keep(self) -> Kept<'a>;
}

/// Finds the series of its labels each time it is used.
#[derive(Clone, Copy, Debug)]
pub struct Direct<'a, L> {
    pub(super) store: &'a Store,
    pub(super) slot: Slot,
    pub(super) labels: L,
}

impl<'a, L: LabelSet> Direct<'a, L> {
    /// One function for a label set and what is done: it would be long at each call.
    #[inline]
    fn add_open(store: &Store, column: &Column, labels: &L, operation: impl Operation) {
        if !store.straight(column, labels, |place| _ = operation.run(column, place.cell)) {
            add_slowly(store, column, labels, operation);
        }
    }

    #[inline]
    fn set_open(store: &Store, column: &Column, labels: &L, write: impl Write) {
        if !store.straight(column, labels, |place| write.run(place.gauge)) {
            set_slowly(store, column, labels, write);
        }
    }
}

// What is rare takes the operation by value, so that what is frequent keeps it in registers.

#[cold]
#[inline(never)]
fn add_slowly(store: &Store, column: &Column, labels: &impl LabelSet, operation: impl Operation) {
    let (open, combination, times) = (labels.open(), labels.closed(), operation.times(column));
    store.slowly(column, open.as_ref(), combination, times, &mut |place| {
        operation.run(column, place.cell);
    });
}

#[cold]
#[inline(never)]
fn set_slowly(store: &Store, column: &Column, labels: &impl LabelSet, write: impl Write) {
    let (open, combination) = (labels.open(), labels.closed());
    store.slowly(column, open.as_ref(), combination, 1, &mut |place| write.run(place.gauge));
}

#[cold]
#[inline(never)]
fn add_slowly_pinned(
    store: &Store,
    column: &Column,
    entry: u32,
    combination: usize,
    operation: impl Operation,
) {
    let times = operation.times(column);
    store.slowly_pinned(column, entry, combination, times, &mut |place| {
        operation.run(column, place.cell);
    });
}

#[cold]
#[inline(never)]
fn set_slowly_pinned(
    store: &Store,
    column: &Column,
    entry: u32,
    combination: usize,
    write: impl Write,
) {
    store.slowly_pinned(column, entry, combination, 1, &mut |place| write.run(place.gauge));
}

impl<'a, L: LabelSet> Source<'a> for Direct<'a, L> {
    #[inline(always)]
    fn add(self, operation: impl Operation) {
        let Self { store, slot, labels } = self;
        let Some(column) = store.column(slot) else { return };
        let Some(operation) = operation.chosen_for(column) else { return };
        if labels.open().as_ref().is_empty() {
            let cell = column.fixed + labels.closed() as CellId * column.stride;
            operation.run(column, cell);
        } else {
            Self::add_open(store, column, &labels, operation);
        }
    }

    #[inline(always)]
    fn set(self, write: impl Write) {
        let Self { store, slot, labels } = self;
        let Some(column) = store.column(slot) else { return };
        if labels.open().as_ref().is_empty() {
            Pinned::new(store, column, 0, labels.closed()).set(write);
        } else {
            Self::set_open(store, column, &labels, write);
        }
    }

    fn look<R>(self, look: impl FnOnce(Place<'_>) -> R) -> Option<R> {
        let Self { store, slot, labels } = self;
        let column = store.column(slot)?;
        let table = store.tables.get(column.set)?;
        section(|section| {
            let entry = match labels.open().as_ref() {
                [] => 0,
                open => table.find(open.iter().copied(), section)?,
            };
            table.place(column, entry, labels.closed()).map(look)
        })
    }

    #[inline(always)]
    fn store(self) -> Option<&'a Store> {
        Some(self.store)
    }

    #[inline(always)]
    fn keep(self) -> Kept<'a> {
        let Self { store, slot, labels } = self;
        let Some(column) = store.column(slot) else { return Kept::NOTHING };
        if !column.takes_next() {
            return Kept::NOTHING;
        }
        if labels.open().as_ref().is_empty() {
            Kept { series: Pinned::new(store, column, 0, labels.closed()), timers: None }
        } else {
            store.keep(column, &labels)
        }
    }
}

/// A series that was resolved before, and that is kept as long as its handle.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a>(Option<Resolved<'a>>);

#[derive(Clone, Copy, Debug)]
struct Resolved<'a> {
    place: Place<'a>,
    store: &'a Store,
    entry: u32,
    combination: usize,
}

impl<'a> Pinned<'a> {
    /// A handle that drops what it is given.
    pub(super) const NOTHING: Self = Self(None);

    #[inline(always)]
    pub(super) fn new(
        store: &'a Store,
        column: &'a Column,
        entry: u32,
        combination: usize,
    ) -> Self {
        let table = store.tables.get(column.set);
        let place = table.and_then(|table| table.place(column, entry, combination));
        Self(place.map(|place| Resolved { place, store, entry, combination }))
    }
}

impl<'a> Source<'a> for Pinned<'a> {
    #[inline(always)]
    fn add(self, operation: impl Operation) {
        let Some(Resolved { place, store, entry, combination }) = self.0 else { return };
        let Place { column, cell, state, .. } = place;
        let Some(operation) = operation.chosen_for(column) else { return };
        if state.load(Relaxed) == state::LIVE {
            operation.run(column, cell);
        } else {
            add_slowly_pinned(store, column, entry, combination, operation);
        }
    }

    #[inline(always)]
    fn set(self, write: impl Write) {
        let Some(Resolved { place, store, entry, combination }) = self.0 else { return };
        let Place { column, gauge, state, .. } = place;
        if state.load(Relaxed) == state::LIVE {
            write.run(gauge);
        } else {
            set_slowly_pinned(store, column, entry, combination, write);
        }
    }

    fn look<R>(self, look: impl FnOnce(Place<'_>) -> R) -> Option<R> {
        self.0.map(|resolved| look(resolved.place))
    }

    #[inline(always)]
    fn store(self) -> Option<&'a Store> {
        self.0.map(|resolved| resolved.store)
    }

    #[inline(always)]
    fn keep(self) -> Kept<'a> {
        match self.0.is_some_and(|resolved| resolved.place.column.takes_next()) {
            true => Kept { series: self, timers: None },
            false => Kept::NOTHING,
        }
    }
}

/// A series that a running timer keeps, whoever removes it.
#[derive(Debug)]
pub struct Kept<'a> {
    pub(super) series: Pinned<'a>,
    /// The cell in which the timer counts itself, if nobody else keeps the series.
    timers: Option<CellId>,
}

impl Kept<'_> {
    const NOTHING: Self = Self { series: Pinned::NOTHING, timers: None };

    /// Lets go of the series, after the last record.
    #[inline(always)]
    pub(super) fn release(&self) {
        if let Some(timers) = self.timers {
            // Who sees that nobody is counted any more sees all that was recorded.
            fence(Release);
            add(timers, u64::MAX, true);
        }
    }
}

impl Store {
    /// Keeps the series of these labels, made if need be.
    ///
    /// A thread counts its timers in a cell of its own: up where one starts, down where one ends.
    /// Only the sum of all threads means something.
    #[inline(always)]
    fn keep<'a>(&'a self, column: &'a Column, labels: &impl LabelSet) -> Kept<'a> {
        let Some(table) = self.tables.get(column.set) else { return Kept::NOTHING };
        let keep = |entry: u32| {
            let timers = table.entry(entry).and_then(|entry| entry.timers());
            if let Some(timers) = timers {
                add(timers, 1_u64, true);
            }
            Kept { series: Pinned::new(self, column, entry, labels.closed()), timers }
        };
        let found = swift_section(|section| {
            let (entry, _) = table.find_labels(labels, section)?;
            Some(keep(entry))
        });
        let found = found.flatten();
        let made = || self.resolve(table, labels.open().as_ref(), [column], keep);
        found.or_else(made).unwrap_or(Kept::NOTHING)
    }

    /// Counts a value that was dropped.
    #[cold]
    pub(super) fn drop_invalid<'a>(source: impl Source<'a>, reason: Reason) {
        if let Some(store) = source.store() {
            store.count_error(reason);
        }
    }
}
