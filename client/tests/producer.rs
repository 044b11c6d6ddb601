//! The producer against a transport that answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use streamhouse_client::{
    Error, MetadataStore as _, Partition, Producer, ProducerBuilder, ProducerMetrics, Record,
    SqliteMetadata, Transport,
};
use streamhouse_core::AgentRow;
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
    fn produce<'a>(
        &'a self,
        address: &'a str,
        partition: &'a Partition,
        records: Vec<Record>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        assert_eq!(address, "leader:9090");
        let text = |record: &Record| String::from_utf8_lossy(&record.value).into_owned();
        let mut script = self.script();
        script.batches.push((partition.clone(), records.iter().map(text).collect()));
        Box::pin(ready(script.answers.pop_front().unwrap_or(Ok(0))))
    }
}

/// Two topics, whose partitions are all led by one agent.
fn metadata() -> Arc<SqliteMetadata> {
    let metadata = SqliteMetadata::in_memory().expect("memory");
    let agent = AgentRow {
        agent_id: "leader".to_owned(),
        address: "leader:9090".to_owned(),
        availability_zone: String::new(),
        agent_group: "default".to_owned(),
    };
    metadata.announce(&agent, NEVER).expect("metadata");
    for (topic, partitions) in [("orders", 1), ("clicks", 3)] {
        metadata.create_topic(topic, partitions).expect("a topic");
    }
    for partition in metadata.partitions().expect("metadata") {
        metadata.lease(&partition, "leader", None, NEVER).expect("metadata");
    }
    Arc::new(metadata)
}

/// A producer that sends nothing before it is made to.
fn patient(transport: &Scripted) -> ProducerBuilder {
    Producer::builder()
        .metadata_store(metadata())
        .transport(transport.clone())
        .linger(NEVER)
        .backoff(Duration::ZERO)
}

async fn offset(delivery: streamhouse_client::Delivery) -> Result<u64, Error> {
    delivery.await.map(|delivered| delivered.offset)
}

#[tokio::test]
async fn a_full_batch_is_sent_at_once() {
    let transport = Scripted::answering([Ok(40)]);
    let producer = patient(&transport).batch_size(2).build().await.unwrap();
    let first = producer.send("orders", None, b"a", None).await.unwrap();
    let second = producer.send("orders", None, b"b", None).await.unwrap();
    assert_eq!((offset(first).await, offset(second).await), (Ok(40), Ok(41)));
    assert_eq!(transport.batches(), [["a", "b"]]);
}

#[tokio::test]
async fn a_batch_of_large_records_is_full_before_it_is_too_large_for_an_agent() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    let large = vec![b'x'; 600 << 10];
    producer.send("orders", None, &large, None).await.unwrap();
    let second = producer.send("orders", None, &large, None).await.unwrap();
    assert_eq!(offset(second).await, Ok(1));
}

#[tokio::test]
async fn a_batch_that_is_not_full_is_sent_when_it_has_lingered() {
    let transport = Scripted::default();
    let linger = Duration::from_millis(20);
    let producer = patient(&transport).linger(linger).build().await.unwrap();
    let sent = Instant::now();
    let delivery = producer.send("orders", None, b"a", None).await.unwrap();
    assert_eq!(offset(delivery).await, Ok(0));
    assert!(sent.elapsed() >= linger);
    assert_eq!(transport.batches(), [["a"]]);
}

#[tokio::test]
async fn a_flush_and_a_drop_wait_for_nothing_but_the_answer() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    producer.send("orders", None, b"a", None).await.unwrap();
    producer.flush().await;
    assert_eq!(transport.batches(), [["a"]]);
    let delivery = producer.send("orders", None, b"b", None).await.unwrap();
    drop(producer);
    assert_eq!(offset(delivery).await, Ok(0));
    assert_eq!(transport.batches(), [["a"], ["b"]]);
}

#[tokio::test]
async fn the_records_of_a_key_stay_together_and_the_others_go_round() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    for value in ["a", "b", "c"] {
        producer.send("clicks", Some(b"user123"), value.as_bytes(), None).await.unwrap();
    }
    producer.flush().await;
    assert_eq!(transport.batches(), [["a", "b", "c"]]);
    for value in ["d", "e", "f"] {
        producer.send("clicks", None, value.as_bytes(), None).await.unwrap();
    }
    producer.flush().await;
    let mut apart = transport.batches().split_off(1);
    apart.sort();
    assert_eq!(apart, [["d"], ["e"], ["f"]]);
}

#[tokio::test]
async fn a_partition_that_is_named_is_the_one() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    for partition in [2, 0] {
        let key: &[u8] = b"user123";
        let sent = producer.send("clicks", Some(key), b"a", Some(partition)).await.unwrap();
        producer.flush().await;
        assert_eq!(sent.await.map(|delivered| delivered.partition), Ok(partition));
    }
    let none = producer.send("clicks", None, b"a", Some(3)).await;
    assert_eq!(none.map(drop), Err(Error::UnknownPartition));
    let partitions =
        transport.script().batches.iter().map(|(partition, _)| partition.index).collect::<Vec<_>>();
    assert_eq!(partitions, [2, 0]);
}

#[tokio::test]
async fn a_send_waits_while_too_much_is_pending() {
    let transport = Scripted::default();
    let linger = Duration::from_millis(20);
    let producer = patient(&transport).linger(linger).max_pending(1).build().await.unwrap();
    let sent = Instant::now();
    producer.send("orders", None, b"a", None).await.unwrap();
    producer.send("orders", None, b"b", None).await.unwrap();
    assert!(sent.elapsed() >= linger);
    producer.flush().await;
    assert_eq!(transport.batches(), [["a"], ["b"]]);
}

/// What one failing record leaves behind: its outcome, the attempts and the error counted.
async fn check_failure(
    answers: &[Error],
    outcome: Result<u64, Error>,
    attempts: usize,
    counted: &str,
) {
    let transport = Scripted::answering(answers.iter().map(|error| Err(*error)));
    let mut registry = Registry::new();
    let metrics = ProducerMetrics::new(&mut registry);
    let producer =
        patient(&transport).retries(2).metrics(metrics).build().await.expect("a producer");
    let delivery = producer.send("orders", None, b"a", None).await.expect("the topic exists");
    producer.flush().await;
    assert_eq!(offset(delivery).await, outcome);
    assert_eq!(transport.batches(), vec![["a"]; attempts]);

    let body = registry.to_text();
    let failures: Vec<&str> =
        body.lines().filter(|line| line.contains("error_type=") && line.ends_with(" 1")).collect();
    let counted: &[&str] = if ON && !counted.is_empty() { &[counted] } else { &[] };
    assert_eq!(failures, counted);
}

#[tokio::test]
async fn a_transient_error_is_retried() {
    check_failure(&[Error::Timeout, Error::Storage], Ok(0), 3, "").await;
    // Who leads is asked again, and it is the same one.
    check_failure(&[Error::NotLeader], Ok(0), 2, "").await;
}

#[tokio::test]
async fn a_lasting_error_is_not_retried() {
    check_failure(
        &[Error::Rejected],
        Err(Error::Rejected),
        1,
        r#"streamhouse_producer_send_errors_total{topic="orders",error_type="rejected"} 1"#,
    )
    .await;
}

#[tokio::test]
async fn an_error_that_does_not_pass_is_reported_as_the_last_one() {
    check_failure(
        &[Error::Timeout, Error::Storage, Error::NotLeader],
        Err(Error::NotLeader),
        3,
        r#"streamhouse_producer_send_errors_total{topic="orders",error_type="not_leader"} 1"#,
    )
    .await;
}

#[tokio::test]
async fn a_record_for_no_topic_is_tried_and_failed() {
    let mut registry = Registry::new();
    let metrics = ProducerMetrics::new(&mut registry);
    let producer =
        patient(&Scripted::default()).metrics(metrics).build().await.expect("a producer");
    let refused = producer.send("refunds", None, b"a", None).await;
    assert_eq!(refused.map(drop), Err(Error::UnknownPartition));
    let failure = r#"streamhouse_producer_send_errors_total{topic="refunds",error_type="other"} 1"#;
    assert_eq!(registry.to_text().contains(failure), ON);
    let missing = Producer::builder().build().await;
    assert_eq!(missing.map(drop), Err(Error::Missing("metadata store")));
}

#[tokio::test]
async fn where_nobody_leads_it_is_asked_again() {
    let metadata = Arc::new(SqliteMetadata::in_memory().expect("memory"));
    metadata.create_topic("orders", 1).expect("a topic");
    let producer = patient(&Scripted::default()).metadata_store(metadata.clone()).retries(3);
    let producer = producer.backoff(Duration::from_millis(20)).build().await.unwrap();
    let nobody = producer.send("orders", None, b"a", None).await.unwrap();
    producer.flush().await;
    assert_eq!(nobody.await.map(drop), Err(Error::NotLeader));
    let somebody = producer.send("orders", None, b"b", None).await.unwrap();
    let agent = AgentRow {
        agent_id: "late".to_owned(),
        address: "leader:9090".to_owned(),
        availability_zone: String::new(),
        agent_group: "default".to_owned(),
    };
    let (flushed, ()) = tokio::join!(producer.flush(), async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        metadata.announce(&agent, NEVER).expect("metadata");
        metadata.lease(&Partition::new("orders", 0), "late", None, NEVER).expect("metadata");
    });
    let () = flushed;
    assert_eq!(offset(somebody).await, Ok(0));
}

#[tokio::test]
async fn a_leader_that_never_answers_is_asked_for_anew() {
    let metadata = metadata();
    let transport = Scripted::answering([Err(Error::Timeout)]);
    let builder = patient(&transport).metadata_store(metadata.clone());
    let producer = builder.backoff(Duration::from_millis(50)).build().await.unwrap();
    let orders = Partition::new("orders", 0);
    let delivery = producer.send("orders", None, b"a", None).await.unwrap();
    // Whoever led is gone, and nobody leads until somebody does.
    let (_, ()) = tokio::join!(producer.flush(), async {
        metadata.release(&orders, "leader").expect("metadata");
        tokio::time::sleep(Duration::from_millis(120)).await;
        metadata.lease(&orders, "leader", None, NEVER).expect("metadata").expect("a free lease");
    });
    assert_eq!(offset(delivery).await, Ok(0));
    assert_eq!(transport.batches(), [["a"], ["a"]]);
}

#[tokio::test]
async fn what_is_not_delivered_in_time_has_failed() {
    let transport = Scripted::answering(std::iter::repeat_n(Err(Error::Storage), 1_000));
    let builder = patient(&transport).delivery_timeout(Duration::from_millis(100));
    let producer = builder.backoff(Duration::from_millis(5)).build().await.unwrap();
    let sent = Instant::now();
    let delivery = producer.send("orders", None, b"a", None).await.unwrap();
    producer.flush().await;
    assert_eq!(offset(delivery).await, Err(Error::Storage));
    assert!(sent.elapsed() < Duration::from_secs(2), "{:?}", sent.elapsed());
    assert!(transport.batches().len() > 2);
}

/// Panics once.
#[derive(Clone, Debug, Default)]
struct Panicking(Arc<std::sync::atomic::AtomicBool>);

impl Transport for Panicking {
    fn produce<'a>(
        &'a self,
        _: &'a str,
        _: &'a Partition,
        _: Vec<Record>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        let has_panicked = self.0.swap(true, std::sync::atomic::Ordering::Relaxed);
        assert!(has_panicked, "on purpose");
        Box::pin(ready(Ok(7)))
    }
}

#[tokio::test]
async fn a_transport_that_panics_costs_a_batch_and_no_more() {
    let builder = patient(&Scripted::default()).transport(Panicking::default());
    let producer = builder.build().await.unwrap();
    for expected in [Err(Error::Timeout), Ok(7)] {
        let delivery = producer.send("orders", None, b"a", None).await.unwrap();
        producer.flush().await;
        assert_eq!(offset(delivery).await, expected);
    }
}

#[tokio::test]
async fn a_flush_that_is_given_up_hurries_nobody() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    let waiting = producer.send("orders", None, b"a", None).await.unwrap();
    assert_eq!(producer.flush().now_or_never(), None);
    producer.flush().await;
    assert_eq!(offset(waiting).await, Ok(0));
    let lingers = producer.send("orders", None, b"b", None).await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(30), lingers).await.is_err());
}

#[tokio::test]
async fn a_large_record_goes_alone() {
    let transport = Scripted::default();
    let producer = patient(&transport).build().await.unwrap();
    let large = "x".repeat(1 << 20);
    for value in ["small", &large, "other"] {
        producer.send("orders", None, value.as_bytes(), None).await.unwrap();
    }
    producer.flush().await;
    let lengths: Vec<Vec<usize>> =
        transport.batches().iter().map(|batch| batch.iter().map(String::len).collect()).collect();
    assert_eq!(lengths, [[5], [1 << 20], [5]]);
}

#[test]
fn a_producer_works_where_it_was_built_whoever_sends() {
    let multi = || tokio::runtime::Builder::new_multi_thread();
    let home = multi().worker_threads(1).enable_all().build().expect("a thread");
    let transport = Scripted::default();
    let producer = home.block_on(async { patient(&transport).build().await.unwrap() });
    let away = multi().worker_threads(1).enable_all().build().expect("a thread");
    away.block_on(async { drop(producer.send("orders", None, b"a", None).await.unwrap()) });
    drop(away);
    home.block_on(producer.flush());
    assert_eq!(transport.batches(), [["a"]]);
}

#[tokio::test]
async fn a_batch_is_recorded_from_its_first_record_to_its_outcome() {
    let mut registry = Registry::new();
    let metrics = Arc::new(ProducerMetrics::new(&mut registry));
    let producer =
        patient(&Scripted::default()).metrics(metrics).build().await.expect("a producer");
    producer.send("orders", Some(b"user123"), b"order", None).await.unwrap();
    producer.send("orders", None, b"order", None).await.unwrap();

    let pending = r#"streamhouse_producer_pending_records{topic="orders",partition="0"}"#;
    let waiting = registry.to_text();
    assert_eq!(waiting.contains(&format!("{pending} 2")), ON, "{waiting}");
    producer.flush().await;
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
