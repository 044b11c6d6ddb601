//! How series go while others record: out of sight first, out of memory once nobody writes.
//!
//! ```text
//!               ┌───────────── it was used after all ──────────────┐
//!               ▼                                                  │
//! idle?     findable ──▶ leaving ──▶ wait for sections ──▶ unused? ─┤
//! remove()  findable ─────────────────────────────────────────────▶ removed
//!                                        recycled ◀── wait for sections ◀──┘
//! ```
//!
//! Waiting is the remover's business and happens outside of any lock. A removed entry that a handle
//! or a timer still has is recycled when it lets go.

use std::sync::atomic::Ordering::{Acquire, Relaxed};
use std::time::Instant;

use super::memory::{CellId, Reader, Section, section, threads};
use super::page::{Entry, Place, state};
use super::store::{Store, Turn};
use super::table::{Table, Watched, is_overflow};
use crate::label::Value;
use crate::sync::fence;

/// So many entries are hidden at once: each wait interrupts all threads, but who makes an entry
/// meanwhile looks whether it is among the hidden ones.
const MOST_LEAVING: usize = 256;

impl Store {
    /// Removes the series of these open labels, in all metrics of the label set. Says whether there
    /// were any.
    pub(crate) fn remove(&self, set: usize, open: &[Value<'_>]) -> bool {
        let Some(table) = self.open_tables().find(|table| table.set == set) else { return false };
        let removed = self.in_turn(|turn| {
            section(|section| {
                let key = open.iter().map(|value| value.canonical());
                let entry = match table.find(key.clone(), section) {
                    Some(entry) => {
                        table.hide(entry, section);
                        entry
                    }
                    None => turn.table(table).stop_leaving(table, key, section)?,
                };
                table.remove(self, entry, turn);
                Some(entry)
            })
        });
        self.finish(table, removed.as_slice());
        removed.is_some()
    }

    /// Removes what nobody has recorded into for as long as the component says. Only scrapes look.
    pub(crate) fn remove_idle(&self, now: Instant) {
        // Of scrapes at the same time one looks: what it has hidden is not idle a second time.
        // Where nobody knows whether a hidden series is used after all, it stays.
        if self.component().idle_timeout.is_some()
            && threads().can_wait()
            && let Ok(_alone) = self.looking.try_lock()
        {
            self.look_for_idle(now);
        }
        self.settle();
    }

    fn look_for_idle(&self, now: Instant) {
        for table in self.open_tables() {
            let entries = self.in_turn(|turn| turn.table(table).entries);
            let page = table.layout.page_entries();
            for first in (0..entries).step_by(page) {
                // A page at a time, so that nobody who makes an entry waits long.
                let leaving =
                    self.in_turn(|turn| section(|at| self.let_go(table, first, now, turn, at)));
                let is_last = first as usize + page >= entries as usize;
                if leaving >= MOST_LEAVING || is_last && leaving > 0 {
                    let is_certain = threads().wait_for_sections();
                    let removed = self.in_turn(|turn| {
                        section(|section| self.decide(table, is_certain, turn, section))
                    });
                    self.finish(table, &removed);
                }
            }
        }
    }

    /// Recycles removed entries that nobody has any more.
    pub(crate) fn settle(&self) {
        for table in self.open_tables() {
            self.in_turn(|turn| {
                let pinned = std::mem::take(&mut turn.table(table).pinned);
                pinned.iter().for_each(|entry| self.recycle(table, *entry, turn));
            });
        }
        self.free_kept();
    }

    fn open_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| !table.layout.open.is_empty())
    }

    /// Hides the idle entries of a page, and says how many are hidden.
    fn let_go(
        &self,
        table: &Table,
        first: u32,
        now: Instant,
        turn: &mut Turn,
        section: &Section,
    ) -> usize {
        let Some(timeout) = self.component().idle_timeout else { return 0 };
        let mut reader = Reader::default();
        let own = turn.table(table);
        for entry in first..own.entries.min(first + table.layout.page_entries() as u32) {
            let Some(found) = table.entry(entry) else { continue };
            let total = self.total(table, entry, &mut reader);
            let mut is_set = false;
            for place in self.settable(table, entry) {
                is_set |= place.state.load(Acquire) == state::LIVE;
                let (live, quiet) = (state::LIVE, state::QUIET);
                let _ = place.state.compare_exchange(live, quiet, Relaxed, Relaxed);
            }
            if own.watched.len() <= entry as usize {
                own.watched.resize(entry as usize + 1, None);
            }
            let Some(watched) = own.watched.get_mut(entry as usize) else { continue };
            let is_there = found.birth().load(Acquire) != 0;
            let before = match *watched {
                Some(before) if is_there && !is_set && before.total == total => before,
                _ => {
                    *watched = is_there.then_some(Watched { total, since: now });
                    continue;
                }
            };
            let is_idle = now.saturating_duration_since(before.since) >= timeout;
            if is_idle
                && !is_overflow(table.key(entry, section))
                && !is_kept(table, entry, &mut reader)
            {
                // Who does not find it any more sees that, too.
                table.is_leaving.store(true, Relaxed);
                table.hide(entry, section);
                own.leaving.push(entry);
            }
        }
        own.leaving.len()
    }

    /// Removes what has stayed idle while it was leaving, and lets the rest be found again.
    fn decide(
        &self,
        table: &Table,
        is_certain: bool,
        turn: &mut Turn,
        section: &Section,
    ) -> Vec<u32> {
        let mut reader = Reader::default();
        let leaving = std::mem::take(&mut turn.table(table).leaving);
        let (used, unused): (Vec<u32>, Vec<u32>) = leaving.into_iter().partition(|&entry| {
            let total = self.total(table, entry, &mut reader);
            let before = turn.table(table).watched.get(entry as usize).copied().flatten();
            let is_set =
                self.settable(table, entry).any(|place| place.state.load(Acquire) == state::LIVE);
            !is_certain
                || is_set
                || before.is_none_or(|before| before.total != total)
                || is_kept(table, entry, &mut reader)
        });
        used.into_iter().for_each(|entry| table.show(entry, turn, section));
        unused.iter().for_each(|&entry| table.remove(self, entry, turn));
        table.is_leaving.store(false, Relaxed);
        unused
    }

    /// Recycles removed entries once nobody can be writing to them.
    fn finish(&self, table: &Table, removed: &[u32]) {
        // Without an answer they stay as they are until the recorder is dropped.
        if !removed.is_empty() && threads().wait_for_sections() {
            self.in_turn(|turn| {
                removed.iter().for_each(|entry| self.recycle(table, *entry, turn));
            });
            self.free_kept();
        }
    }

    fn recycle(&self, table: &Table, entry: u32, turn: &mut Turn) {
        if is_kept(table, entry, &mut Reader::default()) {
            turn.table(table).pinned.push(entry);
        } else {
            section(|section| table.recycle(self, entry, turn, section));
        }
    }

    /// A number that changes with every record into an entry: cells only rise, and as they count
    /// differently, what a histogram adds to a bucket is not what its sum has lost by wrapping.
    fn total(&self, table: &Table, entry: u32, reader: &mut Reader) -> u64 {
        let Some(first) = table.entry(entry).map(Entry::cells) else { return 0 };
        let cells = (table.layout.combinations * table.layout.row.cells) as CellId;
        reader.nonzero(first..first + cells).fold(0, |total, (cell, number)| {
            number.wrapping_mul(2 * u64::from(cell - first) + 1).wrapping_add(total)
        })
    }

    /// The gauges and infos of an entry, whose records leave no trace in cells.
    fn settable<'a>(&'a self, table: &'a Table, entry: u32) -> impl Iterator<Item = Place<'a>> {
        let columns = self.columns_of(table).filter(|column| column.is_settable());
        columns.flat_map(move |column| {
            (0..table.layout.combinations)
                .filter_map(move |combination| table.place(column, entry, combination))
        })
    }
}

/// Whether a handle or a running timer has an entry. Once it cannot be found, this only ends.
fn is_kept(table: &Table, entry: u32, reader: &mut Reader) -> bool {
    let Some(entry) = table.entry(entry) else { return false };
    let pins = entry.pins().load(Acquire);
    let timers = entry.timers().map_or(0, |timers| reader.integer(timers));
    // What was recorded before a timer ended is seen from here on.
    fence(Acquire);
    pins > 0 || timers > 0
}
