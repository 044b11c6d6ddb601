//! The consumer against a real agent on a store in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use streamhouse_agent::{Agent, MemoryStore};
use streamhouse_client::{
    Consumer, ConsumerBuilder, ConsumerMetrics, ConsumerRecord, Error, OffsetReset, Partition,
    Record, Transport,
};
use streamhouse_metrics::Registry;

const ON: bool = cfg!(feature = "metrics");

fn agent() -> Agent {
    let agent = Agent::builder().build(Arc::new(MemoryStore::new([("orders", 2)], 100)));
    agent.start();
    agent
}

fn write(agent: &Agent, partition: u32, values: &[&str]) {
    let record = |value: &&str| Record { key: None, value: value.as_bytes().into() };
    let records: Vec<Record> = values.iter().map(record).collect();
    agent
        .connect()
        .produce(&Partition::new("orders", partition), &records)
        .expect("the agent writes");
}

fn analytics() -> ConsumerBuilder {
    Consumer::builder().group_id("analytics").topics(["orders"])
}

fn poll(consumer: &mut Consumer) -> Vec<String> {
    let text = |read: &ConsumerRecord| String::from_utf8_lossy(&read.record.value).into_owned();
    let mut values: Vec<String> =
        consumer.poll(Duration::ZERO).expect("the agent answers").iter().map(text).collect();
    values.sort();
    values
}

#[test]
fn a_group_goes_on_where_it_committed() {
    let agent = agent();
    write(&agent, 0, &["a", "b"]);
    let mut first = analytics().build(agent.connect()).unwrap();
    assert_eq!(poll(&mut first), ["a", "b"]);
    first.commit().unwrap();
    write(&agent, 0, &["c"]);
    write(&agent, 1, &["d"]);
    assert_eq!(poll(&mut first), ["c", "d"]);

    // The second poll was never committed, so the group's next consumer reads it again.
    let mut second = analytics().build(agent.connect()).unwrap();
    assert_eq!(poll(&mut second), ["c", "d"]);
    let mut other = analytics().group_id("audit").build(agent.connect()).unwrap();
    assert_eq!(poll(&mut other), ["a", "b", "c", "d"]);
}

#[test]
fn a_new_group_begins_where_it_is_told() {
    let agent = agent();
    write(&agent, 0, &["a"]);
    let latest = analytics().offset_reset(OffsetReset::Latest);
    let mut latest = latest.build(agent.connect()).unwrap();
    assert_eq!(poll(&mut latest), [""; 0]);
    write(&agent, 0, &["b"]);
    assert_eq!(poll(&mut latest), ["b"]);
    let mut earliest = analytics().build(agent.connect()).unwrap();
    assert_eq!(poll(&mut earliest), ["a", "b"]);
}

#[test]
fn a_busy_partition_leaves_room_for_the_others() {
    let agent = agent();
    write(&agent, 0, &["a", "b", "c", "d"]);
    write(&agent, 1, &["e", "f"]);
    let mut consumer = analytics().max_records(2).build(agent.connect()).unwrap();
    let polls = [poll(&mut consumer), poll(&mut consumer), poll(&mut consumer)];
    assert_eq!(polls, [["a", "b"], ["e", "f"], ["c", "d"]]);
}

#[test]
fn an_empty_poll_takes_its_time_and_no_more() {
    let agent = agent();
    let mut consumer = analytics().build(agent.connect()).unwrap();
    let timeout = Duration::from_millis(30);
    let started = Instant::now();
    assert_eq!(consumer.poll(timeout), Ok(vec![]));
    assert!(started.elapsed() >= timeout);
    assert_eq!(consumer.lag("orders", 0), Some(0));
    assert_eq!(consumer.lag("orders", 2), None);
    assert_eq!(consumer.lag("refunds", 0), None);
}

#[test]
fn an_unknown_topic_is_an_error() {
    let refused = analytics().topics(["refunds"]).build(agent().connect());
    assert_eq!(refused.map(|_| ()).unwrap_err(), Error::UnknownPartition);
}

#[test]
fn lag_and_progress_are_recorded() {
    let agent = agent();
    write(&agent, 0, &["a", "b", "c"]);
    std::thread::sleep(Duration::from_millis(10));

    let mut registry = Registry::new();
    let metrics = ConsumerMetrics::new(&mut registry);
    let consumer = analytics().max_records(1).metrics(metrics);
    let mut consumer = consumer.build(agent.connect()).unwrap();
    assert_eq!(poll(&mut consumer), ["a"]);
    consumer.commit().unwrap();
    // The second partition has its turn in between.
    assert_eq!(poll(&mut consumer), ["b"]);
    assert_eq!(consumer.lag("orders", 0), Some(1));

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
