//! A block of cells goes from a thread that ends to one that begins.

use super::support::{model, spawn};
use crate::__private::on::memory::{Cells, Reader, add};

fn total(cells: &Cells) -> u64 {
    Reader::default().integer(cells.first())
}

/// Two threads, of which the second gets the first one's block or one of its own, and a scrape:
/// two preemptions.
#[test]
fn a_total_never_falls_and_is_exact_however_blocks_are_handed_over() {
    model(2, || {
        let cells = Cells::new(1).unwrap();
        let id = cells.first();
        let record = move || {
            add(id, 1_u64, false);
            add(id, 1_u64, false);
        };
        let (one, two) = (spawn(record), spawn(record));
        let before = total(&cells);
        let after = total(&cells);
        assert!(before <= after && after <= 4, "{before}, {after}");
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(total(&cells), 4);
    });
}

/// The second thread begins after the first one has ended: it continues in the same block, which a
/// scrape reads meanwhile. Two preemptions.
#[test]
fn a_thread_goes_on_where_another_has_ended() {
    model(2, || {
        let cells = Cells::new(3).unwrap();
        let id = cells.first();
        let scrape = spawn(move || {
            let before = Reader::default().integer(id);
            let after = Reader::default().integer(id);
            assert!(before <= after && after <= 2, "{before}, {after}");
        });
        spawn(move || add(id, 1_u64, false)).join().unwrap();
        spawn(move || {
            // A chunk further on, so that the block's directory grows.
            add(id + 2, 1.5, false);
            add(id, 1_u64, false);
        })
        .join()
        .unwrap();
        scrape.join().unwrap();
        assert_eq!(total(&cells), 2);
        assert_eq!(Reader::default().float(id + 2), 1.5);
    });
}
