//! A scrape that is as large as can be.

use std::fs;
use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_metrics::__private::on::{
    Component, Counter, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::{MetricsServer, Registry};
use tokio::runtime::Builder;

use crate::child::child;
use crate::health::{ask, slowest_health};
use crate::size::full_or;
use crate::support::{EMPTY, Labels, metric, open};

const PARTITIONS: u64 = 1_000;

static PRODUCER: Component = Component {
    name: "streamhouse_producer",
    labels: &[open("topic", 1_000), open("partition", 1_000)],
    sets: &[&[0, 1]],
    metrics: &[Metric {
        help: "Total records sent",
        ..metric("streamhouse_producer_records_sent", Kind::Counter, Number::Integer, 0)
    }],
    ..EMPTY
};

const PROTOBUF: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// As many topics as there are thousands of series.
fn topics() -> u64 {
    full_or(1_000, 50)
}

#[test]
fn a_million_series_are_scraped_while_two_threads_record() {
    let server = child("series::a_server", "");
    let memory = Memory(server.process.id());
    let resting = memory.resident();
    for accept in ["text/plain", "application/openmetrics-text", PROTOBUF] {
        for coding in ["identity", "gzip", "zstd"] {
            memory.forget_peak();
            let headers = format!("Accept: {accept}\r\nAccept-Encoding: {coding}\r\n");
            let scrape = scrape(server.address, headers);
            let (peak, series) = (memory.peak(), topics() * PARTITIONS);
            let Scrape { body, time, slowest_health } = scrape;
            println!(
                "{series} series as {accept:.28}, {coding}: {} kB in {time:?}, /health within \
                 {slowest_health:?}, {} MiB resting, {} MiB at most",
                body.len() >> 10,
                resting >> 20,
                peak >> 20,
            );
            let body = decoded(&body, coding);
            if accept == PROTOBUF {
                assert!(body.len() as u64 > series * 40, "{}", body.len());
            } else {
                let lines = body.split(|byte| *byte == b'\n');
                let lines = lines.filter(|line| line.starts_with(b"streamhouse_producer_"));
                assert_eq!(lines.count() as u64, series);
            }
            assert!(peak < 2 * resting, "{peak} bytes, {resting} at rest");
            // The short form is not optimised, and shares its machine with other tests.
            assert!(time < Duration::from_secs(full_or(2, 20)), "{time:?}");
            assert!(
                slowest_health < Duration::from_millis(full_or(250, 2_000)),
                "{slowest_health:?}"
            );
        }
    }
}

struct Scrape {
    /// As it came.
    body: Vec<u8>,
    time: Duration,
    slowest_health: Duration,
}

fn scrape(address: SocketAddr, headers: String) -> Scrape {
    let scrape = thread::spawn(move || {
        let begin = Instant::now();
        (ask(address, "/metrics", &headers), begin.elapsed())
    });
    let slowest_health = slowest_health(address, || scrape.is_finished());
    let (answer, time) = scrape.join().unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    Scrape { body: answer[head..].to_vec(), time, slowest_health }
}

fn decoded(body: &[u8], coding: &str) -> Vec<u8> {
    let mut decoded = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut decoded).unwrap(),
        "zstd" => zstd::Decoder::new(body).unwrap().read_to_end(&mut decoded).unwrap(),
        _ => (&*body).read_to_end(&mut decoded).unwrap(),
    };
    decoded
}

/// What a process has in memory.
struct Memory(u32);

impl Memory {
    fn resident(&self) -> u64 {
        self.bytes("VmRSS:")
    }

    fn peak(&self) -> u64 {
        self.bytes("VmHWM:")
    }

    fn forget_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.0), "5").unwrap();
    }

    fn bytes(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }
}

#[test]
#[ignore = "the process that another test starts"]
fn a_server() {
    let mut registry = Registry::new();
    let recorder = Arc::new(Recorder::new(&mut registry, &PRODUCER));
    let rounds = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    for thread in 0..2 {
        let (recorder, rounds) = (Arc::clone(&recorder), Arc::clone(&rounds));
        thread::spawn(move || {
            let topics: Vec<String> =
                (0..topics()).map(|number| format!("orders-{number}")).collect();
            loop {
                topics.iter().for_each(|topic| record(&recorder, topic));
                rounds[thread].fetch_add(1, Relaxed);
            }
        });
    }
    // Each thread has its cells of all series.
    while rounds.iter().any(|rounds| rounds.load(Relaxed) == 0) {
        thread::sleep(Duration::from_millis(10));
    }
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (address, registry) = (([127, 0, 0, 1], 0).into(), Arc::new(registry));
        let server = MetricsServer::new(address, registry, Arc::new(|| true)).bind().await.unwrap();
        println!("serving {}", server.address());
        server.serve().await;
    });
}

fn record(recorder: &Recorder, topic: &str) {
    for partition in 0..PARTITIONS {
        let labels = Labels::<0, _>([Value::Text(topic), Value::Unsigned(partition)], 0);
        let sent: Counter<'_, u64, _> = recorder.get(labels, Slot::new(0));
        // Any numbers that do not compress too well.
        sent.inc_by(partition * partition % 10_007);
    }
}
