//! Recording works wherever a program may be: while a thread is torn down, or unwinds.

use std::cell::RefCell;
use std::thread;

use streamhouse_metrics::__private::on::{Component, Counter, Kind, Number, Recorder, Slot, Value};

use crate::support::{EMPTY, Labels, metric, open, plain, registered};

static LATE: Component = Component {
    name: "late",
    labels: &[open("topic", 10)],
    sets: &[&[], &[0]],
    metrics: &[
        metric("late_events", Kind::Counter, Number::Integer, 0),
        metric("late_moved", Kind::Counter, Number::Integer, 1),
    ],
    ..EMPTY
};

fn record(recorder: &Recorder) {
    let events: Counter<'_, u64, _> = plain::<0, _>(recorder, 0);
    events.inc();
    moved(recorder).inc();
}

fn moved(recorder: &Recorder) -> Counter<'_, u64, crate::support::By<'_, 1, 1>> {
    recorder.get(Labels::<1, 1>([Value::Text("orders")], 0), Slot::new(1))
}

/// Records when it is dropped.
struct Last(Recorder);

impl Drop for Last {
    fn drop(&mut self) {
        record(&self.0);
    }
}

thread_local! {
    static EARLY: RefCell<Option<Last>> = const { RefCell::new(None) };
    static LATER: RefCell<Option<Last>> = const { RefCell::new(None) };
}

#[test]
fn thread_locals_record_when_they_are_dropped() {
    let (_registry, recorder) = registered(&LATE);
    for _ in 0..100 {
        let recorder = recorder.clone();
        // One of them is dropped after what the recorder itself keeps of the thread.
        let thread = thread::spawn(move || {
            EARLY.with_borrow_mut(|last| *last = Some(Last(recorder.clone())));
            record(&recorder);
            LATER.with_borrow_mut(|last| *last = Some(Last(recorder)));
        });
        assert!(thread.join().is_ok());
    }
    let events: Counter<'_, u64, _> = plain::<0, _>(&recorder, 0);
    assert_eq!((events.get(), moved(&recorder).get()), (300, 300));
}

#[test]
fn a_drop_records_while_its_thread_unwinds() {
    let (_registry, recorder) = registered(&LATE);
    let worker = recorder.clone();
    let outcome = thread::spawn(move || {
        let _last = Last(worker);
        panic!("on purpose: what is dropped must still be counted");
    })
    .join();
    assert!(outcome.is_err());
    // Nothing is left locked or poisoned.
    record(&recorder);
    assert_eq!(moved(&recorder).get(), 2);
    assert!(recorder.remove(Labels::<1, 1>([Value::Text("orders")], 0)));
}
