//! Agents on one store: who may write, who takes over, and what is recorded of it.

#[path = "../../core/tests/wrapped/mod.rs"]
mod wrapped;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::FutureExt as _;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use streamhouse_agent::{
    Agent, AgentBuilder, AgentMetrics, Connection, MetadataStore, SqliteMetadata,
};
use streamhouse_core::{Error, Log, Metadata, Partition, Record, Transport as _, v1};
use streamhouse_metrics::Registry;
use tokio::time::sleep;

use crate::wrapped::Wrapped;

const ON: bool = cfg!(feature = "metrics");

/// A lease term that a test can sit out; the default one outlasts every test.
const SHORT: Duration = Duration::from_millis(90);

/// What all agents share.
struct Stores {
    metadata: Arc<dyn MetadataStore>,
    objects: Arc<dyn ObjectStore>,
}

fn stores() -> Stores {
    let metadata = SqliteMetadata::in_memory().expect("memory");
    metadata.create_topic("orders", 2).expect("a topic");
    Stores { metadata: Arc::new(metadata), objects: Arc::new(InMemory::new()) }
}

impl Stores {
    fn agent(&self, agent_id: &str) -> AgentBuilder {
        Agent::builder()
            .agent_id(agent_id)
            .metadata_store(self.metadata.clone())
            .object_store(self.objects.clone())
    }

    async fn values(&self) -> Vec<String> {
        let log = Log::new(Metadata::new(self.metadata.clone()), self.objects.clone());
        let fetched = log.read(&orders(), 0, 100).await.expect("records");
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        fetched.records.iter().map(|stored| text(&stored.record.value)).collect()
    }
}

fn orders() -> Partition {
    Partition::new("orders", 0)
}

fn batch(values: &[&str]) -> Vec<Record> {
    values.iter().map(|value| Record::copied(SystemTime::now(), None, value.as_bytes())).collect()
}

async fn write(connection: &Connection, values: &[&str]) -> Result<u64, Error> {
    connection.produce("", &orders(), batch(values)).await
}

async fn wait_until(mut happened: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !happened().await {
        assert!(Instant::now() < deadline, "it never happened");
        sleep(Duration::from_millis(2)).await;
    }
}

#[track_caller]
fn check_samples(registry: &Registry, samples: &[&str]) {
    let body = registry.to_text();
    for sample in samples {
        assert_eq!(body.lines().any(|line| line == *sample), ON, "{sample}\n{body}");
    }
}

#[tokio::test]
async fn an_agent_writes_from_its_start_to_its_stop() {
    let stores = stores();
    let agent = stores.agent("a").lease_term(SHORT).build().await.expect("an agent");
    let connection = agent.connect();
    assert!(!agent.has_active_leases());
    assert_eq!(write(&connection, &["x"]).await, Err(Error::NotLeader));
    agent.start().await.expect("nothing to listen to");
    agent.start().await.expect("once more is nothing more");
    // On a busy machine a short lease may end for a moment, but it comes back.
    wait_until(async || write(&connection, &["x"]).await == Ok(0)).await;
    sleep(3 * SHORT).await;
    wait_until(async || agent.has_active_leases()).await;
    wait_until(async || write(&connection, &["y"]).await == Ok(1)).await;
    agent.stop().await;
    assert!(!agent.has_active_leases());
    assert_eq!(write(&connection, &["z"]).await, Err(Error::NotLeader));
    assert_eq!(stores.values().await, ["x", "y"]);
}

#[tokio::test]
async fn an_agent_says_what_it_misses() {
    let stores = stores();
    let nothing = Agent::builder().build().await;
    assert_eq!(nothing.map(drop), Err(Error::Missing("metadata store")));
    let half = Agent::builder().metadata_store(stores.metadata.clone()).build().await;
    assert_eq!(half.map(drop), Err(Error::Missing("object store")));
    let one = stores.agent("a").address("127.0.0.1:0").build().await.expect("an agent");
    one.start().await.expect("a free port");
    let taken = one.address().expect("it listens");
    let other = stores.agent("b").address(taken).build().await.expect("an agent");
    let refused = other.start().await.expect_err("a port that is taken");
    assert_eq!(refused.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn agents_share_the_partitions_and_take_over_what_is_left() {
    let stores = stores();
    let mut registry = Registry::new();
    let metrics = AgentMetrics::new(&mut registry);
    let builder = |agent_id| stores.agent(agent_id).lease_term(SHORT).metrics(metrics.clone());
    let first = builder("a").build().await.expect("an agent");
    first.start().await.expect("nothing to listen to");
    check_samples(&registry, &[r#"streamhouse_agent_active_partitions{topic="orders"} 2"#]);
    let second = builder("b").build().await.expect("an agent");
    second.start().await.expect("nothing to listen to");
    // One for each.
    wait_until(async || first.has_active_leases() && second.has_active_leases()).await;
    wait_until(async || {
        let mut holders = 0;
        for agent in [&first, &second] {
            holders += usize::from(write(&agent.connect(), &["x"]).await.is_ok());
        }
        holders == 1
    })
    .await;
    // It gives nothing back.
    drop(first);
    wait_until(async || {
        let connection = second.connect();
        let other = connection.produce("", &Partition::new("orders", 1), batch(&["x"])).await;
        write(&connection, &["x"]).await.is_ok() && other.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_was_taken_away_is_lost() {
    let stores = stores();
    let mut registry = Registry::new();
    let metrics = AgentMetrics::new(&mut registry);
    let agent = stores.agent("a").lease_term(SHORT).metrics(metrics).build().await.unwrap();
    agent.start().await.expect("nothing to listen to");
    // The agent may renew in between, hence the repetition.
    wait_until(async || {
        stores.metadata.release(&orders(), "a").expect("metadata");
        stores.metadata.lease(&orders(), "b", None, Duration::from_secs(60)).unwrap().is_some()
    })
    .await;
    // Before the agent knows, the store does.
    assert_eq!(write(&agent.connect(), &["x"]).await, Err(Error::NotLeader));
    let lost = r#"streamhouse_agent_lease_renewals_total{status="lost"} 1"#;
    wait_until(async || !ON || registry.to_text().contains(lost)).await;
    check_samples(&registry, &[lost, r#"streamhouse_agent_active_partitions{topic="orders"} 1"#]);
    agent.stop().await;
    check_samples(&registry, &[lost, r#"streamhouse_agent_active_partitions{topic="orders"} 0"#]);
}

/// One that is done when all of its steps are, however it is interrupted.
#[tokio::test]
async fn an_agent_may_be_stopped_at_any_moment() {
    let stores = Stores { metadata: Arc::new(slow(stores())), ..stores() };
    let is_free = async |index| {
        let partition = Partition::new("orders", index);
        stores.metadata.lease(&partition, "b", None, Duration::ZERO).expect("metadata").is_some()
    };
    // While it starts, and while it renews.
    for milliseconds in [0, 5, 30, 60, 80, 100, 120, 150] {
        let agent = stores.agent("a").lease_term(Duration::from_secs(60)).build().await.unwrap();
        let patience = Duration::from_millis(milliseconds);
        let _ = tokio::time::timeout(patience, agent.start()).await;
        agent.stop().await;
        assert!(!agent.has_active_leases());
        assert!(is_free(0).await && is_free(1).await, "stopped after {milliseconds} ms");
    }
}

/// The same metadata, whose leases take a while.
fn slow(stores: Stores) -> Wrapped {
    Wrapped {
        inner: stores.metadata,
        before_lease: Box::new(|| std::thread::sleep(Duration::from_millis(30))),
        before_committed: Box::new(|| Ok(())),
    }
}

#[tokio::test]
async fn an_agent_that_is_gone_holds_and_writes_nothing() {
    let stores = stores();
    let mut registry = Registry::new();
    let metrics = AgentMetrics::new(&mut registry);
    let agent = stores.agent("a").metrics(metrics).build().await.expect("an agent");
    agent.start().await.expect("nothing to listen to");
    let connection = agent.connect();
    assert_eq!(write(&connection, &["x"]).await, Ok(0));
    drop(agent);
    assert_eq!(write(&connection, &["y"]).await, Err(Error::NotLeader));
    check_samples(&registry, &[r#"streamhouse_agent_active_partitions{topic="orders"} 0"#]);
}

#[tokio::test]
async fn who_is_started_anew_under_a_name_writes_and_its_forerunner_does_not() {
    let stores = stores();
    let first = stores.agent("a").build().await.expect("an agent");
    first.start().await.expect("nothing to listen to");
    let second = stores.agent("a").build().await.expect("an agent");
    second.start().await.expect("nothing to listen to");
    assert_eq!(write(&first.connect(), &["old"]).await, Err(Error::NotLeader));
    assert_eq!(write(&second.connect(), &["new"]).await, Ok(0));
}

#[tokio::test]
async fn a_client_that_says_nothing_does_not_keep_an_agent_from_its_end() {
    let stores = stores();
    let mut registry = Registry::new();
    let builder = stores.agent("a").address("127.0.0.1:0");
    let agent = builder.metrics(AgentMetrics::new(&mut registry)).build().await.unwrap();
    agent.start().await.expect("a free port");
    let address = agent.address().expect("it listens");
    let _silent = tokio::net::TcpStream::connect(address).await.expect("it listens");
    let open = "streamhouse_agent_active_connections 1";
    wait_until(async || !ON || registry.to_text().contains(open)).await;
    let begin = Instant::now();
    agent.stop().await;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    let closed = "streamhouse_agent_active_connections 0";
    wait_until(async || !ON || registry.to_text().contains(closed)).await;
}

#[tokio::test]
async fn a_batch_that_is_too_large_or_empty_is_rejected() {
    let agent = stores().agent("a").max_request_bytes(3 + 16).build().await.expect("an agent");
    agent.start().await.expect("nothing to listen to");
    let connection = agent.connect();
    assert_eq!(write(&connection, &["ab", "cd"]).await, Err(Error::Rejected));
    assert_eq!(write(&connection, &["abc"]).await, Ok(0));
    assert_eq!(write(&connection, &[]).await, Err(Error::Rejected));
}

#[tokio::test]
async fn what_waits_together_is_one_segment() {
    let stores = stores();
    let agent = stores.agent("a").build().await.expect("an agent");
    agent.start().await.expect("nothing to listen to");
    let (one, other) = (agent.connect(), agent.connect());
    let values: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let partition = orders();
    let writes = values.iter().enumerate().map(|(at, value)| {
        let connection = if at % 2 == 0 { &one } else { &other };
        connection.produce("", &partition, batch(&[value]))
    });
    let offsets = futures_util::future::join_all(writes).await;
    let offsets: Vec<u64> = offsets.into_iter().map(|offset| offset.expect("an offset")).collect();
    // Everybody has the offset of its own record.
    let written = stores.values().await;
    for (offset, value) in offsets.iter().zip(&values) {
        assert_eq!(written[*offset as usize], *value);
    }
    let (segments, end) = stores.metadata.segments(&partition, 0, 1_000).expect("rows");
    assert_eq!(end, 100);
    assert!(segments.len() < 50, "{} segments", segments.len());
}

#[tokio::test]
async fn every_request_is_recorded() {
    let stores = stores();
    let mut registry = Registry::new();
    let metrics = Arc::new(AgentMetrics::new(&mut registry));
    let builder = stores.agent("a").address("127.0.0.1:0").metrics(metrics);
    let agent = builder.build().await.expect("an agent");
    agent.start().await.expect("a free port");
    let connection = agent.connect();
    let unknown = Partition::new("refunds", 0);
    assert_eq!(write(&connection, &["x", "y"]).await, Ok(0));
    let refused = connection.produce("", &unknown, batch(&["x"])).await;
    assert_eq!(refused, Err(Error::NotLeader));
    check_samples(
        &registry,
        &[
            "streamhouse_agent_active_connections 1",
            r#"streamhouse_agent_grpc_requests_total{method="produce",status="ok"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="produce",status="error"} 1"#,
            r#"streamhouse_agent_grpc_requests_total{method="other",status="error"} 0"#,
            r#"streamhouse_agent_grpc_request_duration_seconds_count{method="produce"} 2"#,
            r#"streamhouse_agent_records_written_total{topic="orders",partition="0"} 2"#,
            r#"streamhouse_agent_write_latency_seconds_count{topic="orders"} 1"#,
        ],
    );
    drop(connection);
    check_samples(&registry, &["streamhouse_agent_active_connections 0"]);

    // One whose client does not wait for it.
    let connection = agent.connect();
    assert_eq!(write(&connection, &["x"]).now_or_never(), None);
    drop(connection);
    // Over the network, one that names no partition, and one that is no batch.
    let address = agent.address().expect("it listens");
    let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap();
    let channel = endpoint.connect().await.expect("it listens");
    let mut client = v1::agent_client::AgentClient::new(channel.clone());
    let value = vec![0; 6 << 20].into();
    let huge = v1::Record { value, ..v1::Record::default() };
    for (partition, records) in [(None, vec![]), (Some((&orders()).into()), vec![huge])] {
        let refused = client.produce(v1::ProduceRequest { partition, records }).await;
        assert!(refused.is_err());
    }
    let errors = r#"streamhouse_agent_grpc_requests_total{method="produce",status="error"} 4"#;
    check_samples(&registry, &[errors]);

    // A method of some other version.
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("it listens");
    let path = tonic::codegen::http::uri::PathAndQuery::from_static("/streamhouse.v1.Agent/Fetch");
    let codec = tonic_prost::ProstCodec::<v1::ProduceRequest, v1::ProduceReply>::default();
    let request = tonic::Request::new(v1::ProduceRequest::default());
    let answer = client.unary(request, path, codec).await;
    assert_eq!(answer.map(drop).unwrap_err().code(), tonic::Code::Unimplemented);
    check_samples(
        &registry,
        &[
            "streamhouse_agent_active_connections 1",
            r#"streamhouse_agent_grpc_requests_total{method="other",status="error"} 1"#,
        ],
    );
}
