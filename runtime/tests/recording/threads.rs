//! Recording from many threads while others scrape: nothing is lost, nothing goes back.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::Registry;

use crate::support::{EMPTY, Labels, metric, open, plain, registered, samples, text};

const THREADS: u64 = 16;
const INCREMENTS: u64 = 1_000_000;

/// Each thread also does what is dearer, in every so many steps.
const DEAR: u64 = 20;

static SHARED: Component = Component {
    name: "shared",
    labels: &[open("topic", 50), open("partition", 1000)],
    sets: &[&[], &[0], &[0, 1]],
    metrics: &[
        metric("shared_events", Kind::Counter, Number::Integer, 0),
        metric("shared_amount", Kind::Counter, Number::Float, 0),
        metric("shared_level", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(0.001, "0.001"), (0.01, "0.01")],
            ..metric("shared_seconds", Kind::Histogram, Number::Duration, 1)
        },
        metric("shared_moved", Kind::Counter, Number::Integer, 2),
    ],
    ..EMPTY
};

/// What one thread does: every total is known afterwards.
fn work(recorder: &Recorder, thread: u64) {
    let events: Counter<'_, u64, _> = plain::<0, _>(recorder, 0);
    let amount: Counter<'_, f64, _> = plain::<0, _>(recorder, 1);
    let level: Gauge<'_, i64, _> = plain::<0, _>(recorder, 2);
    for step in 0..INCREMENTS {
        events.inc();
        amount.inc_by(0.5);
        level.add(1);
        if step % DEAR != 0 {
            continue;
        }
        let step = step / DEAR;
        // Half of the topics are past the limit; every thread creates them in another order.
        let topic = format!("topic-{}", (step * (2 * thread + 1)) % 100);
        let seconds: Histogram<'_, Duration, _> = text::<1, _>(recorder, 3, &topic);
        seconds.observe(Duration::from_millis(step % 20));
        let labels = [Value::Text(&topic), Value::Unsigned(step % 7)];
        let moved: Counter<'_, u64, _> = recorder.get(Labels::<2, _>(labels, 0), Slot::new(4));
        moved.inc();
    }
}

/// The samples of a scrape; fails if one appears twice.
fn scrape(registry: &Registry) -> HashMap<String, f64> {
    let samples = samples(registry);
    let number = samples.len();
    let samples: HashMap<_, _> = samples
        .iter()
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').expect("a space before the value");
            (series.to_owned(), value.parse().expect("a number"))
        })
        .collect();
    assert_eq!(samples.len(), number, "a series is exposed twice");
    samples
}

fn total(samples: &HashMap<String, f64>, name: &str) -> f64 {
    let of_name = samples.iter().filter(|(series, _)| series.starts_with(name));
    of_name.map(|(_, value)| value).sum()
}

fn check_histograms(samples: &HashMap<String, f64>) {
    for (series, count) in samples.iter().filter(|(series, _)| series.contains("_seconds_count")) {
        let bucket =
            |le: &str| samples[&series.replace("_count{", &format!("_bucket{{le=\"{le}\","))];
        let buckets = [bucket("0.001"), bucket("0.01"), bucket("+Inf")];
        assert!(buckets.is_sorted(), "{series}: {buckets:?}");
        assert_eq!(buckets[2], *count, "{series}");
    }
}

#[test]
fn totals_are_exact_and_scrapes_never_go_back() {
    let (registry, recorder) = registered(&SHARED);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let mut scrapes = 0;
            let mut before = HashMap::new();
            while !done.load(Relaxed) {
                let now = scrape(&registry);
                check_histograms(&now);
                for (series, earlier) in &before {
                    assert!(now[series] >= *earlier, "{series} went back");
                }
                before = now;
                scrapes += 1;
            }
            scrapes
        });
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let recorder = recorder.clone();
                scope.spawn(move || work(&recorder, thread))
            })
            .collect();
        let panicked = workers.into_iter().filter_map(|worker| worker.join().err()).count();
        done.store(true, Relaxed);
        assert_eq!(panicked, 0);
        assert!(scraper.join().unwrap() > 1, "nothing was scraped in between");
    });

    let samples = scrape(&registry);
    let all = (THREADS * INCREMENTS) as f64;
    assert_eq!(samples["shared_events_total"], all);
    assert_eq!(samples["shared_amount_total"], all / 2.0);
    assert_eq!(samples["shared_level"], all);
    let dear = all / DEAR as f64;
    assert_eq!(total(&samples, "shared_moved_total"), dear);
    assert_eq!(total(&samples, "shared_seconds_count"), dear);
    let seconds: u64 = (0..INCREMENTS / DEAR).map(|step| step % 20).sum();
    let sum = total(&samples, "shared_seconds_sum");
    assert!((sum - (THREADS * seconds) as f64 / 1e3).abs() < 1e-6, "{sum}");
    // 50 topics and the overflow.
    let series = samples.keys().filter(|series| series.starts_with("shared_seconds_count"));
    assert_eq!(series.count(), 51);
}
