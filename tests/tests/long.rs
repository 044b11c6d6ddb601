//! A service that records and is scraped for a long time, in a process of its own; and mutants of
//! alerts of every shape.
//!
//! `cargo xtask test --long` runs it in full, and every other run of the tests the same in short.
#![cfg(target_os = "linux")]

#[path = "shapes/corpus.rs"]
mod corpus;
#[path = "shapes/mutants.rs"]
mod mutants;

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use streamhouse_metrics::{MetricsServer, Registry, StreamhouseMetrics};
use streamhouse_metrics_tests::{Background, accepted, get, strict_openmetrics_each};

use wire::{Topic, TopicPartition};

/// A metric of every kind; protobuf.rs records all of them.
#[derive(StreamhouseMetrics)]
#[metrics(component = "wire", spec = "tests/protobuf.toml")]
pub struct WireMetrics(pub WireRecorder);

const RECORDS_A_SECOND: f64 = 100_000.0;

/// The time from one scrape to the next.
const PERIOD: Duration = Duration::from_millis(100);

/// The full size under `cargo xtask test --long`, which says so to its tests, and otherwise the short
/// one.
fn full_or<T>(full: T, short: T) -> T {
    if env::var_os("STREAMHOUSE_LONG").is_some() { full } else { short }
}

#[test]
fn every_mutant_of_every_shape_is_refused() {
    mutants::every_mutant_is_refused(full_or(1, 3));
}

#[test]
fn after_long_it_is_as_it_was() {
    let scrapes = full_or(6_000, 50);
    let service = Service::start();
    let begin = Instant::now();
    let mut bodies = String::new();
    let (mut settled, mut most) = (Use::default(), Use::default());
    for scrape in 0..scrapes {
        sleep((PERIOD * scrape).saturating_sub(begin.elapsed()));
        let now = service.in_use();
        if scrape == scrapes / 5 {
            settled = now;
        } else if scrape > scrapes / 5 {
            most = most.or(now);
        }
        let answer = get(service.address, "/metrics", "application/openmetrics-text");
        let answer = answer.expect("it answers");
        assert_eq!(answer.status, 200, "{}", answer.body);
        bodies.push_str(&answer.body);
    }
    let seconds = begin.elapsed().as_secs_f64();
    let (end, records) = (service.in_use(), recorded(&bodies));
    println!("{scrapes} scrapes and {records} records in {seconds} s:");
    println!("settled {settled:?}, at most {most:?}, at the end {end:?}");

    assert!(records > 0.95 * RECORDS_A_SECOND * seconds, "{records} records in {seconds} s");
    assert!(most.memory < settled.memory + (1 << 20), "{settled:?}, then {most:?}");
    assert!(most.descriptors < settled.descriptors + 4, "{settled:?}, then {most:?}");
    assert_eq!(accepted(strict_openmetrics_each(&bodies)), u64::from(scrapes));
}

/// What a process uses.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    /// Bytes in memory.
    memory: u64,
    descriptors: usize,
}

impl Use {
    /// The larger of both, one by one.
    fn or(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            descriptors: self.descriptors.max(other.descriptors),
        }
    }
}

/// The service in its process.
struct Service {
    address: SocketAddr,
    process: Background,
}

impl Service {
    fn start() -> Self {
        let mut command = Command::new(env::current_exe().expect("a test has a program"));
        command.args(["--exact", "a_service", "--ignored", "--nocapture"]);
        let mut process = Background::start(command);
        loop {
            let stdout = process.stdout();
            let line = stdout.lines().find_map(|line| line.split_once("serving ")?.1.parse().ok());
            if let Some(address) = line {
                return Self { address, process };
            }
            assert!(process.ended().is_none(), "{}", process.stderr());
            sleep(Duration::from_millis(10));
        }
    }

    fn in_use(&self) -> Use {
        let folder = format!("/proc/{}", self.process.id());
        let status = fs::read_to_string(format!("{folder}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.map(|line| line.trim().trim_end_matches(" kB").parse::<u64>());
        Use {
            memory: kilobytes.expect("Linux says so").expect("a number") << 10,
            descriptors: fs::read_dir(format!("{folder}/fd")).expect("it runs").count(),
        }
    }
}

/// How many records the last of these bodies knows of: every fourth is in this histogram.
fn recorded(bodies: &str) -> f64 {
    let last = bodies.rsplit('\n').find_map(|line| {
        line.strip_prefix("sample_wire_classic_seconds_count ")?.parse::<f64>().ok()
    });
    4.0 * last.expect("it is recorded")
}

#[test]
#[ignore = "the process that another test starts"]
fn a_service() {
    let mut registry = Registry::new();
    let metrics = WireMetrics::new(&mut registry);
    thread::spawn(move || record(&metrics));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads can be started").block_on(async {
        let address = ([127, 0, 0, 1], 0).into();
        let server = MetricsServer::new(address, Arc::new(registry), Arc::new(|| true));
        let server = server.bind().await.expect("loopback has a free port");
        println!("serving {}", server.address());
        server.serve().await;
    });
}

/// Records for ever, of all kinds, with ever new partitions.
fn record(metrics: &WireMetrics) {
    let begin = Instant::now();
    for number in 0u32.. {
        let topic = ["orders", "payments", "a \"quoted\"\nname"][number as usize % 3];
        match number % 4 {
            0 => metrics.classic_seconds().observe_seconds(f64::from(number % 2_000) / 1e3),
            1 => metrics.native_seconds().observe_seconds(f64::from(number % 2_000) / 1e3),
            2 => metrics.lag_ratio().set(f64::from(number % 100) / 1e2),
            _ => {
                let sent =
                    metrics.sent_records(TopicPartition { topic, partition: number / 1_000 });
                sent.inc_by_with_exemplar(1, &[("trace_id", &number.to_string())]);
            }
        }
        if number == 0 {
            metrics.build_info(Topic { topic: "1.2" }).set();
        }
        let due = Duration::from_secs_f64(f64::from(number) / RECORDS_A_SECOND);
        if number % 100 == 0 {
            sleep(due.saturating_sub(begin.elapsed()));
        }
    }
}
