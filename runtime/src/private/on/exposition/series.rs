//! All series of a metric, as a scrape walks through them.

use std::borrow::Cow;
use std::sync::atomic::Ordering::{Acquire, Relaxed};

use crate::__private::on::layout::{Axis, Column};
use crate::__private::on::memory::{CellId, Reader, Section, section};
use crate::__private::on::page::{Entry, Page, Place};
use crate::__private::on::reading::is_exposed;
use crate::__private::on::table::Table;
use crate::__private::on::value::{Interned, OwnedValue};

use super::fragment::Fragment;
use super::protobuf::Encoded;

/// The labels of one series, without those that all series of its metric have.
#[derive(Clone, Copy)]
pub(super) struct Labels<'a> {
    table: &'a Table,
    entry: Entry<'a>,
    combination: usize,
    section: &'a Section,
}

/// A series that may be shown.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    column: &'a Column,
    pub(super) labels: Labels<'a>,
}

impl<'a> Series<'a> {
    /// Whether it is shown even if nothing was counted.
    #[inline(always)]
    pub(super) fn is_exposed(self) -> bool {
        let state = self.labels.entry.state(self.column, self.labels.combination);
        state.is_some_and(is_exposed)
    }

    #[inline(always)]
    pub(super) fn place(self) -> Option<Place<'a>> {
        self.labels.entry.place(self.column, self.labels.combination)
    }
}

/// Calls `each` for every series of a metric that may be shown in a scrape of this epoch, in the
/// order of their making.
#[inline(always)]
pub(super) fn each_series(
    table: &Table,
    column: &Column,
    epoch: u32,
    mut each: impl FnMut(Series<'_>),
) {
    let mut number = 0;
    while series_of_page(table, column, epoch, number, &mut each) {
        number += 1;
    }
}

/// The same for the series of one page, if there is a page of this number.
///
/// `each` is called in a section, which is a page long, so that whoever removes a series does not
/// wait long. It does not panic.
#[inline(always)]
pub(super) fn series_of_page(
    table: &Table,
    column: &Column,
    epoch: u32,
    number: usize,
    mut each: impl FnMut(Series<'_>),
) -> bool {
    if column.is_settable() && !column.was_set.load(Relaxed) {
        return false;
    }
    show(table, column, epoch, number, |shown| shown.each(|_, series| each(series)))
}

/// The same with the total of each series, which is an integer; `totals` is room for them.
#[inline(always)]
pub(super) fn totals_of_page(
    table: &Table,
    column: &Column,
    epoch: u32,
    number: usize,
    totals: &mut Vec<u64>,
    mut each: impl FnMut(Series<'_>, u64),
) -> bool {
    show(table, column, epoch, number, |shown| {
        totals.resize(shown.page.entries(&table.layout).len() * table.layout.combinations, 0);
        Reader::integers(shown.page.cells() + column.at.cells as CellId, column.stride, totals);
        shown.each(|row, series| each(series, totals.get(row).copied().unwrap_or_default()));
    })
}

/// Shows a page, if there is one of this number.
#[inline(always)]
fn show(
    table: &Table,
    column: &Column,
    epoch: u32,
    number: usize,
    show: impl FnOnce(Shown<'_>),
) -> bool {
    section(|section| {
        let Some(page) = table.pages.get(number) else { return false };
        show(Shown { table, column, page, entries: shown(table, page, epoch), section });
        true
    })
}

/// Which entries of a page may be shown, a bit for each.
///
/// Those are not recycled before the section ends. So this comes before their cells are read, which
/// in the other ones may be somebody else's.
#[inline(always)]
fn shown(table: &Table, page: &Page, epoch: u32) -> u64 {
    page.entries(&table.layout).enumerate().fold(0, |entries, (at, entry)| {
        let birth = entry.birth().load(Acquire);
        // Younger ones may have been shown before, as an entry that was then removed.
        let is_young = (epoch.wrapping_sub(birth)).cast_signed() < 0;
        entries | u64::from(birth != 0 && !is_young) << at
    })
}

/// What of a page is shown of a metric.
#[derive(Clone, Copy)]
struct Shown<'a> {
    table: &'a Table,
    column: &'a Column,
    page: &'a Page,
    entries: u64,
    section: &'a Section,
}

impl<'a> Shown<'a> {
    /// Calls `each` for every series, with its row in the page.
    #[inline(always)]
    fn each(self, mut each: impl FnMut(usize, Series<'a>)) {
        let Self { table, column, page, entries, section } = self;
        let combinations = table.layout.combinations;
        for (at, entry) in page.entries(&table.layout).enumerate() {
            if entries >> at & 1 == 0 {
                continue;
            }
            for combination in 0..combinations {
                let labels = Labels { table, entry, combination, section };
                each(at * combinations + combination, Series { column, labels });
            }
        }
    }
}

impl<'a> Labels<'a> {
    /// Each label as it stands in a text exposition.
    #[inline(always)]
    pub(super) fn each(self, mut each: impl FnMut(&Fragment)) {
        let Self { table, entry, section, .. } = self;
        if table.layout.axes.len() == table.open.len() {
            // The same as below, in fewer steps.
            for (values, number) in table.open.iter().zip(entry.values()) {
                if let Some(interned) = values.get(number.load(Relaxed), section) {
                    each(&interned.rendered);
                }
            }
            return;
        }
        for axis in &table.layout.axes {
            match axis {
                Axis::Open { position } => {
                    if let Some(interned) = self.interned(*position) {
                        each(&interned.rendered);
                    }
                }
                Axis::Closed { stride, fragments, .. } => {
                    // Closed labels never have more combinations than a number of 32 bits.
                    let at = self.combination / stride % fragments.len();
                    if let Some(fragment) = fragments.get(at) {
                        each(fragment);
                    }
                }
            }
        }
    }

    /// Each label as it stands in protobuf.
    pub(super) fn encoded(self) -> impl Iterator<Item = Encoded<'a>> {
        self.table.layout.axes.iter().filter_map(move |axis| match axis {
            Axis::Open { position } => Some(Encoded(&self.interned(*position)?.encoded)),
            Axis::Closed { stride, encoded, .. } => {
                Some(Encoded(encoded.get(self.combination / stride % encoded.len())?))
            }
        })
    }

    /// Each label as name and value.
    pub(super) fn pairs(self) -> impl Iterator<Item = (&'static str, Cow<'a, str>)> {
        self.table.layout.axes.iter().filter_map(move |axis| match axis {
            Axis::Open { position } => {
                let name = self.table.open.get(*position)?.name;
                let value = match &self.interned(*position)?.value {
                    OwnedValue::Text(text) => Cow::Borrowed(&**text),
                    other => Cow::Owned(other.borrow().to_string()),
                };
                Some((name, value))
            }
            Axis::Closed { name, values, stride, .. } => {
                let value = values.get(self.combination / stride % values.len())?;
                Some((*name, Cow::Borrowed(*value)))
            }
        })
    }

    #[inline(always)]
    fn interned(self, position: usize) -> Option<&'a Interned> {
        let number = self.entry.values().get(position)?;
        self.table.open.get(position)?.get(number.load(Relaxed), self.section)
    }
}
