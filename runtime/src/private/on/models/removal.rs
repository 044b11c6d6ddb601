//! Series go while others record into them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::support::{COUNTER, Scrape, Topic, component, events, model, registered, spawn, topic};
use crate::__private::on::{
    Bound, Component, Counter, Direct, Histogram, Kind, Metric, Number, Recorder, Store,
};
use crate::Registry;
use crate::label::Slot;

const HOUR: Duration = Duration::from_secs(3600);

static COMPONENT: Component =
    Component { idle_timeout: Some(HOUR), ..component(&[topic(8)], &[COUNTER]) };

static TIMED: Component = component(&[topic(8)], &[COUNTER, SECONDS]);

const SECONDS: Metric =
    Metric { name: "model_seconds", kind: Kind::Histogram, number: Number::Duration, ..COUNTER };

fn store(registry: &mut Registry) -> Arc<Store> {
    registry.add(&COMPONENT).unwrap()
}

fn bound_events(bound: &Bound) -> Counter<'_, u64> {
    bound.get(Slot::new(0))
}

fn seconds<'a>(
    recorder: &'a Recorder,
    topic: &'static str,
) -> Histogram<'a, Duration, Direct<'a, Topic>> {
    recorder.get(Topic(topic), Slot::new(1))
}

/// One thread records under a key; another removes it and records under a second one, which takes
/// over the entry: two preemptions.
#[test]
fn nothing_is_seen_under_another_key() {
    model(2, || {
        let (registry, recorder) = registered(&COMPONENT);
        events(&recorder, "a").inc();
        let late = spawn({
            let recorder = recorder.clone();
            move || events(&recorder, "a").inc()
        });
        assert!(recorder.remove(Topic("a")));
        events(&recorder, "b").inc();
        late.join().unwrap();

        let after = Scrape::new(&registry);
        assert_eq!(after.events("b"), Some(1));
        // The late one was removed with the series, or has begun it anew.
        assert!(matches!(after.events("a"), None | Some(1)));
    });
}

/// The same with a third thread to take over the entry: one preemption.
#[test]
fn nothing_is_seen_under_the_key_of_a_third_thread() {
    model(1, || {
        let (registry, recorder) = registered(&COMPONENT);
        events(&recorder, "a").inc();
        let others = ["a", "b"].map(|topic| {
            let recorder = recorder.clone();
            spawn(move || events(&recorder, topic).inc())
        });
        assert!(recorder.remove(Topic("a")));
        others.into_iter().for_each(|other| other.join().unwrap());

        let after = Scrape::new(&registry);
        assert_eq!(after.events("b"), Some(1));
        assert!(matches!(after.events("a"), None | Some(1)));
    });
}

/// A series that was idle is used again while it goes: two preemptions.
#[test]
fn a_late_record_into_an_idle_series_is_not_lost() {
    model(2, || {
        let (mut registry, recorder) = registered(&COMPONENT);
        let store = store(&mut registry);
        let start = Instant::now();
        events(&recorder, "a").inc();
        store.remove_idle(start);
        let late = spawn({
            let recorder = recorder.clone();
            move || events(&recorder, "a").inc()
        });
        store.remove_idle(start + 2 * HOUR);
        late.join().unwrap();

        // It has kept the series, or begun it anew.
        assert!(matches!(Scrape::new(&registry).events("a"), Some(1 | 2)));
        assert!(recorder.remove(Topic("a")));
        events(&recorder, "b").inc();
        assert_eq!(Scrape::new(&registry).events("b"), Some(1));
    });
}

/// Two scrapes look for idle series at once, of which there is one: two preemptions.
#[test]
fn two_scrapes_remove_an_idle_series_once() {
    model(2, || {
        let (mut registry, recorder) = registered(&COMPONENT);
        let store = store(&mut registry);
        let start = Instant::now();
        events(&recorder, "a").inc();
        store.remove_idle(start);
        let other = spawn({
            let store = Arc::clone(&store);
            move || store.remove_idle(start + 2 * HOUR)
        });
        store.remove_idle(start + 2 * HOUR);
        other.join().unwrap();

        ["b", "c"].iter().for_each(|topic| events(&recorder, topic).inc());
        let after = Scrape::new(&registry);
        assert_eq!(["a", "b", "c"].map(|topic| after.events(topic)), [None, Some(1), Some(1)]);
    });
}

/// Two scrapes look for idle series at once, and one of the series is used again: one preemption.
#[test]
fn two_scrapes_lose_no_late_record() {
    model(1, || {
        let (mut registry, recorder) = registered(&COMPONENT);
        let store = store(&mut registry);
        let start = Instant::now();
        ["a", "b"].iter().for_each(|topic| events(&recorder, topic).inc());
        store.remove_idle(start);
        let other = spawn({
            let store = Arc::clone(&store);
            move || store.remove_idle(start + 2 * HOUR)
        });
        let late = spawn({
            let recorder = recorder.clone();
            move || events(&recorder, "b").inc()
        });
        store.remove_idle(start + 2 * HOUR);
        other.join().unwrap();
        late.join().unwrap();
        assert!(matches!(Scrape::new(&registry).events("b"), Some(1 | 2)));
    });
}

/// A series is removed while it is leaving for being idle and has just been used again: two
/// preemptions.
#[test]
fn an_idle_series_can_be_removed() {
    model(2, || {
        let (mut registry, recorder) = registered(&COMPONENT);
        let store = store(&mut registry);
        let start = Instant::now();
        events(&recorder, "a").inc();
        store.remove_idle(start);
        let other = spawn({
            let store = Arc::clone(&store);
            move || store.remove_idle(start + 2 * HOUR)
        });
        events(&recorder, "a").inc();
        recorder.remove(Topic("a"));
        other.join().unwrap();
        assert_eq!(Scrape::new(&registry).events("a"), None);
    });
}

/// A bound handle records while its series is removed: two preemptions.
#[test]
fn a_bound_handle_begins_a_removed_series_anew() {
    model(2, || {
        let (registry, recorder) = registered(&COMPONENT);
        let bound = recorder.bind(Topic("a"));
        bound_events(&bound).inc();
        let remover = spawn({
            let recorder = recorder.clone();
            move || assert!(recorder.remove(Topic("a")))
        });
        bound_events(&bound).inc();
        remover.join().unwrap();
        assert!(matches!(Scrape::new(&registry).events("a"), None | Some(1)));

        bound_events(&bound).inc();
        events(&recorder, "b").inc();
        let after = Scrape::new(&registry);
        assert!(matches!(after.events("a"), Some(1 | 2)));
        assert_eq!(after.events("b"), Some(1));
    });
}

/// The last handle goes while the series is removed; whoever is second recycles the entry: two
/// preemptions.
#[test]
fn an_entry_is_recycled_whoever_lets_go_last() {
    model(2, || {
        let (mut registry, recorder) = registered(&COMPONENT);
        let bound = recorder.bind(Topic("a"));
        let remover = spawn({
            let recorder = recorder.clone();
            move || assert!(recorder.remove(Topic("a")))
        });
        drop(bound);
        remover.join().unwrap();

        events(&recorder, "b").inc();
        let store = store(&mut registry);
        assert!(store.tables[0].pages.get(1).is_none(), "the first entry has not come back");
    });
}

/// A timer ends while its series is removed and another key could take over the entry: one
/// preemption.
#[test]
fn a_timer_keeps_its_entry() {
    model(1, || {
        let (registry, recorder) = registered(&TIMED);
        // A live series is recorded into without a section, which would order what is to be ordered.
        seconds(&recorder, "a").observe(Duration::ZERO);
        let timer = seconds(&recorder, "a").start_timer();
        let other = spawn({
            let recorder = recorder.clone();
            move || {
                recorder.remove(Topic("a"));
                events(&recorder, "b").inc();
            }
        });
        drop(timer);
        other.join().unwrap();
        assert_eq!(seconds(&recorder, "b").count(), 0);
        assert!(seconds(&recorder, "a").count() <= 2);
        assert_eq!(Scrape::new(&registry).events("b"), Some(1));
    });
}

/// What a handle records last, without a section, is in its entry before another key takes that
/// over: two preemptions.
#[test]
fn the_last_record_of_a_handle_is_not_seen_under_another_key() {
    model(2, || {
        let (registry, recorder) = registered(&COMPONENT);
        let bound = recorder.bind(Topic("a"));
        bound_events(&bound).inc();
        let other = spawn({
            let recorder = recorder.clone();
            move || {
                recorder.remove(Topic("a"));
                events(&recorder, "b").inc();
            }
        });
        bound_events(&bound).inc();
        drop(bound);
        other.join().unwrap();
        assert_eq!(Scrape::new(&registry).events("b"), Some(1));
    });
}
