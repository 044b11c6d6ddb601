//! Producers and consumers whose agents are reached over the network.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use object_store::memory::InMemory;
use streamhouse_agent::{
    Agent, AgentMetrics, AgentServer, DurableStore, Fetched, Partition, Record, SqliteMetadata,
    Store,
};
use streamhouse_client::{Consumer, Error, GrpcTransport, Producer, Transport as _};
use streamhouse_metrics::Registry;

const SHORT: Duration = Duration::from_millis(150);

/// A store that agents share, with the folder that it lives in.
fn store() -> (Arc<DurableStore>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let metadata = SqliteMetadata::open(folder.path().join("metadata.sqlite")).expect("a file");
    let store = DurableStore::new(Arc::new(metadata), Arc::new(InMemory::new())).expect("a store");
    store.create_topic("orders", 3).expect("a topic");
    (Arc::new(store), folder)
}

/// A store from which an agent can be cut off, as by a network that is gone.
#[derive(Debug)]
struct Severed {
    store: Arc<DurableStore>,
    is_cut: AtomicBool,
}

impl Severed {
    fn store(&self) -> Result<&DurableStore, Error> {
        if self.is_cut.load(Ordering::Relaxed) { Err(Error::Storage) } else { Ok(&self.store) }
    }
}

impl Store for Severed {
    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.store()?.partitions()
    }

    fn lease(&self, partition: &Partition, holder: &str, term: Duration) -> Result<bool, Error> {
        self.store()?.lease(partition, holder, term)
    }

    fn release(&self, partition: &Partition, holder: &str) {
        if let Ok(store) = self.store() {
            store.release(partition, holder);
        }
    }

    fn append(
        &self,
        partition: &Partition,
        holder: &str,
        records: &[Record],
    ) -> Result<u64, Error> {
        self.store()?.append(partition, holder, records)
    }

    fn read(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        self.store()?.read(partition, offset, limit)
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        self.store()?.commit(group_id, partition, offset)
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.store()?.committed(group_id, partition)
    }
}

/// An agent that listens, and what it records.
fn agent(agent_id: &str, store: Arc<dyn Store>) -> (Agent, AgentServer, Registry) {
    let mut registry = Registry::new();
    let agent = Agent::builder()
        .agent_id(agent_id)
        .lease_term(SHORT)
        .metrics(AgentMetrics::new(&mut registry))
        .build(store);
    let server = agent.serve(([127, 0, 0, 1], 0).into()).expect("a free port");
    agent.start();
    (agent, server, registry)
}

fn transport(servers: &[&AgentServer]) -> GrpcTransport {
    let addresses: Vec<String> =
        servers.iter().map(|server| server.address().to_string()).collect();
    GrpcTransport::new(addresses.iter().map(|address| &**address)).expect("addresses")
}

fn value(registry: &Registry, sample: &str) -> f64 {
    let text = registry.to_text();
    let line = text
        .lines()
        .find(|line| line.strip_prefix(sample).is_some_and(|rest| rest.starts_with(' ')));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
}

/// Reads until so many records have come.
fn read(consumer: &mut Consumer, count: usize) -> Vec<String> {
    let begin = Instant::now();
    let mut values = Vec::new();
    while values.len() < count && begin.elapsed() < Duration::from_secs(20) {
        let records = consumer.poll(Duration::from_millis(200)).unwrap_or_default();
        values.extend(
            records.iter().map(|record| String::from_utf8_lossy(&record.record.value).into_owned()),
        );
    }
    values.sort();
    values
}

#[test]
fn records_go_out_and_come_back() {
    let (store, _folder) = store();
    let (_agent, server, registry) = agent("one", store);
    let producer = Producer::builder().batch_size(10).build(transport(&[&server]));
    let sent: Vec<_> = (0..100)
        .map(|number: u32| {
            let key = (number % 7).to_le_bytes();
            producer.send("orders", Some(&key), format!("{number:03}").as_bytes()).expect("queued")
        })
        .collect();
    producer.flush();
    for delivery in sent {
        delivery.wait().expect("an offset");
    }
    let builder = || Consumer::builder().group_id("readers").topics(["orders"]);
    let mut consumer = builder().build(transport(&[&server])).expect("a consumer");
    assert!(read(&mut consumer, 100).into_iter().eq((0..100).map(|number| format!("{number:03}"))));
    consumer.commit().expect("offsets");
    // Another one of the group goes on where this one was.
    drop(consumer);
    let mut consumer = builder().build(transport(&[&server])).expect("a consumer");
    assert_eq!(consumer.poll(Duration::from_millis(50)), Ok(Vec::new()));
    assert_eq!((0..3).map(|index| consumer.lag("orders", index)).collect::<Vec<_>>(), [Some(0); 3]);
    let ok = |method: &str| {
        format!("streamhouse_agent_grpc_requests_total{{method=\"{method}\",status=\"ok\"}}")
    };
    for method in ["produce", "fetch", "commit", "metadata", "other"] {
        assert!(value(&registry, &ok(method)) > 0.0, "{method}");
    }
    // The producer's is left when both consumers are gone.
    drop(consumer);
    let begin = Instant::now();
    while value(&registry, "streamhouse_agent_active_connections") > 1.0 {
        assert!(begin.elapsed() < Duration::from_secs(10), "connections stay");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn errors_come_back_as_what_they_are() {
    let (store, _folder) = store();
    let (agent, server, _) = agent("one", store);
    let transport = transport(&[&server]);
    assert_eq!(transport.partitions("orders"), Ok(3));
    assert_eq!(transport.partitions("refunds"), Err(Error::UnknownPartition));
    let large = Record { key: None, value: vec![0; 5 << 20].into() };
    let partition = Partition::new("orders", 0);
    assert_eq!(transport.produce(&partition, std::slice::from_ref(&large)), Err(Error::Rejected));
    assert_eq!(transport.produce(&partition, &vec![large; 3]), Err(Error::Rejected));
    agent.stop();
    let small = Record { key: None, value: (*b"x").into() };
    assert_eq!(transport.produce(&partition, &[small]), Err(Error::NotLeader));
    drop(server);
    assert_eq!(transport.partitions("orders"), Err(Error::Timeout));
    assert_eq!(GrpcTransport::new([]).map(drop), Err(Error::Rejected));
    assert_eq!(GrpcTransport::new(["not an address"]).map(drop), Err(Error::Rejected));
}

#[test]
fn when_an_agent_dies_another_one_goes_on() {
    let (store, _folder) = store();
    let severed = Arc::new(Severed { store: Arc::clone(&store), is_cut: AtomicBool::new(false) });
    let (_first, first_server, _) = agent("one", Arc::clone(&severed) as Arc<dyn Store>);
    let (_second, second_server, _) = agent("two", store);
    let producer = Producer::builder()
        .batch_size(5)
        .retries(30)
        .backoff(Duration::from_millis(5))
        .build(transport(&[&first_server, &second_server]));
    let send = |number: usize| {
        producer.send("orders", None, format!("{number:03}").as_bytes()).expect("queued")
    };
    let before: Vec<_> = (0..50).map(send).collect();
    producer.flush();
    for delivery in before {
        delivery.wait().expect("an offset");
    }
    // It renews and gives back nothing any more, and can write nothing.
    severed.is_cut.store(true, Ordering::Relaxed);
    let after: Vec<_> = (50..100).map(send).collect();
    producer.flush();
    for delivery in after {
        delivery.wait().expect("the other agent has the lease now");
    }
    let mut consumer = Consumer::builder()
        .group_id("readers")
        .topics(["orders"])
        .build(transport(&[&first_server, &second_server]))
        .expect("a consumer");
    // Nor does it answer who reads.
    drop(first_server);
    let mut values = read(&mut consumer, 100);
    values.dedup();
    assert!(values.into_iter().eq((0..100).map(|number| format!("{number:03}"))));
}
