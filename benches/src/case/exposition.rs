//! The text of a scrape.
//!
//! Two threads have recorded every series. The limit is a copy of the same body from one place in
//! memory to another.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Bench, STORES};
use crate::candidate::{Candidate, Pass};
use crate::contest::{Contest, Targets};
use crate::input::{self, Pair};
use crate::limit;
use crate::measure::Load;
use crate::report::{Findings, Row};
use crate::store::{Memory, Store};

const AIM: Targets = Targets::new(0.35, 3.0);

/// Of how many series a scrape tells.
struct Size {
    title: &'static str,
    topics: usize,
    partitions: u32,
    histograms: usize,
}

/// What the series here are called.
const RECORDED: [&str; 2] =
    ["bench_recording_records_sent_total", "bench_recording_send_duration_seconds"];

const SIZES: [Size; 3] = [
    Size {
        title: "text of 10,000 counters and 1,000 histograms",
        topics: 1000,
        partitions: 10,
        histograms: 1000,
    },
    Size { title: "text of 100,000 counters", topics: 1000, partitions: 100, histograms: 0 },
    Size { title: "text of 1,000,000 counters", topics: 10_000, partitions: 100, histograms: 0 },
];

pub(crate) fn run(bench: &Bench) -> Findings {
    Findings { rows: SIZES.iter().map(|size| row(bench, size)).collect(), ..Findings::default() }
}

fn row(bench: &Bench, size: &Size) -> Row {
    let topics = input::names("topic", size.topics);
    let stores: Vec<(&'static str, Arc<dyn Store>)> =
        STORES.iter().map(|(name, make)| (*name, Arc::from(make()))).collect();
    for (_, store) in &stores {
        let (store, topics) = (Arc::clone(store), topics.clone());
        let (partitions, histograms) = (size.partitions, size.histograms);
        let fill: Pass = Arc::new(move || fill(&*store, &topics, partitions, histograms));
        fill();
        bench.threads.elsewhere(&fill);
    }
    let ours = &stores[0].1;
    if size.histograms > 0 {
        compare(&ours.text(), &stores[1].1.text());
    }
    let body = ours.text().into_bytes();
    let mut candidates = stores.into_iter().map(|(name, store)| scrape(name, store));
    let contest = Contest {
        ours: candidates.next().expect("ours is the first"),
        peers: candidates.collect(),
        limit: Some(copy(body)),
    };
    contest.row(bench, Load::OneThread, size.title.to_owned(), AIM)
}

fn fill(store: &dyn Store, topics: &[&'static str], partitions: u32, histograms: usize) {
    for (number, &topic) in topics.iter().enumerate() {
        for partition in 0..partitions {
            // As many digits as counters have that have run for some time.
            let records =
                1000 + (number as u64 * 7919 + u64::from(partition) * 104_729) % 1_000_000;
            store.send(&Pair { topic, partition }, records);
        }
    }
    for topic in topics.iter().take(histograms) {
        for value in input::values().iter().step_by(17) {
            store.observe(topic, *value);
        }
    }
}

fn scrape(name: &'static str, store: Arc<dyn Store>) -> Candidate {
    let memory = Mutex::new(Memory::default());
    Candidate::unchecked(name, 1, move || {
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        std::hint::black_box(store.scrape(&mut memory));
    })
}

fn copy(body: Vec<u8>) -> Candidate {
    let memory = Mutex::new(Vec::new());
    Candidate::unchecked(limit::NAME, 1, move || {
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.clear();
        memory.extend_from_slice(&body);
        std::hint::black_box(&*memory);
    })
}

/// Aborts unless both texts have the same samples of the metrics that were recorded; their order
/// may differ, and the last digits of sums, which one adds as nanoseconds and the other as floats.
fn compare(ours: &str, theirs: &str) {
    let samples = |text: &str| {
        let recorded = |line: &&str| RECORDED.iter().any(|name| line.starts_with(name));
        let lines = text.lines().filter(recorded);
        let mut samples: Vec<(String, f64)> = lines
            .filter_map(|line| line.rsplit_once(' '))
            .filter_map(|(series, value)| Some((series.to_owned(), value.parse().ok()?)))
            .collect();
        samples.sort_by(|left, right| left.0.cmp(&right.0));
        samples
    };
    let (ours, theirs) = (samples(ours), samples(theirs));
    assert!(!ours.is_empty(), "there is nothing in the scrape");
    assert_eq!(ours.len(), theirs.len(), "as many samples as prometheus-client has");
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let near = (ours.1 - theirs.1).abs() <= 1e-6 * theirs.1.abs();
        assert!(ours.0 == theirs.0 && near, "{ours:?} is {theirs:?} in prometheus-client");
    }
}
