//! Agents on one store: who may write, who takes over, and what is recorded of it.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use streamhouse_agent::{
    Agent, AgentBuilder, AgentMetrics, Error, MemoryStore, Partition, Record, Store, Transport,
};
use streamhouse_metrics::Registry;

const ON: bool = cfg!(feature = "metrics");

/// A lease term that a test can sit out; the default one outlasts every test.
const SHORT: Duration = Duration::from_millis(60);

fn store() -> Arc<MemoryStore> {
    Arc::new(MemoryStore::new([("orders", 2)], 100))
}

fn orders() -> Partition {
    Partition::new("orders", 0)
}

fn batch(values: &[&str]) -> Vec<Record> {
    let record = |value: &&str| Record { key: None, value: value.as_bytes().into() };
    values.iter().map(record).collect()
}

fn agent(agent_id: &str) -> AgentBuilder {
    Agent::builder().agent_id(agent_id)
}

#[track_caller]
fn wait_until(happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !happened() {
        assert!(Instant::now() < deadline, "it never happened");
        thread::sleep(Duration::from_millis(2));
    }
}

#[track_caller]
fn check_samples(registry: &Registry, samples: &[&str]) {
    let body = registry.to_text();
    for sample in samples {
        assert_eq!(body.lines().any(|line| line == *sample), ON, "{sample}\n{body}");
    }
}

#[test]
fn an_agent_writes_from_its_start_to_its_stop() {
    let agent = agent("a").lease_term(SHORT).build(store());
    let connection = agent.connect();
    let write = || connection.produce(&orders(), &batch(&["x"]));
    assert!(!agent.has_active_leases());
    assert_eq!(write(), Err(Error::NotLeader));
    agent.start();
    // On a busy machine a short lease may end for a moment, but it comes back.
    wait_until(|| write() == Ok(0));
    thread::sleep(3 * SHORT);
    wait_until(|| agent.has_active_leases());
    wait_until(|| write() == Ok(1));
    agent.stop();
    assert!(!agent.has_active_leases());
    assert_eq!(write(), Err(Error::NotLeader));
    assert_eq!(connection.fetch(&orders(), 0, 10).map(|fetched| fetched.records.len()), Ok(2));
}

#[test]
fn a_second_agent_takes_over_when_the_first_is_gone() {
    let store = store();
    let first = agent("a").build(store.clone());
    first.start();
    let second = agent("b").lease_term(SHORT).build(store);
    second.start();
    assert!(!second.has_active_leases());
    assert_eq!(second.connect().produce(&orders(), &batch(&["x"])), Err(Error::NotLeader));
    drop(first);
    wait_until(|| second.has_active_leases());
    wait_until(|| second.connect().produce(&orders(), &batch(&["x"])).is_ok());
}

#[test]
fn a_lease_that_was_taken_away_is_lost() {
    let store = store();
    let mut registry = Registry::new();
    let metrics = AgentMetrics::new(&mut registry);
    let agent = agent("a").lease_term(SHORT).metrics(metrics).build(store.clone());
    agent.start();
    check_samples(&registry, &[r#"streamhouse_agent_active_partitions{topic="orders"} 2"#]);

    // The agent may renew in between, hence the repetition.
    wait_until(|| {
        store.release(&orders(), "a");
        store.lease(&orders(), "b", Duration::from_secs(60)) == Ok(true)
    });
    // Before the agent knows, the store does.
    assert_eq!(agent.connect().produce(&orders(), &batch(&["x"])), Err(Error::NotLeader));
    let lost = r#"streamhouse_agent_lease_renewals_total{status="lost"} 1"#;
    wait_until(|| !ON || registry.to_text().contains(lost));
    check_samples(&registry, &[r#"streamhouse_agent_active_partitions{topic="orders"} 1"#]);
    agent.stop();
    check_samples(&registry, &[lost, r#"streamhouse_agent_active_partitions{topic="orders"} 0"#]);
}

#[test]
fn a_batch_that_is_too_large_is_rejected() {
    let agent = agent("a").max_request_bytes(3).build(store());
    agent.start();
    let connection = agent.connect();
    assert_eq!(connection.produce(&orders(), &batch(&["ab", "cd"])), Err(Error::Rejected));
    assert_eq!(connection.produce(&orders(), &batch(&["abc"])), Ok(0));
}

#[test]
fn every_request_is_recorded() {
    let mut registry = Registry::new();
    let agent = agent("a").metrics(AgentMetrics::new(&mut registry)).build(store());
    agent.start();
    let connection = agent.connect();
    let unknown = Partition::new("refunds", 0);
    assert_eq!(connection.partitions("orders"), Ok(2));
    assert_eq!(connection.partitions("refunds"), Err(Error::UnknownPartition));
    assert_eq!(connection.produce(&orders(), &batch(&["x", "y"])), Ok(0));
    assert_eq!(connection.produce(&unknown, &batch(&["x"])), Err(Error::NotLeader));
    assert_eq!(connection.fetch(&orders(), 1, 10).map(|fetched| fetched.records.len()), Ok(1));
    assert_eq!(connection.commit("analytics", &orders(), 2), Ok(()));
    assert_eq!(connection.committed("analytics", &orders()), Ok(Some(2)));
    check_samples(
        &registry,
        &[
            "streamhouse_agent_active_connections 1",
            r#"streamhouse_agent_grpc_requests_total{method="metadata",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="metadata",status="error"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="produce",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="produce",status="error"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="fetch",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="commit",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="other",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_request_duration_seconds_count{method="produce"} 2"#,
            r#"streamhouse_agent_records_written_total{topic="orders",partition="0"} 2"#,
            r#"streamhouse_agent_write_latency_seconds_count{topic="orders"} 1"#,
        ],
    );
    drop(connection);
    check_samples(&registry, &["streamhouse_agent_active_connections 0"]);
}
