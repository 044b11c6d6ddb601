//! Cells run out of memory, and threads share.

use super::support::{model, spawn};
use crate::__private::on::memory::{Cells, Chunk, Directory, Reader, add, threads};

/// Memory for one chunk and two threads: who comes second adds to the shared cell. Two
/// preemptions.
#[test]
fn totals_are_exact_past_the_memory_limit() {
    model(2, || {
        threads().limit_memory(size_of::<Chunk>() + Directory::<Chunk>::new().growth(0));
        let cells = Cells::new(1).unwrap();
        let id = cells.first();
        let record = move || {
            add(id, 1_u64, true);
            add(id, 1_u64, true);
        };
        let (one, two) = (spawn(record), spawn(record));
        let before = Reader::default().integer(id);
        let after = Reader::default().integer(id);
        assert!(before <= after && after <= 4, "{before}, {after}");
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(Reader::default().integer(id), 4);
    });
}

/// No memory at all: both threads add to the shared cells. Two preemptions.
#[test]
fn shared_cells_lose_nothing() {
    model(2, || {
        threads().limit_memory(0);
        let cells = Cells::new(2).unwrap();
        let id = cells.first();
        let record = move || {
            add(id, 1_u64, true);
            add(id + 1, 0.5, true);
        };
        let (one, two) = (spawn(record), spawn(record));
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(Reader::default().integer(id), 2);
        assert_eq!(Reader::default().float(id + 1), 1.0);
        assert_eq!(threads().chunks(0).count(), 1);
        assert_eq!(threads().chunks(0).count(), 1);
    });
}
