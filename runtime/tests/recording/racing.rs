//! Series are removed by hand while others record into them and scrape.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::Registry;

use crate::support::{Done, EMPTY, Labels, check, metric, open, registered, samples};

/// What a series holds can be told by dividing by the prime of its key.
const PRIMES: [u64; 16] =
    [101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179];
const RECORDERS: u64 = 4;

const METRICS: [Metric; 4] = [
    metric("racing_sent", Kind::Counter, Number::Integer, 0),
    metric("racing_amount", Kind::Counter, Number::Float, 0),
    metric("racing_lag", Kind::Gauge, Number::Integer, 0),
    Metric {
        buckets: &[(120.0, "120.0"), (150.0, "150.0")],
        ..metric("racing_sizes", Kind::Histogram, Number::Integer, 0)
    },
];

const RACING: Component = Component {
    name: "racing",
    labels: &[open("topic", 1000), open("partition", 1000)],
    sets: &[&[0, 1]],
    metrics: &METRICS,
    ..EMPTY
};

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn labels(topic: &str, prime: u64) -> Labels<'_, 0, 2> {
    Labels([Value::Text(topic), Value::Unsigned(prime)], 0)
}

/// Records into a random key in every way there is.
fn record(recorder: &Recorder, random: &mut Random) {
    let prime = PRIMES[random.below(16) as usize];
    let topic = format!("topic-{prime}");
    let labels = labels(&topic, prime);
    let (times, way) = (random.below(5) + 1, random.below(8));
    if way == 0 {
        let bound = recorder.bind(labels);
        let bound = if random.below(2) == 0 { bound.clone() } else { bound };
        let sent: Counter<'_, u64> = bound.get(Slot::new(0));
        let lag: Gauge<'_, i64> = bound.get(Slot::new(2));
        (0..times).for_each(|_| sent.inc_by(prime));
        lag.set(prime as i64);
        return;
    }
    let sent: Counter<'_, u64, _> = recorder.get(labels, Slot::new(0));
    let amount: Counter<'_, f64, _> = recorder.get(labels, Slot::new(1));
    let lag: Gauge<'_, i64, _> = recorder.get(labels, Slot::new(2));
    let sizes: Histogram<'_, u64, _> = recorder.get(labels, Slot::new(3));
    for _ in 0..times {
        match way {
            1 => sent.init(),
            2 | 3 => amount.inc_by(prime as f64),
            4 => lag.set(prime as i64),
            5 => sizes.observe(prime),
            _ => sent.inc_by(prime),
        }
    }
}

/// Whether a scrape shows nothing that cannot be.
fn check_scrape(registry: &Registry) {
    let samples = samples(registry);
    let mut values = HashMap::new();
    for line in &samples {
        let (series, value) = line.rsplit_once(' ').expect("a line of the exposition");
        let value: f64 = value.parse().expect("a line of the exposition");
        assert!(values.insert(series, value).is_none(), "{series} is shown twice");
        let (_, key) = series.split_once("topic=\"topic-").expect("a line of the exposition");
        let (topic, partition) =
            key.split_once("\",partition=\"").expect("a line of the exposition");
        let prime: u64 = topic.parse().expect("a line of the exposition");
        assert_eq!(partition, format!("{prime}\"}}"), "{series}");
        let name = series.split_once('{').expect("a line of the exposition").0;
        let is_right = match name {
            "racing_lag" => value == prime as f64,
            "racing_sizes_bucket" => {
                let le = series.split('"').nth(1).expect("a line of the exposition");
                value == 0.0
                    || le == "+Inf"
                    || le.parse::<f64>().expect("a line of the exposition") >= prime as f64
            }
            "racing_sizes_count" => true,
            _ => (value as u64).is_multiple_of(prime),
        };
        assert!(is_right, "{line}");
    }
    for (series, count) in values.iter().filter(|(series, _)| series.contains("sizes_count{")) {
        let all = series.replace("_count{", "_bucket{le=\"+Inf\",");
        assert_eq!(values[all.as_str()], *count, "{series}");
    }
}

/// Lets everybody race for a while, then sees that nothing is left behind.
fn race(component: &'static Component, removers: u64) {
    let (registry, recorder) = registered(component);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = Done(&done);
        let (recorder, done) = (&recorder, &done);
        let workers = (0..RECORDERS).map(|thread| {
            scope.spawn(move || {
                let mut random = Random(thread);
                while !done.load(Relaxed) {
                    record(recorder, &mut random);
                    if random.below(16) == 0 {
                        // On few processors, the others get their turn too.
                        thread::sleep(Duration::from_micros(50));
                    }
                }
            })
        });
        let removers = (0..removers).map(|thread| {
            scope.spawn(move || {
                let mut random = Random(100 + thread);
                let mut removed = 0_u64;
                while !done.load(Relaxed) {
                    let prime = PRIMES[random.below(16) as usize];
                    removed += u64::from(recorder.remove(labels(&format!("topic-{prime}"), prime)));
                }
                assert!(removed > 10, "only {removed} were removed");
            })
        });
        let others: Vec<_> = workers.chain(removers).collect();
        let end = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < end {
            check_scrape(&registry);
        }
        drop(over);
        others.into_iter().for_each(|other| other.join().expect("a line of the exposition"));
    });
    check_scrape(&registry);

    for prime in PRIMES {
        recorder.remove(labels(&format!("topic-{prime}"), prime));
    }
    check(&registry, "");
    let mut expected = String::new();
    for prime in PRIMES {
        let topic = format!("topic-{prime}");
        let sent: Counter<'_, u64, _> = recorder.get(labels(&topic, prime), Slot::new(0));
        sent.inc();
        expected += &format!("racing_sent_total{{topic=\"{topic}\",partition=\"{prime}\"}} 1\n");
    }
    let mut samples = samples(&registry);
    samples.sort_unstable();
    assert_eq!(samples.join("\n"), expected.trim_end());
}

#[test]
fn removing_while_others_record_and_scrape() {
    race(const { &RACING }, 1);
}

#[test]
fn removing_from_two_threads_while_idle_series_go() {
    race(const { &Component { idle_timeout: Some(Duration::from_micros(200)), ..RACING } }, 2);
}
