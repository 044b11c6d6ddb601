//! A series appears while others look for it.

use super::support::{COUNTER, Scrape, component, events, model, registered, spawn, topic};
use crate::__private::on::Component;
use crate::__private::on::memory::without_light;

static COMPONENT: Component = component(&[topic(8)], &[COUNTER]);

/// Two threads record the same new value, beside a scrape: one preemption, and no fence but what
/// publishes an entry.
#[test]
fn a_series_that_two_threads_begin_is_one() {
    without_light(|| {
        model(1, || {
            let (registry, recorder) = registered(&COMPONENT);
            let threads = [0, 1].map(|_| {
                let recorder = recorder.clone();
                spawn(move || {
                    events(&recorder, "a").inc();
                    events(&recorder, "a").inc();
                })
            });
            let before = Scrape::new(&registry).events("a");
            let after = Scrape::new(&registry).events("a");
            assert!(before <= after && after <= Some(4), "{before:?} {after:?}");
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            assert_eq!(Scrape::new(&registry).events("a"), Some(4));
        });
    });
}
