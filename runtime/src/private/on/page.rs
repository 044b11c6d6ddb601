//! Entries of a table, up to 64 at a time: what they are called, and what they share among threads.
//!
//! The cells of a page's entries follow each other, so one number stands for all of them.

use std::fmt;
use std::sync::atomic::Ordering::{Relaxed, Release};

use super::layout::{Column, Layout};
use super::memory::{CellId, Cells, threads};
use crate::sync::{AtomicU32, AtomicU64};

/// The most entries of a page.
const PAGE: usize = if cfg!(loom) { 1 } else { 64 };

/// What a page has of anything, unless a single entry has more: a large grid of closed labels is not
/// made 64 times for the first of its entries, nor read 64 times in one section.
const LARGEST: usize = 16 * 1024;

/// The bits of an entry's number that are its place in a page, if it has so many cells, states or
/// shared numbers.
pub(crate) fn page_bits(numbers: usize) -> u32 {
    (LARGEST / numbers.max(1)).clamp(1, PAGE).ilog2()
}

/// Whether a series may be written to just so. Anything but [`LIVE`] is a slower way.
pub(crate) mod state {
    /// Nobody has recorded into it; it is not exposed.
    pub(crate) const FRESH: u32 = 0;
    /// It is exposed.
    pub(crate) const LIVE: u32 = 1;
    /// It is exposed, and nobody has set it since it was last looked at.
    pub(crate) const QUIET: u32 = 2;
    /// It stands for others that were past a limit.
    pub(crate) const OVERFLOW: u32 = 3;
    /// It was removed; a handle may still have it.
    pub(crate) const REMOVED: u32 = 4;
}

pub(crate) struct Page {
    first: CellId,
    /// Given back with the page; a table without open labels has its cells from the store.
    _cells: Option<Cells>,
    /// For each entry its birth, its pins, the numbers of its label values, and the states of its
    /// series.
    records: Box<[AtomicU32]>,
    gauges: Box<[AtomicU64]>,
}

/// Where a record has what.
const BIRTH: usize = 0;
const PINS: usize = 1;
const VALUES: usize = 2;

/// Where in a record the states are, behind the numbers of so many label values.
pub(crate) fn states(labels: usize) -> usize {
    VALUES + labels
}

/// What is known of one entry.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    layout: &'a Layout,
    page: &'a Page,
    at: usize,
    /// Its record, and perhaps those behind it: who asks for one number need not know both ends.
    record: &'a [AtomicU32],
}

impl Page {
    /// A page of a table with open labels; none if there are no cells left.
    pub(crate) fn new(layout: &Layout) -> Option<Self> {
        let entries = layout.page_entries();
        let cells = Cells::new(layout.page_cells()?)?;
        let first = cells.first();
        Some(Self { _cells: Some(cells), ..Self::with(layout, entries, first) })
    }

    /// The only entry of a table without open labels.
    pub(crate) fn fixed(layout: &Layout, first: CellId) -> Self {
        let page = Self::with(layout, 1, first);
        if let Some(entry) = page.entry(layout, 0) {
            entry.birth().store(1, Release);
        }
        page
    }

    fn with(layout: &Layout, entries: usize, first: CellId) -> Self {
        let gauges = entries * layout.combinations * layout.row.gauges;
        Self {
            first,
            _cells: None,
            records: (0..entries * layout.record).map(|_| AtomicU32::new(0)).collect(),
            gauges: (0..gauges).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// All its entries, at most 64, whether there is anything in them or not.
    #[inline(always)]
    pub(crate) fn entries<'a>(
        &'a self,
        layout: &'a Layout,
    ) -> impl ExactSizeIterator<Item = Entry<'a>> {
        let records = self.records.chunks_exact(layout.record).enumerate();
        records.map(move |(at, record)| Entry { layout, page: self, at, record })
    }

    /// The first of its cells.
    pub(crate) fn cells(&self) -> CellId {
        self.first
    }

    /// An entry by its place.
    #[inline(always)]
    pub(crate) fn entry<'a>(&'a self, layout: &'a Layout, at: usize) -> Option<Entry<'a>> {
        let record = self.records.get(at * layout.record..)?;
        Some(Entry { layout, page: self, at, record })
    }
}

impl<'a> Entry<'a> {
    /// When it was made, or zero if there is none.
    #[inline(always)]
    pub(crate) fn birth(self) -> &'a AtomicU32 {
        self.record.get(BIRTH).unwrap_or(nobody())
    }

    /// How many bound handles have it.
    pub(crate) fn pins(self) -> &'a AtomicU32 {
        self.record.get(PINS).unwrap_or(nobody())
    }

    /// The numbers of the values of its open labels.
    #[inline(always)]
    pub(crate) fn values(self) -> &'a [AtomicU32] {
        self.first_values(self.layout.open.len())
    }

    /// Some of these numbers.
    #[inline(always)]
    pub(crate) fn first_values(self, number: usize) -> &'a [AtomicU32] {
        self.record.get(VALUES..VALUES + number).unwrap_or_default()
    }

    /// The states of its series.
    pub(crate) fn states(self) -> &'a [AtomicU32] {
        self.record.get(self.layout.states..self.layout.record).unwrap_or_default()
    }

    /// The first of its cells.
    #[inline(always)]
    pub(crate) fn cells(self) -> CellId {
        self.page.first + (self.at * self.layout.entry_cells) as CellId
    }

    /// The cell that counts its running timers.
    #[inline(always)]
    pub(crate) fn timers(self) -> Option<CellId> {
        let Self { layout, page, at, .. } = self;
        let behind = layout.page_entries() * layout.entry_cells + at;
        layout.has_timers.then(|| page.first + behind as CellId)
    }

    fn gauges(self) -> &'a [AtomicU64] {
        let length = self.layout.combinations * self.layout.row.gauges;
        self.page.gauges.get(self.at * length..(self.at + 1) * length).unwrap_or_default()
    }

    /// The first cell of one of its series.
    #[inline(always)]
    pub(crate) fn cell(self, column: &Column, combination: usize) -> CellId {
        self.cells() + combination as CellId * column.stride + column.at.cells as CellId
    }

    /// The state of one of its series.
    #[inline(always)]
    pub(crate) fn state(self, column: &Column, combination: usize) -> Option<&'a AtomicU32> {
        let Self { layout, record, .. } = self;
        record.get(layout.states + combination * layout.row.series + column.at.series)
    }

    /// One of its series.
    #[inline(always)]
    pub(crate) fn place(self, column: &'a Column, combination: usize) -> Option<Place<'a>> {
        let Self { layout, .. } = self;
        let cell = self.cell(column, combination);
        let state = self.state(column, combination)?;
        let row = self.at * layout.combinations + combination;
        let gauge = self.page.gauges.get(row * layout.row.gauges + column.at.gauges);
        Some(Place { column, cell, state, gauge: gauge.unwrap_or(no_gauge()) })
    }

    /// Empties it; nobody writes to it any more.
    pub(crate) fn clear(self) {
        let first = self.cells();
        threads().clear(first..first + self.layout.entry_cells as CellId);
        if let Some(timers) = self.timers() {
            threads().clear(timers..timers + 1);
        }
        self.gauges().iter().for_each(|gauge| gauge.store(0, Relaxed));
        self.states().iter().for_each(|state| state.store(state::FRESH, Relaxed));
    }
}

/// One series.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub(crate) column: &'a Column,
    pub(crate) cell: CellId,
    pub(crate) state: &'a AtomicU32,
    /// What a gauge is stored in; of other metrics a number that nobody uses.
    pub(crate) gauge: &'a AtomicU64,
}

// What a number is read from that is not there, which never happens.
macro_rules! nobodies {
    ($($name:ident: $type:ident),*) => {$(
        #[cfg(not(loom))]
        #[inline(always)]
        fn $name() -> &'static $type {
            static NOBODY: $type = $type::new(0);
            &NOBODY
        }
        #[cfg(loom)]
        fn $name() -> &'static $type {
            loom::lazy_static! { static ref NOBODY: $type = $type::new(0); }
            &NOBODY
        }
    )*};
}
nobodies! { nobody: AtomicU32, no_gauge: AtomicU64 }

impl fmt::Debug for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Place").field(&self.column.metric.name).finish()
    }
}
