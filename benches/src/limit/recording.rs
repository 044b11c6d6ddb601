//! The candidates at the limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::cell::{Row, Snapshot};
use super::histogram::{self, Search};
use super::table::Table;
use super::{NAME, clock};
use crate::candidate::Candidate;
use crate::input::{self, Pair};
use crate::nothing_folded;

pub(crate) fn bound_counter() -> Candidate {
    let row = Row::new(1);
    let pass = move || {
        for _ in 0..input::CALLS {
            row.cells().add(0, 1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || Snapshot::new().sum(row, 0))
}

pub(crate) fn two_labels() -> Candidate {
    let (table, pairs) = (Arc::new(Table::<Pair, Row>::new(input::CALLS)), input::pairs());
    let held = Arc::clone(&table);
    let pass = move || {
        for pair in pairs {
            table.get(pair, || Row::new(1)).cells().add(0, 1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let snapshot = Snapshot::new();
        held.entries().map(|(_, row)| snapshot.sum(*row, 0)).sum()
    })
}

pub(crate) fn closed_labels() -> Candidate {
    let (row, closed) = (Row::new(16), input::closed());
    let pass = move || {
        for closed in closed {
            row.cells().add(closed.method * 4 + closed.status, 1);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        let snapshot = Snapshot::new();
        (0..16).map(|cell| snapshot.sum(row, cell)).sum()
    })
}

pub(crate) fn bound_histogram() -> Candidate {
    let (row, search, values) = (histogram::row(), Search::new(), input::values());
    let pass = move || {
        for &value in values {
            search.observe(row.cells(), value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || histogram::count(row))
}

pub(crate) fn bound_duration() -> Candidate {
    let (row, search, durations) = (histogram::row(), Search::new(), input::durations());
    let pass = move || {
        for &duration in durations {
            search.observe_duration(row.cells(), duration);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || histogram::count(row))
}

pub(crate) fn timer() -> Candidate {
    let (row, search) = (histogram::row(), Search::new());
    let pass = move || {
        for _ in 0..input::CALLS {
            let start = clock::ticks();
            search.observe_nanoseconds(row.cells(), clock::ticks().saturating_sub(start));
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || histogram::count(row))
}

pub(crate) fn labelled_histogram() -> Candidate {
    let (table, search) = (Arc::new(Table::<&'static str, Row>::new(16)), Search::new());
    let (observed, held) = (input::observed(), Arc::clone(&table));
    let pass = move || {
        for (topic, value) in observed {
            search.observe(table.get(topic, histogram::row).cells(), *value);
            nothing_folded();
        }
    };
    Candidate::counting(NAME, pass, move || {
        held.entries().map(|(_, row)| histogram::count(*row)).sum()
    })
}

pub(crate) fn gauge() -> Candidate {
    let gauge = Arc::new(AtomicI64::new(0));
    let held = Arc::clone(&gauge);
    let pass = move || {
        for value in 0..input::CALLS as i64 {
            gauge.store(value, Relaxed);
            nothing_folded();
        }
    };
    Candidate::setting(NAME, pass, input::CALLS as i64 - 1, move || held.load(Relaxed))
}

/// A loop that does nothing.
pub(crate) fn empty() -> Candidate {
    let pairs = input::pairs();
    Candidate::unchecked("an empty loop", input::CALLS, move || {
        for _ in pairs {
            nothing_folded();
        }
    })
}
