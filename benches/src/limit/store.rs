//! Many series at the limit: a lock-free table with a cell a series.

use super::cell::{Row, Snapshot};
use super::table::Table;
use crate::input::{Pair, Triple};
use crate::store::{Memory, Store};

/// Counters with three labels, and a scrape that only reads them.
pub(crate) struct Limit {
    consumed: Table<Triple, Row>,
}

impl Limit {
    /// Room for so many series.
    pub(crate) fn new(series: usize) -> Self {
        Self { consumed: Table::new(series) }
    }
}

impl Store for Limit {
    fn send(&self, _pair: &Pair, _records: u64) {}

    fn observe(&self, _topic: &'static str, _seconds: f64) {}

    fn consume(&self, _counter: usize, triple: &Triple) {
        self.consumed.get(triple, || Row::new(1)).cells().add(0, 1);
    }

    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8] {
        memory.bytes.clear();
        let snapshot = Snapshot::new();
        for (triple, row) in self.consumed.entries() {
            // The labels are read, and the cells.
            memory.bytes.extend_from_slice(triple.topic.as_bytes());
            memory.bytes.extend_from_slice(triple.group.as_bytes());
            memory.bytes.extend_from_slice(&snapshot.sum(*row, 0).to_le_bytes());
        }
        &memory.bytes
    }
}
