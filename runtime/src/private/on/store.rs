//! Everything a component has recorded.

use std::fmt;
use std::sync::Arc;

use super::exemplar::Exemplars;
use super::layout::{Column, Layout};
use super::memory::{CellId, Cells, Retired, add, threads};
use super::table::{Table, TableTurn};
use super::value::{Values, ValuesTurn};
use super::word::Hasher;
use crate::descriptor::{Component, Reason};
use crate::label::Slot;
use crate::sync::{Mutex, lock};

/// The live side of a [`Component`].
pub struct Store {
    component: &'static Component,
    /// One a metric.
    columns: Box<[Column]>,
    /// One a label set.
    pub(super) tables: Box<[Table]>,
    pub(super) exemplars: Exemplars,
    /// Held while an entry is made or removed, never while one is found or read.
    turn: Mutex<Turn>,
    /// Held while idle entries are looked for.
    pub(super) looking: Mutex<()>,
    /// The cells of everything that has no open labels, and of the metrics about the metrics.
    fixed: Option<Cells>,
    overflow: CellId,
    errors: CellId,
}

/// What those keep who change which entries there are, taking turns.
pub(super) struct Turn {
    pub(super) tables: Vec<TableTurn>,
    pub(super) values: Vec<ValuesTurn>,
    /// Memory that somebody may be reading still. It stays where nobody knows who does.
    pub(super) kept: Vec<Retired>,
    /// Counts removals, so that a scrape can tell which entries are younger than itself.
    pub(super) epoch: u32,
    /// Whether a scrape has begun in this epoch.
    scraped: bool,
}

impl Store {
    pub(crate) fn new(component: &'static Component) -> Self {
        let hasher = Hasher::random();
        let layouts: Vec<Layout> =
            (0..component.sets.len()).map(|set| Layout::new(component, set)).collect();
        let mut next = 0;
        let mut claim = |cells: usize| {
            next += cells;
            next - cells
        };
        let is_fixed = |layout: &&Layout| layout.open.is_empty();
        let places: Vec<usize> = layouts
            .iter()
            .map(|layout| if is_fixed(&layout) { claim(layout.entry_cells) } else { 0 })
            .collect();
        let overflow = claim(component.overflow.values.len()) as CellId;
        let errors = claim(component.errors.values.len()) as CellId;
        let fixed = Cells::new(next);
        let first = fixed.as_ref().map_or(0, Cells::first);
        let places: Vec<CellId> = places.iter().map(|place| first + *place as CellId).collect();

        let values = component.labels.iter();
        let values: Box<[Arc<Values>]> =
            values.map(|label| Arc::new(Values::new(label.name, label.limit, hasher))).collect();
        // When the numbers of cells have run out, nothing is recorded: others have those from 0 on.
        let columns = match fixed {
            Some(_) => Column::all(component, &layouts.iter().collect::<Vec<_>>(), &places),
            None => Box::default(),
        };
        let tables: Box<[Table]> = layouts
            .into_iter()
            .zip(places)
            .enumerate()
            .map(|(set, (layout, place))| Table::new(set, layout, place, &values, hasher))
            .collect();
        for column in columns.iter().filter(|column| !column.is_open) {
            if let Some(table) = tables.get(column.set)
                && let Some(entry) = table.entry(0)
            {
                table.initialise(column, entry);
            }
        }
        let turn = Turn {
            tables: tables.iter().map(|_| TableTurn::default()).collect(),
            values: component.labels.iter().map(|_| ValuesTurn::default()).collect(),
            kept: Vec::new(),
            epoch: 1,
            scraped: false,
        };
        Self {
            component,
            columns,
            tables,
            exemplars: Exemplars::default(),
            turn: Mutex::new(turn),
            looking: Mutex::new(()),
            fixed,
            overflow: first + overflow,
            errors: first + errors,
        }
    }

    pub(crate) fn component(&self) -> &'static Component {
        self.component
    }

    #[inline(always)]
    pub(crate) fn column(&self, slot: Slot) -> Option<&Column> {
        self.columns.get(slot.position())
    }

    /// Every metric with its table, in the order of the specification.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&Column, &Table)> {
        self.columns.iter().filter_map(|column| Some((column, self.tables.get(column.set)?)))
    }

    /// The metrics of a table.
    pub(super) fn columns_of(&self, table: &Table) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.set == table.set)
    }

    /// Works on what entries there are. What cannot be found any more afterwards is kept: who
    /// records does not wait for a scrape that reads it.
    pub(super) fn in_turn<R>(&self, work: impl FnOnce(&mut Turn) -> R) -> R {
        work(&mut lock(&self.turn))
    }

    /// Frees what was kept, once nobody reads it. Who scrapes or removes does so.
    pub(super) fn free_kept(&self) {
        let kept = std::mem::take(&mut lock(&self.turn).kept);
        let kept = threads().free(kept);
        if !kept.is_empty() {
            lock(&self.turn).kept.extend(kept);
        }
    }

    /// Begins a scrape: entries with a later birth than this are not shown in it, since they may
    /// be the same series as one that was shown and then removed.
    pub(crate) fn begin_scrape(&self) -> u32 {
        let mut turn = lock(&self.turn);
        turn.scraped = true;
        turn.epoch
    }

    /// Counts records past a limit: by the open label that it reached, or none for the metric's
    /// own limit.
    pub(super) fn count_overflow(&self, label: Option<&str>, times: u64) {
        let values = self.component.overflow.values;
        let position = match label {
            Some(label) => values.iter().position(|value| *value == label),
            None => values.len().checked_sub(1),
        };
        if let (Some(position), Some(_)) = (position, &self.fixed) {
            add(self.overflow + position as CellId, times, false);
        }
    }

    /// Counts a value that was dropped.
    #[cold]
    pub(crate) fn count_error(&self, reason: Reason) {
        let position = reason as usize;
        if position < self.component.errors.values.len() && self.fixed.is_some() {
            add(self.errors + position as CellId, 1_u64, false);
        }
    }

    /// The metrics about the metrics that are exposed, each with its first cell.
    pub(crate) fn own(
        &self,
    ) -> impl Iterator<Item = (&'static crate::descriptor::OwnMetric, CellId)> {
        let component = self.component;
        let own = [(&component.overflow, self.overflow), (&component.errors, self.errors)];
        own.into_iter().filter(|(own, _)| !own.values.is_empty() && self.fixed.is_some())
    }
}

impl Turn {
    pub(super) fn table(&mut self, table: &Table) -> &mut TableTurn {
        // There is one for each table of the store.
        &mut self.tables[table.set]
    }

    /// Begins a removal: what is made from now on is not shown by scrapes that have begun.
    pub(super) fn begin_removal(&mut self) {
        if self.scraped {
            self.scraped = false;
            self.epoch = self.epoch.wrapping_add(1).max(1);
        }
    }
}

impl Drop for Turn {
    #[expect(unsafe_code, reason = "memory is freed by hand")]
    fn drop(&mut self) {
        for retired in self.kept.drain(..) {
            // SAFETY: the store is being dropped, so nobody can be reading it.
            unsafe { retired.free() }
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Store").field(&self.component.name).finish()
    }
}
