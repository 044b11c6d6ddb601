//! A label reaches its limit while two threads record new values of it.

use super::support::{COUNTER, Scrape, component, events, model, registered, spawn, topic};
use crate::__private::on::{Component, Recorder};
use crate::Registry;

static COMPONENT: Component = component(&[topic(1)], &[COUNTER]);

/// Room for one value and two new ones at once: two preemptions.
#[test]
fn one_value_gets_its_series_and_the_other_the_overflow() {
    model(2, || {
        let (registry, recorder) = registered(&COMPONENT);
        let other = record(&recorder, "a");
        events(&recorder, "b").inc();
        other.join().unwrap();
        check(&registry);
    });
}

/// The same beside a scrape: one preemption.
#[test]
fn no_series_goes_back_while_a_limit_is_reached() {
    model(1, || {
        let (registry, recorder) = registered(&COMPONENT);
        let threads = ["a", "b"].map(|topic| record(&recorder, topic));
        let between = Scrape::new(&registry);
        assert!(between.total() <= 2);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let after = check(&registry);
        for topic in ["a", "b", "__overflow__"] {
            assert!(between.events(topic) <= after.events(topic), "{topic} went back");
        }
    });
}

fn record(recorder: &Recorder, topic: &'static str) -> loom::thread::JoinHandle<()> {
    let recorder = recorder.clone();
    spawn(move || events(&recorder, topic).inc())
}

fn check(registry: &Registry) -> Scrape {
    let after = Scrape::new(registry);
    let own = [after.events("a"), after.events("b")];
    assert!(own == [Some(1), None] || own == [None, Some(1)], "{own:?}");
    assert_eq!((after.events("__overflow__"), after.overflown()), (Some(1), 1));
    after
}
