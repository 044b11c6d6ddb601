//! The way of a record to its series, once its handle knows the labels.
//!
//! ```text
//! straight   the series is live              no lock, no allocation, no atomic read-modify-write
//! aside      it was quiet, or a limit is hit  no lock: the overflow series is found like any other
//! in turn    there is no entry yet           one lock, which no scrape and no other record waits for
//! ```

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::layout::Column;
use super::memory::{Section, section, swift_section};
use super::page::{Place, state};
use super::store::{Store, Turn};
use super::table::Table;
use super::value::OwnedValue;
use crate::descriptor::Kind;
use crate::label::{LabelSet, OVERFLOW, Value};

/// What is done to a series. It does not panic.
pub(super) type Record<'r> = &'r mut dyn FnMut(Place<'_>);

impl Store {
    /// Runs `record` on the series of these labels if it is live, and says whether it was.
    #[inline(always)]
    pub(super) fn straight(
        &self,
        column: &Column,
        labels: &impl LabelSet,
        record: impl FnOnce(Place<'_>),
    ) -> bool {
        let Some(table) = self.tables.get(column.set) else { return false };
        let live = swift_section(|section| {
            let (_, entry) = table.find_labels(labels, section)?;
            let place = entry.place(column, labels.closed())?;
            (place.state.load(Relaxed) == state::LIVE).then(|| record(place))
        });
        live.flatten().is_some()
    }

    /// Runs `record` on the series of these labels, or on their overflow series.
    #[cold]
    #[inline(never)]
    pub(super) fn slowly(
        &self,
        column: &Column,
        open: &[Value<'_>],
        combination: usize,
        record: Record<'_>,
    ) {
        let Some(table) = self.tables.get(column.set) else { return };
        let aside = section(|section| {
            match table.find(Self::clamped(table, open, section), section) {
                Some(entry) => self.aside(table, column, entry, combination, section, record),
                // No entry is made for a series that has no room: memory stays flat.
                None if column.is_full() => {
                    self.past_limit(table, column, combination, section, record)
                }
                None => false,
            }
        });
        if aside {
            return;
        }
        self.in_turn(|turn| {
            section(|section| {
                let is_full = || column.is_full();
                let entry = self.entry_or_overflow(table, open, is_full, turn, section);
                let Some(entry) = entry else { return };
                self.write(table, column, entry, combination, turn, section, record);
            });
        });
    }

    /// Runs `record` on a series that a handle keeps, or on what has taken its place.
    #[cold]
    #[inline(never)]
    pub(super) fn slowly_pinned(
        &self,
        column: &Column,
        entry: u32,
        combination: usize,
        record: Record<'_>,
    ) {
        let Some(table) = self.tables.get(column.set) else { return };
        if section(|section| self.aside(table, column, entry, combination, section, record)) {
            return;
        }
        let place = table.place(column, entry, combination);
        if place.is_some_and(|place| place.state.load(Acquire) == state::REMOVED) {
            // The handle keeps the names: the series is there again, or can be made anew.
            let key: Option<Vec<OwnedValue>> = section(|section| {
                let key = table.key(entry, section);
                let again =
                    table.find(key.clone().map(|interned| interned.value.borrow()), section);
                let is_done = again.is_some_and(|again| {
                    self.aside(table, column, again, combination, section, record)
                });
                (!is_done).then(|| key.map(|interned| interned.value.clone()).collect())
            });
            if let Some(key) = key {
                let open: Vec<Value<'_>> = key.iter().map(OwnedValue::borrow).collect();
                self.slowly(column, &open, combination, record);
            }
            return;
        }
        self.in_turn(|turn| {
            section(|section| {
                self.write(table, column, entry, combination, turn, section, record);
            });
        });
    }

    /// Runs `work` on the entry of these labels, or of their overflow series, made if need be. It
    /// cannot be removed meanwhile. `is_full` says whether there is no room for a new one.
    #[cold]
    #[inline(never)]
    pub(super) fn resolve<R>(
        &self,
        table: &Table,
        open: &[Value<'_>],
        is_full: impl Fn() -> bool,
        work: impl FnOnce(u32) -> R,
    ) -> Option<R> {
        self.in_turn(|turn| {
            section(|section| self.entry_or_overflow(table, open, is_full, turn, section).map(work))
        })
    }

    /// The key under which a record goes: values that are new and have no room are marked.
    fn clamped<'k>(
        table: &'k Table,
        open: &'k [Value<'k>],
        section: &'k Section,
    ) -> impl Iterator<Item = Value<'k>> + Clone {
        table.open.iter().zip(open).map(|(values, value)| values.clamp(*value, section))
    }

    /// The entry of these labels; if there is none and no room for one, that of the series past the
    /// limit.
    fn entry_or_overflow(
        &self,
        table: &Table,
        open: &[Value<'_>],
        is_full: impl Fn() -> bool,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        let key = Self::clamped(table, open, section);
        match table.find(key.clone(), section) {
            Some(entry) => Some(entry),
            None if is_full() => self.entry(table, overflow(table), turn, section),
            None => table.insert(self, key, turn, section),
        }
    }

    /// The entry of a key, made if need be.
    fn entry<'k>(
        &self,
        table: &Table,
        key: impl Iterator<Item = Value<'k>> + Clone,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        let found = table.find(key.clone(), section);
        found.or_else(|| table.insert(self, key, turn, section))
    }

    /// Runs `record` where that takes no turn; false if it does, or if the series was removed.
    fn aside(
        &self,
        table: &Table,
        column: &Column,
        entry: u32,
        combination: usize,
        section: &Section,
        record: Record<'_>,
    ) -> bool {
        let Some(place) = table.place(column, entry, combination) else { return false };
        match place.state.load(Acquire) {
            state::LIVE => record(place),
            state::OVERFLOW => self.overflow(table, place, entry, section, record),
            state::QUIET => expose(place, state::QUIET, record),
            state::FRESH if !self.is_limited(table, column, entry) => {
                expose(place, state::FRESH, record);
            }
            state::FRESH if column.is_full() => {
                return self.past_limit(table, column, combination, section, record);
            }
            _ => return false,
        }
        true
    }

    /// Runs `record` on a series that may have to be admitted first.
    #[expect(clippy::too_many_arguments, reason = "it is one step of a turn")]
    fn write(
        &self,
        table: &Table,
        column: &Column,
        entry: u32,
        combination: usize,
        turn: &mut Turn,
        section: &Section,
        record: Record<'_>,
    ) {
        let is_fresh = table
            .place(column, entry, combination)
            .is_some_and(|place| place.state.load(Acquire) == state::FRESH);
        if is_fresh && self.is_limited(table, column, entry) {
            if column.is_full() {
                // From now on the overflow series is found without a turn.
                let _ = self.entry(table, overflow(table), turn, section);
            } else {
                column.admitted.fetch_add(1, Relaxed);
                if let Some(entry) = table.entry(entry) {
                    table.initialise(column, entry);
                }
                if let Some(place) = table.place(column, entry, combination) {
                    expose(place, place.state.load(Relaxed), record);
                }
                return;
            }
        }
        self.aside(table, column, entry, combination, section, record);
    }

    /// Whether the metric's own limit decides about a series: it has one, and the entry none of its
    /// series yet.
    fn is_limited(&self, table: &Table, column: &Column, entry: u32) -> bool {
        let is_fresh = |combination| {
            let place = table.place(column, entry, combination);
            place.is_none_or(|place| place.state.load(Relaxed) == state::FRESH)
        };
        column.metric.series_limit > 0 && (0..table.layout.combinations).all(is_fresh)
    }

    /// Runs `record` on a series that stands for many, and counts that by the label which says so.
    fn overflow(
        &self,
        table: &Table,
        place: Place<'_>,
        entry: u32,
        section: &Section,
        record: Record<'_>,
    ) {
        let mut values = table.key(entry, section);
        let full = values.position(|interned| interned.value.borrow() == Value::Text(OVERFLOW));
        let label = full.and_then(|position| table.open.get(position));
        // Who was past the metric's own limit when its series was resolved comes here too.
        let label = label.filter(|values| values.is_full() || !place.column.is_full());
        self.count_overflow(label.map(|values| values.name));
        record_into_overflow(place, record);
    }

    /// Runs `record` on the series of what is past the metric's own limit; false if there is none.
    fn past_limit(
        &self,
        table: &Table,
        column: &Column,
        combination: usize,
        section: &Section,
        record: Record<'_>,
    ) -> bool {
        let entry = table.find(overflow(table), section);
        let Some(place) = entry.and_then(|entry| table.place(column, entry, combination)) else {
            return false;
        };
        self.count_overflow(None);
        record_into_overflow(place, record);
        true
    }
}

/// The key of what is past every limit.
fn overflow(table: &Table) -> impl Iterator<Item = Value<'static>> + Clone {
    table.layout.open.iter().map(|_| Value::Text(OVERFLOW))
}

/// Counts and distributions can be added up; gauges of different series cannot.
fn record_into_overflow(place: Place<'_>, record: Record<'_>) {
    if matches!(place.column.metric.kind, Kind::Counter | Kind::Histogram) {
        record(place);
    }
}

/// Runs `record` on a series and exposes it: in this order, so that no scrape sees a gauge before
/// its first value. If the series is removed meanwhile, the record was before that.
fn expose(place: Place<'_>, from: u32, record: Record<'_>) {
    record(place);
    let _ = place.state.compare_exchange(from, state::LIVE, Release, Relaxed);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::descriptor::{Component, Label, Metric, Number, OwnMetric};
    use crate::label::Slot;

    static COMPONENT: Component = Component {
        name: "waiting",
        labels: &[Label { name: "number", values: &[], limit: 1000 }],
        sets: &[&[0]],
        metrics: &[Metric {
            name: "waiting_things",
            help: "Things",
            unit: None,
            kind: Kind::Counter,
            number: Number::Integer,
            set: 0,
            const_labels: &[],
            buckets: &[],
            native: false,
            exemplars: false,
            sample: 1,
            series_limit: 0,
        }],
        idle_timeout: None,
        overflow: OwnMetric::NONE,
        errors: OwnMetric::NONE,
    };

    /// A hundred series outgrow the index several times.
    #[test]
    fn who_makes_series_does_not_wait_for_a_scrape() {
        let store = Store::new(&COMPONENT);
        let (begin, begun) = channel();
        let (end, ended) = channel();
        let scrape = thread::spawn(move || {
            section(|_| {
                begin.send(()).unwrap();
                ended.recv_timeout(Duration::from_secs(10)).is_ok()
            })
        });
        begun.recv().unwrap();
        let column = store.column(Slot::new(0)).unwrap();
        for number in 0..100 {
            store.slowly(column, &[Value::Unsigned(number)], 0, &mut |_| ());
        }
        end.send(()).unwrap_or_default();
        assert!(scrape.join().unwrap());
        store.settle();
    }
}
