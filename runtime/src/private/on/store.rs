//! Everything a component has recorded.

use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, iter};

use super::cell::Cell;
use super::entry::{Entry, Layout};
use super::family::Family;
use super::limit::Limit;
use super::log::Turn;
use super::trie::Trie;
use crate::descriptor::Component;
use crate::label::{OVERFLOW, Slot, Value};

/// The live side of a [`Component`].
pub struct Store {
    component: &'static Component,
    /// One a label of the component; those of closed labels stay empty.
    limits: Box<[Limit]>,
    /// One a label set.
    tables: Box<[Table]>,
    /// Held while an entry is created, never while one is found or read.
    turn: Mutex<Turn>,
}

/// All entries of one label set.
pub(crate) struct Table {
    pub(crate) layout: Layout,
    pub(crate) entries: Trie<Arc<Entry>>,
}

impl Store {
    pub(crate) fn new(component: &'static Component) -> Self {
        let mut turn = Turn::default();
        let limits = component.labels.iter().map(|label| Limit::new(label.limit)).collect();
        let tables = (0..component.sets.len())
            .map(|set| Table::new(Layout::new(component, set), &mut turn))
            .collect();
        Self { component, limits, tables, turn: Mutex::new(turn) }
    }

    pub(crate) fn component(&self) -> &'static Component {
        self.component
    }

    /// Every metric of the component, in the order of the specification.
    pub(crate) fn families(&self) -> impl Iterator<Item = Family<'_>> {
        // A metric's slot is the number of metrics before it in its set.
        let mut slots = vec![0; self.tables.len()];
        self.component.metrics.iter().filter_map(move |metric| {
            let table = self.tables.get(metric.set)?;
            let slot = slots.get_mut(metric.set)?;
            *slot += 1;
            Some(Family { metric, table, slot: Slot::new(*slot - 1) })
        })
    }

    /// The cell of one metric for these labels.
    #[inline]
    pub(crate) fn cell(
        &self,
        set: usize,
        open: &[Value<'_>],
        combination: usize,
        slot: Slot,
    ) -> Option<&Cell> {
        self.entry(set, open)?.cell(combination, slot.position())
    }

    /// The entry of these open label values, created if need be.
    #[inline]
    pub(crate) fn entry(&self, set: usize, open: &[Value<'_>]) -> Option<&Arc<Entry>> {
        let table = self.tables.get(set)?;
        if open.is_empty() {
            return table.entries.first();
        }
        let found = table.entries.find(open.iter().copied());
        found.or_else(|| self.entry_within_limits(table, open))
    }

    /// The entry under which values are recorded that have none of their own, or not yet.
    #[cold]
    fn entry_within_limits<'s>(
        &'s self,
        table: &'s Table,
        open: &[Value<'_>],
    ) -> Option<&'s Arc<Entry>> {
        let limits = table.layout.open().filter_map(|label| self.limits.get(label));
        let limited = limits.zip(open.iter().map(|value| value.canonical()));
        let key = limited.clone().map(|(limit, value)| limit.clamp(value));

        // First without the lock: a label that is past its limit comes this way each time.
        if let Some(entry) = table.entries.find(key.clone()) {
            return Some(entry);
        }
        let turn = &mut *self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if table.entries.find(key.clone()).is_none() {
            let overflow = key.clone().any(|value| value == Value::Text(OVERFLOW));
            let entry = Arc::new(Entry::new(&table.layout, overflow));
            table.entries.insert(key.clone(), entry, turn);
        }
        let entry = table.entries.find(key);
        limited.for_each(|(limit, value)| limit.admit(limit.clamp(value), turn));
        entry
    }
}

impl Table {
    fn new(layout: Layout, turn: &mut Turn) -> Self {
        let table = Self { layout, entries: Trie::default() };
        if table.layout.open().next().is_none() {
            let entry = Arc::new(Entry::new(&table.layout, false));
            table.entries.insert(iter::empty(), entry, turn);
        }
        table
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Store").field(&self.component.name).finish()
    }
}
