//! Memory stays flat: past a limit, over removals, over threads that come and go.

#![cfg(feature = "metrics")]

#[path = "recording/support.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};

use support::{EMPTY, Labels, check, metric, open, overflow, registered};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bytes that live, of all threads.
static LIVE: AtomicI64 = AtomicI64::new(0);

thread_local! {
    /// How often this thread has allocated.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing.
#[expect(unsafe_code, reason = "an allocator is unsafe to write")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as i64, Relaxed);
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the rules of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: the caller keeps the rules of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Lets one test at a time measure what lives.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails if the second half of so many rounds needs memory that the first half did not.
fn check_flat(rounds: u64, mut round: impl FnMut(u64)) {
    (0..rounds / 2).for_each(&mut round);
    let before = LIVE.load(Relaxed);
    (rounds / 2..rounds).for_each(&mut round);
    let grown = LIVE.load(Relaxed) - before;
    // The harness may be writing a line meanwhile.
    assert!(grown < 16 * 1024, "{grown} bytes more");
}

static LIMITED: Component = Component {
    name: "flat",
    labels: &[open("topic", 10), open("partition", 10)],
    sets: &[&[0], &[0, 1]],
    metrics: &[
        metric("flat_sent", Kind::Counter, Number::Integer, 0),
        metric("flat_lag", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("flat_seconds", Kind::Histogram, Number::Duration, 0)
        },
        metric("flat_moved", Kind::Counter, Number::Integer, 1),
    ],
    overflow: overflow("flat_overflow", &["topic", "partition"]),
    ..EMPTY
};

fn topic(topic: u64) -> Labels<'static, 0, 1> {
    Labels([Value::Unsigned(topic)], 0)
}

/// Records into all metrics of a topic.
fn record(recorder: &Recorder, number: u64) {
    let sent: Counter<'_, u64, _> = recorder.get(topic(number), Slot::new(0));
    sent.inc();
    let lag: Gauge<'_, i64, _> = recorder.get(topic(number), Slot::new(1));
    lag.set(1);
    let seconds: Histogram<'_, Duration, _> = recorder.get(topic(number), Slot::new(2));
    seconds.observe(Duration::from_millis(number % 2000));
    let labels = Labels::<1, _>([Value::Unsigned(number), Value::Unsigned(number % 100)], 0);
    let moved: Counter<'_, u64, _> = recorder.get(labels, Slot::new(3));
    moved.inc();
}

#[test]
fn values_past_a_limit_allocate_nothing() {
    const VALUES: u64 = 200_000;
    let _alone = alone();
    let (registry, recorder) = registered(&LIMITED);
    (0..1000).for_each(|number| record(&recorder, number));
    let before = ALLOCATIONS.get();
    (1000..VALUES).for_each(|number| record(&recorder, number));
    assert_eq!(ALLOCATIONS.get() - before, 0);
    let past = VALUES - 10;
    let body = registry.to_text();
    let line = format!("flat_sent_total{{topic=\"__overflow__\"}} {past}\n");
    assert!(body.contains(&line), "{body}");
}

/// The same without limits that anybody reaches.
static REMOVABLE: Component = Component {
    name: "flat",
    labels: &[open("topic", 1_000_000), open("partition", 1_000_000)],
    sets: LIMITED.sets,
    metrics: LIMITED.metrics,
    ..EMPTY
};

fn remove(recorder: &Recorder, number: u64) {
    assert!(recorder.remove(topic(number)));
    let both = [Value::Unsigned(number), Value::Unsigned(number % 100)];
    assert!(recorder.remove(Labels::<1, _>(both, 0)));
}

/// Its series was removed; it finds the one that has taken its place by the names it keeps.
#[test]
fn a_handle_whose_series_has_begun_anew_allocates_nothing() {
    let _alone = alone();
    let (registry, recorder) = registered(&REMOVABLE);
    let bound = recorder.bind(topic(7));
    let sent: Counter<'_, u64> = bound.get(Slot::new(0));
    assert!(recorder.remove(topic(7)));
    sent.inc();
    let before = ALLOCATIONS.get();
    (0..1000).for_each(|_| sent.inc());
    assert_eq!(ALLOCATIONS.get() - before, 0);
    check(&registry, "flat_sent_total{topic=\"7\"} 1001");
}

#[test]
fn what_is_made_and_removed_uses_the_same_memory_again() {
    let _alone = alone();
    let (registry, recorder) = registered(&REMOVABLE);
    check_flat(20_000, |number| {
        record(&recorder, number);
        remove(&recorder, number);
    });
    check(&registry, "");
}

#[test]
fn so_does_what_a_handle_or_a_timer_has_kept_meanwhile() {
    let _alone = alone();
    let (registry, recorder) = registered(&REMOVABLE);
    check_flat(10_000, |number| {
        let seconds: Histogram<'_, Duration, _> = recorder.get(topic(number), Slot::new(2));
        let timer = seconds.start_timer();
        let bound = recorder.bind(topic(number));
        let copy = bound.clone();
        recorder.remove(topic(number));
        drop(bound);
        if number % 2 == 0 {
            timer.stop();
            recorder.remove(topic(number));
            drop(copy);
        } else {
            drop(copy);
            timer.discard();
        }
    });
    check(&registry, "");
}

#[test]
fn so_does_what_only_timers_have_kept() {
    let _alone = alone();
    let (registry, recorder) = registered(&REMOVABLE);
    check_flat(10_000, |number| {
        let seconds: Histogram<'_, Duration, _> = recorder.get(topic(number), Slot::new(2));
        let timer = seconds.start_timer();
        recorder.remove(topic(number));
        timer.stop();
        recorder.remove(topic(number));
        // A timer does not clean up when it ends; a scrape does.
        if number % 100 == 0 {
            registry.to_text();
        }
    });
    check(&registry, "");
}

#[test]
fn a_component_that_is_dropped_leaves_its_cells_to_the_next_one() {
    let _alone = alone();
    check_flat(200, |_| {
        let (registry, recorder) = registered(&REMOVABLE);
        (0..100).for_each(|number| record(&recorder, number));
        let bound = recorder.bind(topic(1));
        recorder.remove(topic(1));
        drop((registry, recorder));
        let sent: Counter<'_, u64> = bound.get(Slot::new(0));
        sent.inc();
    });
}

#[test]
fn threads_that_come_and_go_continue_where_others_ended() {
    const THREADS: u64 = 1000;
    let _alone = alone();
    let (registry, recorder) = registered(&REMOVABLE);
    check_flat(THREADS / 2, |_| {
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..100).for_each(|number| record(&recorder, number)));
            }
        });
    });
    let sent: Counter<'_, u64, _> = recorder.get(topic(7), Slot::new(0));
    let moved = Labels::<1, _>([Value::Unsigned(7), Value::Unsigned(7)], 0);
    let moved: Counter<'_, u64, _> = recorder.get(moved, Slot::new(3));
    assert_eq!((sent.get(), moved.get()), (THREADS, THREADS));
    let body = registry.to_text();
    assert!(body.contains("flat_sent_total{topic=\"7\"} 1000\n"), "{body}");
}
