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
use super::table::{Key, Table, is_overflow};
use super::value::OwnedValue;
use crate::descriptor::Kind;
use crate::label::{LabelSet, Value};

/// What is done to a series. It does not panic.
pub(super) type Record<'r> = &'r mut dyn FnMut(Place<'_>);

/// A metric's series of some closed labels, whatever the open ones are.
#[derive(Clone, Copy)]
struct Target<'a> {
    table: &'a Table,
    column: &'a Column,
    combination: usize,
    /// How many records are made at once.
    times: u64,
}

impl Store {
    /// Runs `record` on the series of these labels if it is live, and says whether it was.
    #[inline(always)]
    pub(super) fn straight<L: LabelSet>(
        &self,
        column: &Column,
        labels: &L,
        record: impl FnOnce(Place<'_>),
    ) -> bool {
        let Some(table) = self.tables.get(L::SET) else { return false };
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
        times: u64,
        record: Record<'_>,
    ) {
        let Some(table) = self.tables.get(column.set) else { return };
        let target = Target { table, column, combination, times };
        let aside = section(|section| {
            let key = clamped(table, open, section);
            match table.find(key.clone(), section) {
                Some(entry) => self.aside(target, entry, key, section, record),
                // No entry is made for a series that has no room: memory stays flat.
                None if !has_room(column, key.clone()) && !table.is_leaving.load(Relaxed) => {
                    self.past_limit(target, key, section, record)
                }
                None => false,
            }
        });
        if !aside {
            self.in_turn(|turn| {
                section(|section| {
                    let key = clamped(table, open, section);
                    let entry = self.entry_for(table, key.clone(), [column], turn, section);
                    let Some(entry) = entry else { return };
                    self.write(target, entry, key, turn, section, record);
                });
            });
        }
    }

    /// Runs `record` on a series that a handle keeps, or on what has taken its place.
    #[cold]
    #[inline(never)]
    pub(super) fn slowly_pinned(
        &self,
        column: &Column,
        entry: u32,
        combination: usize,
        times: u64,
        record: Record<'_>,
    ) {
        let Some(table) = self.tables.get(column.set) else { return };
        let target = Target { table, column, combination, times };
        let aside = section(|section| {
            self.aside(target, entry, table.key(entry, section), section, record)
        });
        if aside {
            return;
        }
        let place = target.place(entry);
        if place.is_some_and(|place| place.state.load(Acquire) == state::REMOVED) {
            // The handle keeps the names: the series is there again, or can be made anew.
            let key: Option<Vec<OwnedValue>> = section(|section| {
                let key = table.key(entry, section);
                let again = table.find(key.clone(), section);
                let is_done = again
                    .is_some_and(|again| self.aside(target, again, key.clone(), section, record));
                (!is_done).then(|| key.map(OwnedValue::from).collect())
            });
            if let Some(key) = key {
                let open: Vec<Value<'_>> = key.iter().map(OwnedValue::borrow).collect();
                self.slowly(column, &open, combination, times, record);
            }
            return;
        }
        self.in_turn(|turn| {
            section(|section| {
                let key = table.key(entry, section);
                self.write(target, entry, key, turn, section, record);
            });
        });
    }

    /// Runs `work` on the entry of these labels, or of their overflow series, made if need be for
    /// some of the metrics. It cannot be removed meanwhile.
    #[cold]
    #[inline(never)]
    pub(super) fn resolve<'c, R>(
        &self,
        table: &Table,
        open: &[Value<'_>],
        columns: impl IntoIterator<Item = &'c Column>,
        work: impl FnOnce(u32) -> R,
    ) -> Option<R> {
        self.in_turn(|turn| {
            section(|section| {
                let key = clamped(table, open, section);
                self.entry_for(table, key, columns, turn, section).map(work)
            })
        })
    }

    /// The entry of a key; if there is none and none of the metrics has room, that of the series
    /// past every limit.
    fn entry_for<'c, 'k>(
        &self,
        table: &Table,
        key: impl Key<'k>,
        columns: impl IntoIterator<Item = &'c Column>,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        if let Some(entry) = table.find(key.clone(), section) {
            Some(entry)
        } else if let Some(entry) = table.keep_leaving(key.clone(), turn, section) {
            Some(entry)
        } else if columns.into_iter().any(|column| has_room(column, key.clone())) {
            table.insert(self, key, turn, section)
        } else {
            self.entry(table, overflow(table), turn, section)
        }
    }

    /// The entry of a key, made if need be.
    fn entry<'k>(
        &self,
        table: &Table,
        key: impl Key<'k>,
        turn: &mut Turn,
        section: &Section,
    ) -> Option<u32> {
        let found = table.find(key.clone(), section);
        found.or_else(|| table.insert(self, key, turn, section))
    }

    /// Runs `record` where that takes no turn; false if it does, or if the series was removed.
    fn aside<'k>(
        &self,
        target: Target<'_>,
        entry: u32,
        key: impl Key<'k>,
        section: &Section,
        record: Record<'_>,
    ) -> bool {
        let Some(place) = target.place(entry) else { return false };
        let column = place.column;
        match place.state.load(Acquire) {
            state::LIVE => record(place),
            state::QUIET => expose(place, state::QUIET, record),
            state::FRESH if !target.is_decided_by_limit(entry) => {
                expose(place, state::FRESH, record);
            }
            state::FRESH if column.is_full() => {
                return self.past_limit(target, key, section, record);
            }
            // However many keys are marked in part, what has a limit has one overflow series.
            state::OVERFLOW if column.is_limited() => {
                return self.past_limit(target, key, section, record);
            }
            state::OVERFLOW => self.overflow(target, place, key, record),
            _ => return false,
        }
        true
    }

    /// Runs `record` on a series that may have to be admitted first.
    fn write<'k>(
        &self,
        target: Target<'_>,
        entry: u32,
        key: impl Key<'k>,
        turn: &mut Turn,
        section: &Section,
        record: Record<'_>,
    ) {
        let Target { table, column, .. } = target;
        let Some(place) = target.place(entry) else { return };
        match place.state.load(Acquire) {
            state::FRESH if !target.is_decided_by_limit(entry) => (),
            state::FRESH if !column.is_full() => {
                column.admitted.fetch_add(1, Relaxed);
                if let Some(entry) = table.entry(entry) {
                    table.initialise(column, entry);
                }
                return expose(place, place.state.load(Relaxed), record);
            }
            state::FRESH | state::OVERFLOW if column.is_limited() => {
                // From now on the overflow series is found without a turn.
                let _ = self.entry(table, overflow(table), turn, section);
            }
            _ => (),
        }
        self.aside(target, entry, key, section, record);
    }

    /// Runs `record` on the one series of what is past a metric's own limit, or besides past that of
    /// a label; false if there is none yet.
    fn past_limit<'k>(
        &self,
        target: Target<'_>,
        key: impl Key<'k>,
        section: &Section,
        record: Record<'_>,
    ) -> bool {
        let entry = target.table.find(overflow(target.table), section);
        let place = entry.and_then(|entry| target.place(entry));
        if let Some(place) = place {
            self.overflow(target, place, key, record);
        }
        place.is_some()
    }

    /// Runs `record` on a series that stands for many, and counts that by the label of the key whose
    /// limit was reached.
    fn overflow<'k>(
        &self,
        target: Target<'_>,
        place: Place<'_>,
        key: impl Key<'k>,
        record: Record<'_>,
    ) {
        let Target { table, times, .. } = target;
        let marked = || {
            let labels = table.open.iter().zip(key.clone());
            labels.filter(|(_, value)| *value == Value::OVERFLOW).map(|(values, _)| values)
        };
        // Who was past the metric's own limit when its series was resolved has a marked key too.
        let rather = || if place.column.is_full() { None } else { marked().next() };
        let label = marked().find(|values| values.is_full()).or_else(rather);
        self.count_overflow(label.map(|values| values.name), times);
        // Counts and distributions can be added up; gauges of different series cannot.
        if matches!(place.column.metric.kind, Kind::Counter | Kind::Histogram) {
            record(place);
        }
    }
}

impl<'a> Target<'a> {
    fn place(self, entry: u32) -> Option<Place<'a>> {
        self.table.place(self.column, entry, self.combination)
    }

    /// Whether the metric's own limit decides about its series in an entry: it has one, and the entry
    /// none of its series yet.
    fn is_decided_by_limit(self, entry: u32) -> bool {
        let Self { table, column, .. } = self;
        let is_fresh = |combination| {
            let place = table.place(column, entry, combination);
            place.is_none_or(|place| place.state.load(Relaxed) == state::FRESH)
        };
        column.is_limited() && (0..table.layout.combinations).all(is_fresh)
    }
}

/// The key under which a record goes: values that are new and have no room are marked.
fn clamped<'k>(table: &'k Table, open: &'k [Value<'k>], section: &'k Section) -> impl Key<'k> {
    table.open.iter().zip(open).map(|(values, value)| values.clamp(*value, section))
}

/// The key of what is past every limit.
fn overflow(table: &Table) -> impl Key<'static> {
    table.layout.open.iter().map(|_| Value::OVERFLOW)
}

/// Whether a metric may have a series of its own under a new key.
fn has_room<'k>(column: &Column, key: impl Key<'k>) -> bool {
    !column.is_limited() || !column.is_full() && !is_overflow(key)
}

/// Runs `record` on a series and exposes it: in this order, so that no scrape sees a gauge before
/// its first value. If the series is removed meanwhile, the record was before that.
fn expose(place: Place<'_>, from: u32, record: Record<'_>) {
    record(place);
    if !place.column.was_set.load(Relaxed) {
        place.column.was_set.store(true, Relaxed);
    }
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
        metrics: &[Metric::COUNTER],
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
            store.slowly(column, &[Value::Unsigned(number)], 0, 1, &mut |_| ());
        }
        end.send(()).unwrap_or_default();
        assert!(scrape.join().unwrap());
        store.settle();
    }

    #[derive(Clone, Copy)]
    struct Two(&'static str, &'static str);

    impl LabelSet for Two {
        type Component = ();
        type Bound = ();
        type Open<'v> = [Value<'v>; 2];
        const SET: usize = 0;

        fn open(&self) -> Self::Open<'_> {
            [Value::Text(self.0), Value::Text(self.1)]
        }

        fn closed(&self) -> usize {
            0
        }
    }

    const LIMITED: Metric = Metric { series_limit: 1, ..Metric::COUNTER };
    const SAMPLED: Metric = Metric {
        name: "test_seconds",
        kind: Kind::Histogram,
        number: Number::Duration,
        sample: u32::MAX,
        ..Metric::COUNTER
    };

    static PAIRS: Component = Component {
        labels: &[
            Label { name: "one", values: &[], limit: 3 },
            Label { name: "other", values: &[], limit: 3 },
        ],
        sets: &[&[0, 1]],
        metrics: &[LIMITED, SAMPLED],
        name: "pairs",
        idle_timeout: None,
        overflow: OwnMetric::NONE,
        errors: OwnMetric::NONE,
    };

    /// Who finds it makes no detour, however long one text is and however short the other.
    #[test]
    fn a_long_text_beside_an_empty_one_is_found() {
        let store = Store::new(&PAIRS);
        let labels = Two("longer than two words", "");
        let column = store.column(Slot::new(1)).unwrap();
        store.slowly(column, &labels.open(), 0, 1, &mut |_| ());
        let found = section(|section| store.tables[0].find_labels(&labels, section).is_some());
        assert!(found);
    }

    /// A metric that is full has no room for another series, but it has for its own.
    #[test]
    fn a_series_that_is_leaving_stays_where_there_is_no_room_for_another() {
        let store = Store::new(&PAIRS);
        let (column, table) = (store.column(Slot::new(0)).unwrap(), &store.tables[0]);
        let record = |topic: &'static str| {
            let mut cell = 0;
            store.slowly(column, &Two(topic, "").open(), 0, 1, &mut |place| cell = place.cell);
            cell
        };
        let (own, overflow) = (record("own"), record("another"));
        assert_ne!(own, overflow);
        store.in_turn(|turn| {
            section(|section| {
                let key = Two("own", "").open();
                let key = key.iter().map(|value| value.canonical());
                let entry = table.find(key, section).unwrap();
                table.is_leaving.store(true, Relaxed);
                table.hide(entry, section);
                turn.table(table).leaving.push(entry);
            });
        });
        assert_eq!(record("own"), own);
        assert!(store.in_turn(|turn| turn.table(table).leaving.is_empty()));
    }

    #[test]
    fn a_timer_that_is_left_out_keeps_no_series() {
        use crate::__private::on::Histogram;
        use crate::__private::on::recorder::Handle;
        use crate::__private::on::source::Direct;
        let store = Store::new(&PAIRS);
        for topic in ["a", "b", "c", "d"] {
            let (slot, labels) = (Slot::new(1), Two(topic, ""));
            let source = Direct { store: &store, slot, labels };
            let seconds: Histogram<'_, Duration, _> = Handle::new(source);
            seconds.start_timer().stop();
        }
        section(|section| {
            let entry = store.tables[0].find_labels(&Two("a", ""), section);
            assert!(entry.is_none());
        });
    }
}
