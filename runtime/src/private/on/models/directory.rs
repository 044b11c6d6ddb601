//! A directory grows while it is read.

use loom::sync::Arc;

use super::support::{model, spawn};
use crate::__private::on::memory::{Directory, section, threads};
use crate::sync::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

type Numbers = Directory<AtomicU64>;

fn put(directory: &Numbers, index: usize) {
    directory.put(index, Box::new(AtomicU64::new(index as u64)));
}

fn number(directory: &Numbers, index: usize) -> Option<u64> {
    directory.get(index).map(|number| number.load(Relaxed))
}

/// From one slot to four, of which the last is filled without growing: three preemptions.
#[test]
fn a_value_once_put_is_found_however_the_directory_grows() {
    model(3, || {
        let directory = Arc::new(Numbers::new());
        put(&directory, 0);
        let writer = spawn({
            let directory = Arc::clone(&directory);
            move || {
                put(&directory, 2);
                put(&directory, 3);
            }
        });
        assert_eq!(number(&directory, 0), Some(0));
        let last = number(&directory, 3);
        let third = number(&directory, 2);
        assert!(last.is_none_or(|number| number == 3));
        assert!(third.is_none_or(|number| number == 2));
        // They were put in this order.
        assert!(last.is_none() || third.is_some());
        writer.join().unwrap();
        let all = [0, 1, 2, 3].map(|index| number(&directory, index));
        assert_eq!(all, [Some(0), None, Some(2), Some(3)]);
    });
}

/// The slots that a thread remembers, as it does of its own chunks, stay readable: three
/// preemptions.
#[test]
fn slots_seen_before_the_directory_grew_stay_readable() {
    model(3, || {
        let directory = Arc::new(Numbers::new());
        put(&directory, 0);
        let writer = spawn({
            let directory = Arc::clone(&directory);
            move || put(&directory, 1)
        });
        let slots = directory.slots();
        let seen = slots.iter().filter_map(|slot| slot.get()).map(|number| number.load(Relaxed));
        let seen: Vec<u64> = seen.collect();
        assert!(seen == [0] || seen == [0, 1], "{seen:?}");
        writer.join().unwrap();
    });
}

/// Two threads put the same value: one of them wins, and both get that one. Three preemptions.
#[test]
fn who_puts_second_gets_the_first_value() {
    model(3, || {
        let directory = Arc::new(Numbers::new());
        let other = spawn({
            let directory = Arc::clone(&directory);
            move || directory.put(0, Box::new(AtomicU64::new(1))).load(Relaxed)
        });
        let mine = directory.put(0, Box::new(AtomicU64::new(2))).load(Relaxed);
        assert_eq!(other.join().unwrap(), mine);
        assert_eq!(number(&directory, 0), Some(mine));
    });
}

/// A value is taken and freed while it is read in a section: three preemptions.
#[test]
fn what_is_taken_is_freed_after_its_last_reader() {
    model(3, || {
        let directory = Arc::new(Numbers::new());
        put(&directory, 0);
        let reader = spawn({
            let directory = Arc::clone(&directory);
            move || section(|_| number(&directory, 0))
        });
        let kept = threads().free(directory.take(0).into_iter().collect());
        assert!(kept.is_empty());
        assert!(matches!(reader.join().unwrap(), None | Some(0)));
        assert_eq!(number(&directory, 0), None);
    });
}
