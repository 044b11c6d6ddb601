//! The consumer on stores in memory, beside a real agent.

#[path = "../../core/tests/wrapped/mod.rs"]
mod wrapped;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use object_store::ObjectStore;
use object_store::memory::InMemory;
use streamhouse_agent::Agent;
use streamhouse_client::{
    Consumer, ConsumerBuilder, ConsumerMetrics, ConsumerRecord, Error, MetadataStore, OffsetReset,
    Partition, Record, SqliteMetadata, Transport as _,
};
use streamhouse_metrics::Registry;
use tokio::time::sleep;

use crate::wrapped::Wrapped;

const ON: bool = cfg!(feature = "metrics");

/// An agent, and the stores that a consumer reads.
struct Cluster {
    metadata: Arc<dyn MetadataStore>,
    objects: Arc<dyn ObjectStore>,
    agent: Agent,
}

async fn cluster() -> Cluster {
    let metadata: Arc<dyn MetadataStore> = Arc::new(SqliteMetadata::in_memory().expect("memory"));
    metadata.create_topic("orders", 2).expect("a topic");
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let builder = Agent::builder().metadata_store(metadata.clone()).object_store(objects.clone());
    let agent = builder.build().await.expect("an agent");
    agent.start().await.expect("nothing to listen to");
    Cluster { metadata, objects, agent }
}

impl Cluster {
    async fn write(&self, partition: u32, values: &[&str]) {
        let records =
            values.iter().map(|value| Record::copied(SystemTime::now(), None, value.as_bytes()));
        let partition = Partition::new("orders", partition);
        let written = self.agent.connect().produce("", &partition, records.collect()).await;
        written.expect("the agent writes");
    }

    fn analytics(&self) -> ConsumerBuilder {
        Consumer::builder()
            .group_id("analytics")
            .topics(["orders"])
            .metadata_store(self.metadata.clone())
            .object_store(self.objects.clone())
    }
}

fn values(records: &[ConsumerRecord]) -> Vec<String> {
    let text = |read: &ConsumerRecord| String::from_utf8_lossy(&read.record.value).into_owned();
    let mut values: Vec<String> = records.iter().map(text).collect();
    values.sort();
    values
}

async fn poll(consumer: &mut Consumer) -> Vec<String> {
    values(&consumer.poll(Duration::ZERO).await.expect("the stores answer"))
}

#[tokio::test]
async fn a_group_goes_on_where_it_committed() {
    let cluster = cluster().await;
    cluster.write(0, &["a", "b"]).await;
    let mut first = cluster.analytics().build().await.unwrap();
    assert_eq!(poll(&mut first).await, ["a", "b"]);
    first.commit().await.unwrap();
    cluster.write(0, &["c"]).await;
    cluster.write(1, &["d"]).await;
    assert_eq!(poll(&mut first).await, ["c", "d"]);
    first.close().await.unwrap();

    // The second poll was never committed, so the group's next consumer reads it again.
    let mut second = cluster.analytics().build().await.unwrap();
    assert_eq!(poll(&mut second).await, ["c", "d"]);
    let mut other = cluster.analytics().group_id("audit").build().await.unwrap();
    assert_eq!(poll(&mut other).await, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_new_group_begins_where_it_is_told() {
    let cluster = cluster().await;
    cluster.write(0, &["a"]).await;
    let latest = cluster.analytics().group_id("late").offset_reset(OffsetReset::Latest);
    let mut latest = latest.build().await.unwrap();
    assert_eq!(poll(&mut latest).await, [""; 0]);
    cluster.write(0, &["b"]).await;
    assert_eq!(poll(&mut latest).await, ["b"]);
    let mut earliest = cluster.analytics().build().await.unwrap();
    assert_eq!(poll(&mut earliest).await, ["a", "b"]);
}

#[tokio::test]
async fn a_busy_partition_leaves_room_for_the_others() {
    let cluster = cluster().await;
    cluster.write(0, &["a", "b", "c", "d"]).await;
    cluster.write(1, &["e", "f"]).await;
    let mut consumer = cluster.analytics().max_records(2).build().await.unwrap();
    let mut polls = Vec::new();
    for _ in 0..3 {
        polls.push(poll(&mut consumer).await);
    }
    assert_eq!(polls, [["a", "b"], ["e", "f"], ["c", "d"]]);
}

#[tokio::test]
async fn an_empty_poll_takes_its_time_and_no_more() {
    let cluster = cluster().await;
    let mut consumer = cluster.analytics().build().await.unwrap();
    let timeout = Duration::from_millis(30);
    let started = Instant::now();
    assert_eq!(consumer.poll(timeout).await, Ok(vec![]));
    assert!(started.elapsed() >= timeout);
    assert_eq!(consumer.lag("orders", 0).await, Ok(0));
    assert_eq!(consumer.lag("orders", 2).await, Err(Error::UnknownPartition));
    assert_eq!(consumer.lag("refunds", 0).await, Err(Error::UnknownPartition));
}

#[tokio::test]
async fn a_poll_that_is_interrupted_has_read_nothing() {
    let cluster = cluster().await;
    let mut consumer = cluster.analytics().build().await.unwrap();
    let mut read = Vec::new();
    for number in 0..200_u64 {
        cluster.write((number % 2) as u32, &[&format!("{number:03}")]).await;
        // Somewhere on its way, sometimes at its end.
        let poll = consumer.poll(Duration::ZERO);
        let patience = Duration::from_micros(number * 13 % 2_000);
        if let Ok(polled) = tokio::time::timeout(patience, poll).await {
            read.extend(values(&polled.expect("the stores answer")));
        }
    }
    read.extend(poll(&mut consumer).await);
    read.sort();
    assert!(read.into_iter().eq((0..200).map(|number| format!("{number:03}"))));
}

#[tokio::test]
async fn an_error_during_a_rebalance_passes() {
    let mut cluster = cluster().await;
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    cluster.metadata = Arc::new(Wrapped {
        inner: cluster.metadata,
        before_lease: Box::new(|| ()),
        before_committed: Box::new(move || match failing.swap(false, Ordering::Relaxed) {
            true => Err(Error::Timeout),
            false => Ok(()),
        }),
    });
    let session = Duration::from_millis(90);
    let first = cluster.analytics().session(session).build().await.unwrap();
    let mut second = cluster.analytics().session(session).build().await.unwrap();
    assert_eq!(second.assignment().count(), 1);
    first.close().await.unwrap();
    fails.store(true, Ordering::Relaxed);
    let begin = Instant::now();
    while second.assignment().count() < 2 {
        assert!(begin.elapsed() < Duration::from_secs(10), "it passes");
        let _ = second.poll(Duration::ZERO).await;
        sleep(Duration::from_millis(5)).await;
    }
    assert!(!fails.load(Ordering::Relaxed), "it was asked");
    assert_eq!(second.commit().await, Ok(()));
}

#[tokio::test]
async fn a_partition_that_was_away_is_read_on_where_its_reader_came_to() {
    let cluster = cluster().await;
    for index in [0, 1] {
        cluster.write(index, &["a", "b", "c", "d", "e", "f"]).await;
    }
    let builder = || cluster.analytics().session(Duration::from_millis(90));
    let mut first = builder().max_records(4).build().await.unwrap();
    // Two of a partition, then two of the other.
    let mut read = first.poll(Duration::ZERO).await.unwrap().len();
    assert_eq!(read, 4);
    first.commit().await.unwrap();
    // It is at work, while another member comes, reads on, and goes.
    let mut second = builder().build().await.unwrap();
    read += second.poll(Duration::ZERO).await.unwrap().len();
    second.commit().await.unwrap();
    let theirs = second.assignment().next().expect("a partition").clone();
    second.close().await.unwrap();
    sleep(Duration::from_millis(120)).await;
    for _ in 0..6 {
        read += first.poll(Duration::ZERO).await.unwrap().len();
    }
    assert_eq!(read, 12, "nothing is read twice, nothing is left out");
    first.commit().await.unwrap();
    assert_eq!(cluster.metadata.committed("analytics", &theirs), Ok(Some(6)));
}

#[test]
fn a_consumer_that_is_dropped_outside_its_runtime_leaves_its_group() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().expect("a thread");
    let (cluster, consumer) = runtime.block_on(async {
        let cluster = cluster().await;
        let consumer = cluster.analytics().build().await.unwrap();
        (cluster, consumer)
    });
    drop(consumer);
    let begin = Instant::now();
    let alone = async || cluster.analytics().build().await.unwrap().assignment().count() == 2;
    while !runtime.block_on(alone()) {
        assert!(begin.elapsed() < Duration::from_secs(5), "it stays");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_consumer_says_what_it_misses() {
    let cluster = cluster().await;
    let refused = cluster.analytics().topics(["refunds"]).build().await;
    assert_eq!(refused.map(drop), Err(Error::UnknownPartition));
    let nothing = cluster.analytics().topics([""; 0]).build().await;
    assert_eq!(nothing.map(drop), Err(Error::Missing("topic")));
    let nowhere = Consumer::builder().topics(["orders"]).build().await;
    assert_eq!(nowhere.map(drop), Err(Error::Missing("metadata store")));
    let half = Consumer::builder().topics(["orders"]).metadata_store(cluster.metadata.clone());
    assert_eq!(half.build().await.map(drop), Err(Error::Missing("object store")));
}

#[tokio::test]
async fn lag_is_true_without_a_poll() {
    let cluster = cluster().await;
    let consumer = cluster.analytics().build().await.unwrap();
    cluster.write(0, &["a", "b", "c"]).await;
    sleep(Duration::from_millis(10)).await;
    assert_eq!(consumer.lag("orders", 0).await, Ok(3));
    assert_eq!(consumer.lag("orders", 1).await, Ok(0));
    let time = consumer.lag_time("orders", 0).await.expect("metadata");
    assert!((Duration::from_millis(10)..Duration::from_secs(60)).contains(&time), "{time:?}");
    assert_eq!(consumer.lag_time("orders", 1).await, Ok(Duration::ZERO));
}

#[tokio::test]
async fn lag_and_progress_are_recorded() {
    let cluster = cluster().await;
    cluster.write(0, &["a", "b", "c"]).await;
    sleep(Duration::from_millis(10)).await;

    let mut registry = Registry::new();
    let metrics = Arc::new(ConsumerMetrics::new(&mut registry));
    let consumer = cluster.analytics().max_records(1).metrics(metrics);
    let mut consumer = consumer.build().await.unwrap();
    assert_eq!(poll(&mut consumer).await, ["a"]);
    consumer.commit().await.unwrap();
    // The second partition has its turn in between.
    assert_eq!(poll(&mut consumer).await, ["b"]);
    assert_eq!(consumer.lag("orders", 0).await, Ok(1));

    let body = registry.to_text();
    let labels = r#"topic="orders",partition="0",group_id="analytics""#;
    let samples = [
        format!("streamhouse_consumer_records_consumed_total{{{labels}}} 2"),
        format!("streamhouse_consumer_lag_records{{{labels}}} 1"),
        format!("streamhouse_consumer_current_offset{{{labels}}} 2"),
        format!("streamhouse_consumer_last_committed_offset{{{labels}}} 1"),
        r#"streamhouse_consumer_bytes_consumed_total{topic="orders",group_id="analytics"} 2"#
            .to_owned(),
        r#"streamhouse_consumer_poll_duration_seconds_count{topic="orders"} 2"#.to_owned(),
    ];
    for sample in samples {
        assert_eq!(body.contains(&sample), ON, "{sample}\n{body}");
    }
    let lag = format!("streamhouse_consumer_lag_seconds{{{labels}}} ");
    let lag: Option<f64> =
        body.lines().find_map(|line| line.strip_prefix(&lag)).map(|lag| lag.parse().unwrap());
    assert_eq!(lag.is_some_and(|lag| (0.01..60.0).contains(&lag)), ON, "{lag:?}");
}

#[tokio::test]
async fn a_consumer_that_does_nothing_still_shows_how_far_it_is_behind() {
    let cluster = cluster().await;
    let mut registry = Registry::new();
    let metrics = ConsumerMetrics::new(&mut registry);
    let builder = cluster.analytics().session(Duration::from_millis(60)).metrics(metrics);
    let mut consumer = builder.build().await.unwrap();
    assert_eq!(poll(&mut consumer).await, [""; 0]);
    // It is at work on what it has read, for ever.
    cluster.write(0, &["a", "b", "c"]).await;
    let labels = r#"topic="orders",partition="0",group_id="analytics""#;
    let behind = format!("streamhouse_consumer_lag_records{{{labels}}} 3");
    let begin = Instant::now();
    while ON && !registry.to_text().contains(&behind) {
        assert!(begin.elapsed() < Duration::from_secs(10), "{}", registry.to_text());
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn members_of_a_group_read_every_record_between_them() {
    let cluster = cluster().await;
    let mut registry = Registry::new();
    let metrics = ConsumerMetrics::new(&mut registry);
    let builder =
        || cluster.analytics().session(Duration::from_millis(200)).metrics(metrics.clone());
    let mut first = builder().build().await.unwrap();
    assert_eq!(first.assignment().count(), 2);
    cluster.write(0, &["a"]).await;
    cluster.write(1, &["b"]).await;
    assert_eq!(poll(&mut first).await, ["a", "b"]);
    first.commit().await.unwrap();

    let mut second = builder().build().await.unwrap();
    assert_eq!(second.assignment().count(), 1);
    // The first one learns of it when it says next that it is there.
    let begin = Instant::now();
    while first.assignment().count() > 1 {
        assert!(begin.elapsed() < Duration::from_secs(10), "nothing was divided");
        sleep(Duration::from_millis(5)).await;
        poll(&mut first).await;
    }
    cluster.write(0, &["c"]).await;
    cluster.write(1, &["d"]).await;
    let both = [poll(&mut first).await, poll(&mut second).await];
    assert!(both == [["c"], ["d"]] || both == [["d"], ["c"]], "{both:?}");
    first.commit().await.unwrap();
    second.commit().await.unwrap();

    drop(first);
    let begin = Instant::now();
    while second.assignment().count() < 2 {
        assert!(begin.elapsed() < Duration::from_secs(10), "nobody took over");
        sleep(Duration::from_millis(5)).await;
        poll(&mut second).await;
    }
    cluster.write(0, &["e"]).await;
    cluster.write(1, &["f"]).await;
    assert_eq!(poll(&mut second).await, ["e", "f"]);
}
