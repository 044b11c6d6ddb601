//! Series that nobody records into go after a while, and nothing is lost with them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Info, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::Registry;

use crate::support::{
    By, Done, EMPTY, Labels, check, closed, metric, open, registered, samples, text,
};

const TIMEOUT: Duration = Duration::from_millis(200);

static IDLE: Component = Component {
    name: "idle",
    labels: &[open("topic", 3), closed("outcome", &["ok", "error"])],
    sets: &[&[0], &[0, 1], &[]],
    metrics: &[
        metric("idle_sent", Kind::Counter, Number::Integer, 0),
        metric("idle_lag", Kind::Gauge, Number::Integer, 0),
        Metric {
            buckets: &[(1.0, "1.0")],
            ..metric("idle_seconds", Kind::Histogram, Number::Duration, 0)
        },
        metric("idle_calls", Kind::Counter, Number::Integer, 1),
        metric("idle_ever", Kind::Counter, Number::Integer, 2),
        metric("idle_version", Kind::Info, Number::Integer, 0),
    ],
    idle_timeout: Some(TIMEOUT),
    ..EMPTY
};

fn sent<'a>(recorder: &'a Recorder, topic: &'a str) -> Counter<'a, u64, By<'a, 0, 1>> {
    text(recorder, 0, topic)
}

fn lag<'a>(recorder: &'a Recorder, topic: &'a str) -> Gauge<'a, i64, By<'a, 0, 1>> {
    text(recorder, 1, topic)
}

fn seconds<'a>(recorder: &'a Recorder, topic: &'a str) -> Histogram<'a, Duration, By<'a, 0, 1>> {
    text(recorder, 2, topic)
}

fn calls<'a>(recorder: &'a Recorder, topic: &'a str) -> Counter<'a, u64, By<'a, 1, 1>> {
    recorder.get(Labels([Value::Text(topic)], 1), Slot::new(3))
}

fn of_topic(topic: &str) -> Labels<'_, 0, 1> {
    Labels([Value::Text(topic)], 0)
}

/// Scrapes until long after the time-out, doing something before each scrape.
fn scrape_meanwhile(registry: &Registry, mut each: impl FnMut()) {
    let end = Instant::now() + 4 * TIMEOUT;
    let mut scrapes = 0;
    // However busy the machine is, what is idle is seen to be so more than once.
    while Instant::now() < end || scrapes < 20 {
        scrapes += 1;
        each();
        registry.to_text();
        thread::sleep(TIMEOUT / 10);
    }
}

#[test]
fn who_is_not_recorded_into_goes() {
    let (registry, recorder) = registered(&IDLE);
    for topic in ["a", "b"] {
        sent(&recorder, topic).inc();
        seconds(&recorder, topic).observe(Duration::ZERO);
        calls(&recorder, topic).inc();
    }
    lag(&recorder, "b").set(1);
    scrape_meanwhile(&registry, || ());
    check(&registry, "idle_ever_total 0");
}

/// The longest duration adds one to a bucket and takes one from a sum of 64 bits.
#[test]
fn the_longest_duration_is_a_record_too() {
    let (registry, recorder) = registered(&IDLE);
    let mut observations = 0;
    scrape_meanwhile(&registry, || {
        seconds(&recorder, "a").observe(Duration::MAX);
        observations += 1;
    });
    assert_eq!(seconds(&recorder, "a").count(), observations);
}

static MANY: Component = Component {
    name: "many",
    labels: &[open("topic", 1000)],
    sets: &[&[0]],
    metrics: &[metric("many_sent", Kind::Counter, Number::Integer, 0)],
    idle_timeout: Some(TIMEOUT),
    ..EMPTY
};

#[test]
fn of_a_thousand_series_those_go_that_are_idle() {
    let (registry, recorder) = registered(&MANY);
    let topics: Vec<String> = (0..1000).map(|number| format!("topic-{number:03}")).collect();
    topics.iter().for_each(|topic| sent(&recorder, topic).inc());
    let used = || topics.iter().step_by(3);
    let mut total = 1;
    scrape_meanwhile(&registry, || {
        used().for_each(|topic| sent(&recorder, topic).inc());
        total += 1;
    });
    let expected: Vec<String> =
        used().map(|topic| format!("many_sent_total{{topic=\"{topic}\"}} {total}")).collect();
    check(&registry, &expected.join("\n"));
}

#[test]
fn saying_an_info_again_keeps_it() {
    let (registry, recorder) = registered(&IDLE);
    let version = |topic| -> Info<'_, By<'_, 0, 1>> { text(&recorder, 5, topic) };
    version("once").set();
    version("again").set();
    scrape_meanwhile(&registry, || {
        assert!(version("again").is_set());
        version("again").set();
    });
    let expected = "idle_ever_total 0\nidle_version_info{topic=\"again\"} 1";
    check(&registry, expected);
}

#[test]
fn any_record_keeps_all_metrics_of_the_label_set() {
    let (registry, recorder) = registered(&IDLE);
    for topic in ["a", "b", "c"] {
        sent(&recorder, topic).inc();
        calls(&recorder, topic).inc();
    }
    lag(&recorder, "b").set(3);
    let mut observations = 0;
    scrape_meanwhile(&registry, || {
        // The same value again is a record too, and so is an observation of no length.
        lag(&recorder, "b").set(3);
        seconds(&recorder, "c").observe(Duration::ZERO);
        observations += 1;
    });
    let expected = format!(
        r#"idle_sent_total{{topic="b"}} 1
idle_sent_total{{topic="c"}} 1
idle_lag{{topic="b"}} 3
idle_seconds_sum{{topic="c"}} 0.0
idle_seconds_count{{topic="c"}} {observations}
idle_seconds_bucket{{le="1.0",topic="c"}} {observations}
idle_seconds_bucket{{le="+Inf",topic="c"}} {observations}
idle_ever_total 0"#
    );
    check(&registry, &expected);
}

#[test]
fn what_overflowed_stays_and_values_are_given_back() {
    let (registry, recorder) = registered(&IDLE);
    ["a", "b", "c", "d"].iter().for_each(|topic| sent(&recorder, topic).inc());
    scrape_meanwhile(&registry, || ());
    ["e", "f"].iter().for_each(|topic| sent(&recorder, topic).inc());
    let mut samples = samples(&registry);
    samples.sort_unstable();
    let expected = [
        "idle_ever_total 0",
        r#"idle_sent_total{topic="__overflow__"} 1"#,
        r#"idle_sent_total{topic="e"} 1"#,
        r#"idle_sent_total{topic="f"} 1"#,
    ];
    assert_eq!(samples, expected);
}

#[test]
fn a_handle_keeps_its_series_and_the_last_one_lets_it_go() {
    let (registry, recorder) = registered(&IDLE);
    let bound = recorder.bind(of_topic("a"));
    let copy = bound.clone();
    let sent: Counter<'_, u64> = copy.get(Slot::new(0));
    sent.inc();
    drop(bound);
    scrape_meanwhile(&registry, || ());
    sent.inc();
    check(&registry, "idle_sent_total{topic=\"a\"} 2\nidle_ever_total 0");
    drop(copy);
    scrape_meanwhile(&registry, || ());
    check(&registry, "idle_ever_total 0");
}

#[test]
fn a_running_timer_keeps_its_series() {
    let (registry, recorder) = registered(&IDLE);
    seconds(&recorder, "a").observe(Duration::from_secs(2));
    let timer = seconds(&recorder, "a").start_timer();
    let discarded = seconds(&recorder, "b").start_timer();
    let lines = r#"idle_seconds_sum{topic="a"} 2.0
idle_seconds_count{topic="a"} 1
idle_seconds_bucket{le="1.0",topic="a"} 0
idle_seconds_bucket{le="+Inf",topic="a"} 1
idle_ever_total 0"#;
    scrape_meanwhile(&registry, || ());
    check(&registry, lines);
    discarded.discard();
    // It ends on another thread, as that of a future may.
    thread::scope(|scope| scope.spawn(|| timer.stop()).join().unwrap());
    assert_eq!(seconds(&recorder, "a").count(), 2);
    scrape_meanwhile(&registry, || ());
    check(&registry, "idle_ever_total 0");
}

#[test]
fn a_series_in_the_place_of_another_one_has_all_its_time() {
    let (registry, recorder) = registered(&IDLE);
    let check_later = |removed: &str, shown: &str| {
        sent(&recorder, removed).inc();
        registry.to_text();
        thread::sleep(2 * TIMEOUT);
        recorder.remove(of_topic(removed));
        // It has counted as much as the one before it when that was last seen.
        sent(&recorder, shown).inc();
        let expected = format!("idle_sent_total{{topic=\"{shown}\"}} 1\nidle_ever_total 0");
        (0..3).for_each(|_| check(&registry, &expected));
        recorder.remove(of_topic(shown));
    };
    check_later("a", "b");
    check_later("c", "c");

    // One that begins at zero looks like one that is not there.
    sent(&recorder, "a").inc();
    scrape_meanwhile(&registry, || ());
    thread::sleep(2 * TIMEOUT);
    sent(&recorder, "b").init();
    (0..3).for_each(|_| check(&registry, "idle_sent_total{topic=\"b\"} 0\nidle_ever_total 0"));
}

#[test]
fn without_a_time_out_everything_stays() {
    static FOR_EVER: Component = Component {
        labels: &[open("topic", 3)],
        sets: &[&[0]],
        metrics: &[metric("ever_sent", Kind::Counter, Number::Integer, 0)],
        ..EMPTY
    };
    let (registry, recorder) = registered(&FOR_EVER);
    sent(&recorder, "a").inc();
    scrape_meanwhile(&registry, || ());
    check(&registry, "ever_sent_total{topic=\"a\"} 1");
}

const RECORDERS: usize = 4;
const TOPICS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Every thread has a counter of its own in series that all of them share.
static LOSSLESS: Component = Component {
    name: "lossless",
    labels: &[open("topic", 10)],
    sets: &[&[0]],
    metrics: &[
        metric("lossless_0", Kind::Counter, Number::Integer, 0),
        metric("lossless_1", Kind::Counter, Number::Integer, 0),
        metric("lossless_2", Kind::Counter, Number::Integer, 0),
        metric("lossless_3", Kind::Counter, Number::Integer, 0),
    ],
    idle_timeout: Some(Duration::from_millis(2)),
    ..EMPTY
};

/// The step of a number: from the sum of consecutive ones it can be read which they are.
fn step(number: u64) -> u64 {
    1 | number << 20
}

/// The first and the last number of the steps in a total.
fn numbers(total: u64) -> (u64, u64) {
    let (count, sum) = (total & 0xfffff, total >> 20);
    let twice_middle = 2 * sum / count;
    let last = (twice_middle + count - 1) / 2;
    assert_eq!((last + 1 - count..=last).map(step).sum::<u64>(), total, "a step is missing");
    (last + 1 - count, last)
}

/// Records now and then, about as often as series are removed.
fn record(recorder: &Recorder, thread: usize, done: &AtomicBool) -> [u64; TOPICS.len()] {
    let (mut next, mut random) = ([1; TOPICS.len()], thread as u64 + 1);
    while !done.load(Relaxed) {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let topic = (random >> 33) as usize % TOPICS.len();
        let counter: Counter<'_, u64, _> = text::<0, _>(recorder, thread, TOPICS[topic]);
        for _ in 0..random >> 62 {
            counter.inc_by(step(next[topic]));
            next[topic] += 1;
        }
        thread::sleep(Duration::from_micros(random >> 40 & 0x7ff));
    }
    next
}

#[test]
fn no_increment_is_lost_when_idle_series_go() {
    let (registry, recorder) = registered(&LOSSLESS);
    let done = AtomicBool::new(false);
    // The last number that was seen of each series, and where its present life began.
    let mut seen: HashMap<String, (u64, u64)> = HashMap::new();
    let mut lives = 0;
    let mut scrape = || {
        for line in samples(&registry) {
            let (series, total) = line.rsplit_once(' ').unwrap();
            // One whose first record is under way may be shown at zero.
            if total == "0" {
                continue;
            }
            let (first, last) = numbers(total.parse().unwrap());
            let (began, before) = seen.get(series).copied().unwrap_or_default();
            if first != began {
                assert_eq!(first, before + 1, "{series} {first}..={last} after {began}..={before}");
                lives += 1;
            }
            assert!(last >= before, "{series} went back");
            seen.insert(series.to_owned(), (first, last));
        }
    };
    let ends: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..RECORDERS)
            .map(|thread| {
                let (recorder, done) = (&recorder, &done);
                scope.spawn(move || record(recorder, thread, done))
            })
            .collect();
        let over = Done(&done);
        let end = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < end {
            scrape();
        }
        drop(over);
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    scrape();
    for (thread, next) in ends.iter().enumerate() {
        for (topic, next) in TOPICS.iter().zip(next) {
            let series = format!("lossless_{thread}_total{{topic=\"{topic}\"}}");
            let (_, last) = seen.get(&series).copied().unwrap_or_default();
            assert_eq!(last + 1, *next, "{series}");
        }
    }
    assert!(lives > 4 * RECORDERS * TOPICS.len(), "only {lives} series lived");
}
