//! What recording waits for while somebody scrapes and somebody else makes new series.
//!
//! One thread records on series that exist, chosen at random, and takes the time of each call. On
//! the other CPU one thread scrapes without a pause, and another one makes a new series every half
//! a millisecond. Real scrapes are rare: a loop exaggerates how often somebody waits, not how long.

use std::fmt::Write;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::{Bench, STORES};
use crate::input::{self, Triple};
use crate::limit::store::Limit;
use crate::measure::middle;
use crate::report::{Findings, Judgement, Row, duration};
use crate::store::{Memory, Store};
use crate::thread::{Place, pin};

const TOPICS: usize = 100;
const PARTITIONS: u32 = 100;
const GROUPS: usize = 10;

/// New partitions, besides those that are there.
const FRESH: u32 = 100;

/// A call that takes so long has been waiting for somebody.
const STALL: Duration = Duration::from_micros(20);

pub(crate) fn run(bench: &Bench) -> Findings {
    if !bench.threads.are_two() {
        return Findings::default();
    }
    let (windows, length) = match bench.quick {
        true => (3, Duration::from_millis(150)),
        false => (9, Duration::from_millis(300)),
    };
    let triples = input::triples(TOPICS, PARTITIONS, GROUPS);
    let fresh = input::triples(TOPICS, FRESH, GROUPS);
    let fresh: Vec<Triple> = fresh
        .into_iter()
        .map(|triple| Triple { partition: triple.partition + PARTITIONS, ..triple })
        .collect();
    let limit = Limit::new(triples.len() + fresh.len());
    let mut stores: Vec<Subject> =
        STORES.iter().map(|(name, make)| Subject::new(name, make())).collect();
    stores.push(Subject::new("limit", Box::new(limit)));
    for subject in &stores {
        triples.iter().for_each(|triple| subject.store.consume_alone(triple));
    }
    for window in 0..windows {
        for turn in 0..stores.len() {
            let position = (window + turn) % stores.len();
            let subject = &mut stores[position];
            subject.idle.push(record(&*subject.store, &triples, length));
            let beside = subject.beside(bench, &triples, &fresh, length);
            subject.busy.push(beside);
        }
    }
    let table = table(&stores);
    Findings { rows: rows(&stores), tables: vec![table] }
}

/// A store, and how recording went in each window.
struct Subject {
    name: &'static str,
    store: Box<dyn Store>,
    idle: Vec<Window>,
    busy: Vec<Window>,
    created: AtomicUsize,
}

/// How long calls took.
struct Window {
    median: f64,
    /// Of a thousand calls, the longest but one.
    p999: f64,
    longest: f64,
    /// The part of the time that was spent waiting.
    stalled: f64,
}

impl Subject {
    fn new(name: &'static str, store: Box<dyn Store>) -> Self {
        Self { name, store, idle: Vec::new(), busy: Vec::new(), created: AtomicUsize::new(0) }
    }

    /// Records while another thread scrapes and a third one makes new series.
    fn beside(
        &self,
        bench: &Bench,
        triples: &[Triple],
        fresh: &[Triple],
        length: Duration,
    ) -> Window {
        let (over, core) = (AtomicBool::new(false), bench.threads.core(Place::Second));
        thread::scope(|scope| {
            scope.spawn(|| {
                pin(core);
                let mut memory = Memory::default();
                while !over.load(Relaxed) {
                    std::hint::black_box(self.store.scrape(&mut memory));
                }
            });
            scope.spawn(|| {
                pin(core);
                while !over.load(Relaxed) {
                    let next = self.created.fetch_add(1, Relaxed);
                    self.store.consume_alone(&fresh[next % fresh.len()]);
                    thread::sleep(Duration::from_micros(500));
                }
            });
            // Both have begun.
            thread::sleep(Duration::from_millis(10));
            let window = record(&*self.store, triples, length);
            over.store(true, Relaxed);
            window
        })
    }
}

/// Records on this thread for a while.
fn record(store: &dyn Store, triples: &[Triple], length: Duration) -> Window {
    let mut times = Times::new();
    let (mut longest, mut stalled) = (Duration::ZERO, Duration::ZERO);
    let queued = time_in_queue();
    let start = Instant::now();
    let mut before = start;
    'window: loop {
        // The triples are in no order, so each call finds its series anew.
        for triple in triples {
            store.consume_alone(triple);
            let now = Instant::now();
            let taken = now - before;
            before = now;
            times.add(taken);
            if taken > STALL {
                stalled += taken;
            }
            longest = longest.max(taken);
            if now - start > length {
                break 'window;
            }
        }
    }
    // Whoever else runs on this machine may take the CPU away; that is nobody's stall.
    let stalled = stalled.saturating_sub(time_in_queue().saturating_sub(queued));
    Window {
        median: times.quantile(0.5),
        p999: times.quantile(0.999),
        longest: longest.as_secs_f64() * 1e9,
        stalled: stalled.as_secs_f64() / start.elapsed().as_secs_f64(),
    }
}

/// How long this thread has been waiting for a CPU while it could have run, if the system tells.
fn time_in_queue() -> Duration {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = statistics.split_whitespace().nth(1).and_then(|waited| waited.parse().ok());
    Duration::from_nanos(waited.unwrap_or(0))
}

/// Times in classes that are some three per cent wide.
struct Times(Vec<u32>);

/// Classes of each power of two: a power of two themselves.
const CLASSES: u64 = 32;

impl Times {
    fn new() -> Self {
        Self(vec![0; 64 * CLASSES as usize])
    }

    fn add(&mut self, taken: Duration) {
        let nanoseconds = (taken.as_nanos() as u64).max(CLASSES);
        let shift = nanoseconds.ilog2() - CLASSES.ilog2();
        let class = u64::from(shift) * CLASSES + (nanoseconds >> shift) - CLASSES;
        self.0[class as usize] += 1;
    }

    fn quantile(&self, quantile: f64) -> f64 {
        let total: u64 = self.0.iter().map(|count| u64::from(*count)).sum();
        let mut left = (total as f64 * quantile) as u64;
        for (class, count) in self.0.iter().enumerate() {
            if u64::from(*count) > left {
                let (shift, class) = (class as u64 / CLASSES, class as u64 % CLASSES);
                return ((class + CLASSES) << shift) as f64;
            }
            left -= u64::from(*count);
        }
        f64::NAN
    }
}

fn of(windows: &[Window], what: fn(&Window) -> f64) -> f64 {
    middle(windows.iter().map(what).collect())
}

/// Of the windows' ratios to the idle window just before, the middle one.
fn growth(subject: &Subject) -> f64 {
    let pairs = subject.busy.iter().zip(&subject.idle);
    middle(pairs.map(|(busy, idle)| busy.p999 / idle.p999).collect())
}

fn rows(stores: &[Subject]) -> Vec<Row> {
    let (ours, limit) = (&stores[0], &stores[stores.len() - 1]);
    let p999 = |windows: &[Window]| duration(of(windows, |window| window.p999));
    let share = |subject: &Subject| of(&subject.busy, |window| window.stalled);
    let percent = |subject: &Subject| format!("{:.1} %", share(subject) * 100.0);
    let title = "p99.9 of recording beside a scrape loop and new series";
    vec![
        Row {
            title: format!("{title}, to its own p99.9 without"),
            ours: p999(&ours.busy),
            beside: format!("itself {}", p999(&ours.idle)),
            to_beside: Some(Judgement::of_ratio(growth(ours), Some(2.0))),
            limit: p999(&limit.busy),
            ..Row::default()
        },
        Row {
            title: "time stalled meanwhile".to_owned(),
            ours: percent(ours),
            to_limit: Some(Judgement {
                found: percent(ours),
                target: "≤ 2 %".to_owned(),
                met: Some(share(ours) <= 0.02),
            }),
            limit: percent(limit),
            ..Row::default()
        },
    ]
}

fn table(stores: &[Subject]) -> String {
    let mut table = String::from(
        "Recording on one of 100,000 series, labels looked up in each call, the clock read after \
         each one; beside it, a scrape loop and a new series every half a millisecond on the other \
         CPU. Stalled is the time in calls longer than 20 µs, without what the thread waited for \
         a CPU.\n\n\
         | store | alone: p50 | p99.9 | beside: p50 | p99.9 | longest | stalled |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for Subject { name, idle, busy, .. } in stores {
        let time = |windows: &[Window], what| duration(of(windows, what));
        let _ = writeln!(
            table,
            "| {name} | {} | {} | {} | {} | {} | {:.1} % |",
            time(idle, |window| window.median),
            time(idle, |window| window.p999),
            time(busy, |window| window.median),
            time(busy, |window| window.p999),
            time(busy, |window| window.longest),
            of(busy, |window| window.stalled) * 100.0
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_in_the_class_of_its_time() {
        let mut times = Times::new();
        (0..1000).for_each(|nanoseconds| times.add(Duration::from_nanos(nanoseconds)));
        for (quantile, exact) in [(0.5, 500.0), (0.9, 900.0), (0.999, 999.0)] {
            let found = times.quantile(quantile);
            assert!((exact * 0.96..=exact).contains(&found), "{found} for {exact}");
        }
    }
}
