//! Waiting for sections: who has closed a gate and waited is alone behind it.
//!
//! The gate stands for an index or a pointer by which something can be found; what is behind it
//! stands for what is found. Loom fails where one writes there while another reads.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Relaxed, Release};

use super::support::{model, spawn};
use crate::__private::on::memory::{section, threads};

struct Gate {
    is_open: AtomicBool,
    behind: UnsafeCell<u32>,
}

impl Gate {
    fn new() -> Arc<Self> {
        Arc::new(Self { is_open: AtomicBool::new(true), behind: UnsafeCell::new(0) })
    }

    /// Reads what is behind the gate if it is open.
    fn read(&self) {
        if self.is_open.load(Relaxed) {
            self.behind.with(|_| ());
        }
    }

    /// Closes the gate, waits, and writes.
    fn close(&self) {
        self.is_open.store(false, Release);
        assert!(threads().wait_for_sections());
        self.behind.with_mut(|_| ());
    }
}

fn beside_the_remover(read: impl Fn(&Gate) + Copy + Send + Sync + 'static) {
    model(3, move || {
        let gate = Gate::new();
        let reader = spawn({
            let gate = Arc::clone(&gate);
            move || read(&gate)
        });
        gate.close();
        reader.join().unwrap();
    });
}

/// Two sections, one after the other, of a thread that claims its block meanwhile: three
/// preemptions.
#[test]
fn a_section_that_began_before_has_ended() {
    beside_the_remover(|gate| {
        section(|_| gate.read());
        section(|_| gate.read());
    });
}

/// The inner section does not end the outer one: three preemptions.
#[test]
fn a_section_within_a_section_does_not_end_it() {
    beside_the_remover(|gate| {
        section(|_| {
            section(|_| gate.read());
            gate.read();
        });
    });
}

/// A thread that is being torn down has no block: three preemptions.
#[test]
fn a_section_of_a_guest_has_ended_too() {
    beside_the_remover(|gate| {
        threads().enter_as_guest();
        gate.read();
        threads().leave_as_guest();
    });
}

/// A block's sections are waited for whoever has it: two preemptions.
#[test]
fn sections_of_a_block_that_is_handed_over_are_waited_for() {
    model(2, || {
        let gate = Gate::new();
        let readers = [0, 1].map(|_| {
            let gate = Arc::clone(&gate);
            spawn(move || section(|_| gate.read()))
        });
        gate.close();
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
}
