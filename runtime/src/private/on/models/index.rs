//! An index is searched while numbers come and go.
//!
//! A number's hash is such that all of them want the first slot of the table: searches come across
//! each other's slots, and across removed ones.

use loom::sync::Arc;

use super::support::{model, spawn};
use crate::__private::on::memory::{Index, Section, section, threads, without_light};
use crate::sync::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Different in the half that stands in a slot, the same in the half that chooses it.
fn hash(number: u32) -> u64 {
    u64::from(number.reverse_bits()) << 32
}

fn is_found(index: &Index, number: u32, section: &Section) -> bool {
    index.candidates(hash(number), section).any(|found| found == number)
}

fn find(index: &Index, number: u32) -> bool {
    section(|section| is_found(index, number, section))
}

fn insert(index: &Index, number: u32) {
    let retired = section(|section| index.insert(hash(number), number, section, hash));
    let kept = threads().free(retired.into_iter().collect());
    assert!(kept.is_empty());
}

fn remove(index: &Index, number: u32) {
    section(|section| index.remove(hash(number), number, section));
}

/// From two slots to four, where the outgrown table is freed: three preemptions.
#[test]
fn what_was_there_is_found_while_the_table_grows() {
    model(3, || {
        let index = Arc::new(Index::new());
        insert(&index, 0);
        let writer = spawn({
            let index = Arc::clone(&index);
            move || {
                insert(&index, 1);
                insert(&index, 2);
            }
        });
        assert!(find(&index, 0));
        let third = find(&index, 2);
        // They were inserted in this order.
        assert!(!third || find(&index, 1));
        writer.join().unwrap();
        assert!([0, 1, 2].iter().all(|number| find(&index, *number)));
    });
}

/// The other one stands behind the slot that is emptied: three preemptions.
#[test]
fn what_stays_is_found_while_something_else_is_removed() {
    model(3, || {
        let index = Arc::new(Index::new());
        (0..3).for_each(|number| insert(&index, number));
        let writer = spawn({
            let index = Arc::clone(&index);
            move || {
                remove(&index, 0);
                remove(&index, 1);
            }
        });
        let (first, second) = section(|section| {
            let second = is_found(&index, 1, section);
            (is_found(&index, 0, section), second)
        });
        assert!(find(&index, 2));
        // They were removed in this order: who misses the second misses the first.
        assert!(second || !first);
        writer.join().unwrap();
        assert_eq!([0, 1, 2].map(|number| find(&index, number)), [false, false, true]);
    });
}

/// A number that comes back between two of the same hash fills the table with removed slots until
/// it is built anew: two preemptions.
#[test]
fn a_table_full_of_removed_slots_is_rebuilt_beside_a_search() {
    model(2, || {
        let index = Arc::new(Index::new());
        insert(&index, 0);
        insert(&index, 1);
        let writer = spawn({
            let index = Arc::clone(&index);
            move || {
                for _ in 0..2 {
                    remove(&index, 1);
                    insert(&index, 1);
                }
            }
        });
        assert!(find(&index, 0));
        find(&index, 1);
        writer.join().unwrap();
        assert!(find(&index, 0) && find(&index, 1));
    });
}

/// A number stands for what was written before it was inserted: three preemptions, and no fence
/// but the index' own.
#[test]
fn who_finds_a_number_sees_what_it_stands_for() {
    without_light(|| {
        model(3, || {
            let index = Arc::new((Index::new(), AtomicU64::new(0)));
            // In a table of four slots, so that nothing is freed.
            insert(&index.0, 0);
            insert(&index.0, 1);
            let writer = spawn({
                let index = Arc::clone(&index);
                move || {
                    index.1.store(1, Relaxed);
                    insert(&index.0, 2);
                }
            });
            if find(&index.0, 2) {
                assert_eq!(index.1.load(Relaxed), 1);
            }
            writer.join().unwrap();
        });
    });
}
