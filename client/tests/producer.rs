//! The producer against a transport that answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use streamhouse_agent::Fetched;
use streamhouse_client::{
    Error, Partition, Producer, ProducerBuilder, ProducerMetrics, Record, Transport,
};
use streamhouse_metrics::Registry;

const ON: bool = cfg!(feature = "metrics");

/// Longer than any test: what waits for it would hang.
const NEVER: Duration = Duration::from_secs(3_600);

/// Answers with what was scripted, then with success, and remembers every batch.
#[derive(Clone, Debug, Default)]
struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Result<u64, Error>>,
    batches: Vec<(Partition, Vec<String>)>,
}

impl Scripted {
    fn answering(answers: impl IntoIterator<Item = Result<u64, Error>>) -> Self {
        let scripted = Self::default();
        scripted.script().answers.extend(answers);
        scripted
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().expect("no test panics while it holds the script")
    }

    fn batches(&self) -> Vec<Vec<String>> {
        let script = self.script();
        script.batches.iter().map(|(_, values)| values.clone()).collect()
    }
}

impl Transport for Scripted {
    fn partitions(&self, topic: &str) -> Result<u32, Error> {
        match topic {
            "orders" => Ok(1),
            "clicks" => Ok(3),
            _ => Err(Error::UnknownPartition),
        }
    }

    fn produce(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error> {
        let text = |record: &Record| String::from_utf8_lossy(&record.value).into_owned();
        let mut script = self.script();
        script.batches.push((partition.clone(), records.iter().map(text).collect()));
        script.answers.pop_front().unwrap_or(Ok(0))
    }

    fn fetch(&self, _: &Partition, _: u64, _: usize) -> Result<Fetched, Error> {
        unreachable!("a producer reads nothing")
    }

    fn commit(&self, _: &str, _: &Partition, _: u64) -> Result<(), Error> {
        unreachable!("a producer commits nothing")
    }

    fn committed(&self, _: &str, _: &Partition) -> Result<Option<u64>, Error> {
        unreachable!("a producer commits nothing")
    }
}

/// A producer that sends nothing before it is made to.
fn patient() -> ProducerBuilder {
    Producer::builder().linger(NEVER).backoff(Duration::ZERO)
}

#[test]
fn a_full_batch_is_sent_at_once() {
    let transport = Scripted::answering([Ok(40)]);
    let producer = patient().batch_size(2).build(transport.clone());
    let first = producer.send("orders", None, b"a").unwrap();
    let second = producer.send("orders", None, b"b").unwrap();
    assert_eq!((first.wait(), second.wait()), (Ok(40), Ok(41)));
    assert_eq!(transport.batches(), [["a", "b"]]);
}

#[test]
fn a_batch_that_is_not_full_is_sent_when_it_has_lingered() {
    let transport = Scripted::default();
    let linger = Duration::from_millis(20);
    let producer = Producer::builder().linger(linger).build(transport.clone());
    let sent = Instant::now();
    let delivery = producer.send("orders", None, b"a").unwrap();
    assert_eq!(delivery.wait(), Ok(0));
    assert!(sent.elapsed() >= linger);
    assert_eq!(transport.batches(), [["a"]]);
}

#[test]
fn a_flush_and_a_drop_wait_for_nothing_but_the_answer() {
    let transport = Scripted::default();
    let producer = patient().build(transport.clone());
    producer.send("orders", None, b"a").unwrap();
    producer.flush();
    assert_eq!(transport.batches(), [["a"]]);
    producer.send("orders", None, b"b").unwrap();
    drop(producer);
    assert_eq!(transport.batches(), [["a"], ["b"]]);
}

#[test]
fn the_records_of_a_key_stay_together_and_the_others_go_round() {
    let transport = Scripted::default();
    let producer = patient().build(transport.clone());
    for value in ["a", "b", "c"] {
        producer.send("clicks", Some(b"user123"), value.as_bytes()).unwrap();
    }
    producer.flush();
    assert_eq!(transport.batches(), [["a", "b", "c"]]);
    for value in ["d", "e", "f"] {
        producer.send("clicks", None, value.as_bytes()).unwrap();
    }
    producer.flush();
    let mut apart = transport.batches().split_off(1);
    apart.sort();
    assert_eq!(apart, [["d"], ["e"], ["f"]]);
}

#[test]
fn a_send_blocks_while_too_much_is_pending() {
    let transport = Scripted::default();
    let linger = Duration::from_millis(20);
    let producer = Producer::builder().linger(linger).max_pending(1).build(transport.clone());
    let sent = Instant::now();
    producer.send("orders", None, b"a").unwrap();
    producer.send("orders", None, b"b").unwrap();
    assert!(sent.elapsed() >= linger);
    producer.flush();
    assert_eq!(transport.batches(), [["a"], ["b"]]);
}

/// What one failing record leaves behind: its outcome, the attempts and the error counted.
#[track_caller]
fn check_failure(answers: &[Error], outcome: Result<u64, Error>, attempts: usize, counted: &str) {
    let transport = Scripted::answering(answers.iter().map(|error| Err(*error)));
    let mut registry = Registry::new();
    let metrics = ProducerMetrics::new(&mut registry);
    let producer = patient().retries(2).metrics(metrics).build(transport.clone());
    let delivery = producer.send("orders", None, b"a").expect("the topic exists");
    producer.flush();
    assert_eq!(delivery.wait(), outcome);
    assert_eq!(transport.batches(), vec![["a"]; attempts]);

    let body = registry.to_text();
    let failures: Vec<&str> =
        body.lines().filter(|line| line.contains("error_type=") && line.ends_with(" 1")).collect();
    let counted: &[&str] = if ON && !counted.is_empty() { &[counted] } else { &[] };
    assert_eq!(failures, counted);
}

#[test]
fn a_transient_error_is_retried() {
    check_failure(&[Error::Timeout, Error::Storage], Ok(0), 3, "");
}

#[test]
fn a_lasting_error_is_not_retried() {
    check_failure(
        &[Error::Rejected],
        Err(Error::Rejected),
        1,
        r#"streamhouse_producer_send_errors_total{topic="orders",error_type="rejected"} 1"#,
    );
}

#[test]
fn an_error_that_does_not_pass_is_reported_as_the_last_one() {
    check_failure(
        &[Error::Timeout, Error::Storage, Error::NotLeader],
        Err(Error::NotLeader),
        3,
        r#"streamhouse_producer_send_errors_total{topic="orders",error_type="not_leader"} 1"#,
    );
}

#[test]
fn a_record_for_no_topic_is_tried_and_failed() {
    let mut registry = Registry::new();
    let metrics = ProducerMetrics::new(&mut registry);
    let producer = patient().metrics(metrics).build(Scripted::default());
    let refused = producer.send("refunds", None, b"a");
    assert_eq!(refused.map(|_| ()), Err(Error::UnknownPartition));
    let failure = r#"streamhouse_producer_send_errors_total{topic="refunds",error_type="other"} 1"#;
    assert_eq!(registry.to_text().contains(failure), ON);
}

#[test]
fn a_batch_is_recorded_from_its_first_record_to_its_outcome() {
    let mut registry = Registry::new();
    let metrics = Arc::new(ProducerMetrics::new(&mut registry));
    let producer = patient().metrics(metrics).build(Scripted::default());
    producer.send("orders", Some(b"user123"), b"order").unwrap();
    producer.send("orders", None, b"order").unwrap();

    let pending = r#"streamhouse_producer_pending_records{topic="orders",partition="0"}"#;
    let waiting = registry.to_text();
    assert_eq!(waiting.contains(&format!("{pending} 2")), ON, "{waiting}");
    producer.flush();
    let settled = registry.to_text();
    let samples = [
        format!("{pending} 0"),
        r#"streamhouse_producer_records_sent_total{topic="orders",partition="0"} 2"#.to_owned(),
        r#"streamhouse_producer_bytes_sent_total{topic="orders"} 17"#.to_owned(),
        r#"streamhouse_producer_batch_size_records_sum{topic="orders"} 2"#.to_owned(),
        r#"streamhouse_producer_batch_size_bytes_sum{topic="orders"} 17"#.to_owned(),
        r#"streamhouse_producer_batch_flush_duration_seconds_count{topic="orders"} 1"#.to_owned(),
        r#"streamhouse_producer_send_duration_seconds_count{topic="orders"} 2"#.to_owned(),
    ];
    for sample in samples {
        assert_eq!(settled.contains(&sample), ON, "{sample}\n{settled}");
    }
}
