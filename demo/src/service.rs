//! The service: agents, two producers and two consumer groups, working until they are stopped.
//!
//! Agents listen on loopback and share a folder, as they would as processes of their own.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use object_store::local::LocalFileSystem;
use streamhouse_agent::{Agent, AgentMetrics, AgentServer, DurableStore, SqliteMetadata, Store};
use streamhouse_client::{
    Consumer, ConsumerMetrics, Error, GrpcTransport, Producer, ProducerMetrics,
};
use streamhouse_metrics::Registry;
use tempfile::TempDir;

use crate::random::Random;
use crate::unreliable::UnreliableStore;

/// The topics, each with its number of partitions.
pub(crate) const TOPICS: [(&str, u32); 3] = [("orders", 4), ("payments", 2), ("clicks", 3)];

/// The groups, each with the time that it spends on a record: the second one cannot keep up.
pub(crate) const GROUPS: [(&str, Duration); 2] =
    [("analytics", Duration::from_micros(50)), ("audit", Duration::from_micros(1_200))];

/// How many records a partition keeps, which bounds the folder of a demo that runs for days.
const RETENTION: u64 = 50_000;

/// How often older ones are deleted.
const CLEANING: Duration = Duration::from_secs(5);

/// A batch that is larger is rejected.
const MAX_REQUEST_BYTES: usize = 64 << 10;

/// What runs while the demo runs.
#[derive(Debug)]
pub(crate) struct Service {
    agents: Vec<(Agent, AgentServer)>,
    stopped: Arc<AtomicBool>,
    clients: Mutex<Vec<JoinHandle<()>>>,
    /// Where everything is stored; it is gone with the demo.
    _folder: TempDir,
}

impl Service {
    /// Starts so many agents and their clients, all recording into one registry.
    pub(crate) fn start(agents: usize) -> io::Result<(Self, Registry)> {
        let mut registry = Registry::new();
        let folder = tempfile::tempdir()?;
        let store = Arc::new(store(folder.path()).map_err(io::Error::other)?);
        let unreliable: Arc<dyn Store> =
            Arc::new(UnreliableStore::new(Arc::clone(&store), Random::seeded(1)));
        let metrics = AgentMetrics::new(&mut registry);
        let mut service = Self {
            agents: Vec::new(),
            stopped: Arc::default(),
            clients: Mutex::default(),
            _folder: folder,
        };
        for number in 1..=agents {
            let agent = Agent::builder()
                .agent_id(format!("agent-{number}"))
                .lease_term(Duration::from_millis(1_500))
                .max_request_bytes(MAX_REQUEST_BYTES)
                .metrics(metrics.clone())
                .build(Arc::clone(&unreliable));
            let server = agent.serve(([127, 0, 0, 1], 0).into())?;
            agent.start();
            service.agents.push((agent, server));
        }
        service.spawn(move |stopped| clean(&store, stopped));
        service.start_clients(&mut registry).map_err(io::Error::other)?;
        Ok((service, registry))
    }

    fn start_clients(&self, registry: &mut Registry) -> Result<(), Error> {
        let metrics = ProducerMetrics::new(registry);
        for seed in [2, 3] {
            let producer = Producer::builder()
                .batch_size(100)
                .linger(Duration::from_millis(40))
                .retries(1)
                .metrics(metrics.clone())
                .build(self.transport()?);
            self.spawn(move |stopped| produce(&producer, Random::seeded(seed), stopped));
        }
        let metrics = ConsumerMetrics::new(registry);
        for (group_id, effort) in GROUPS {
            let builder = Consumer::builder()
                .group_id(group_id)
                .topics(TOPICS.map(|(topic, _)| topic))
                .metrics(metrics.clone());
            let transport = self.transport()?;
            self.spawn(move |stopped| match builder.build(transport) {
                Ok(consumer) => consume(consumer, effort, stopped),
                Err(error) => eprintln!("error: group {group_id} cannot start: {error}"),
            });
        }
        Ok(())
    }

    /// A way to all agents.
    fn transport(&self) -> Result<GrpcTransport, Error> {
        let addresses = self.agents.iter().map(|(_, server)| server.address().to_string());
        let addresses: Vec<_> = addresses.collect();
        GrpcTransport::new(addresses.iter().map(|address| &**address))
    }

    /// Whether records can be written.
    pub(crate) fn is_ready(&self) -> bool {
        self.agents.iter().any(|(agent, _)| agent.has_active_leases())
    }

    /// Stops the clients, which send and commit what they have, then the agent.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Relaxed);
        let clients = {
            let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *clients)
        };
        for client in clients {
            // A client that panicked has already said so.
            let _ = client.join();
        }
        for (agent, _) in &self.agents {
            agent.stop();
        }
    }

    fn spawn(&self, work: impl FnOnce(&AtomicBool) + Send + 'static) {
        let stopped = Arc::clone(&self.stopped);
        let client = thread::spawn(move || work(&stopped));
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }
}

/// A store in a folder, with the topics.
fn store(folder: &Path) -> Result<DurableStore, Error> {
    let metadata = SqliteMetadata::open(folder.join("metadata.sqlite"))?;
    let objects = LocalFileSystem::new_with_prefix(folder)?;
    let store = DurableStore::new(Arc::new(metadata), Arc::new(objects))?;
    for (topic, partitions) in TOPICS {
        store.create_topic(topic, partitions)?;
    }
    Ok(store)
}

/// Deletes what is too old.
fn clean(store: &DurableStore, stopped: &AtomicBool) {
    let mut cleaned = Instant::now();
    while !stopped.load(Relaxed) {
        thread::sleep(Duration::from_millis(100));
        if cleaned.elapsed() >= CLEANING {
            // What stays is deleted the next time.
            let _ = store.retain(RETENTION);
            cleaned = Instant::now();
        }
    }
}

/// Sends records in bursts; what fails is in the metrics, so nobody waits for a delivery.
fn produce(producer: &Producer, mut random: Random, stopped: &AtomicBool) {
    while !stopped.load(Relaxed) {
        for _ in 0..random.below(16) {
            let (topic, _) = TOPICS[random.below(TOPICS.len() as u64) as usize];
            let key = format!("user-{}", random.below(1_000));
            let size = match random.one_in(4_000) {
                // Too much for one request, and so for the records that share its batch.
                true => MAX_REQUEST_BYTES,
                false => 50 + random.below(400) as usize,
            };
            // Topics are asked for once, and known from then on.
            if let Err(error) = producer.send(topic, Some(key.as_bytes()), &vec![b'x'; size]) {
                eprintln!("error: sending to {topic}: {error}");
            }
        }
        thread::sleep(Duration::from_millis(10));
    }
    producer.flush();
}

/// Reads, works on what was read, and commits every few polls.
fn consume(mut consumer: Consumer, effort: Duration, stopped: &AtomicBool) {
    for poll in 1_u64.. {
        // A failed poll or commit is in the agent's metrics, and the next one makes up for it.
        let records = consumer.poll(Duration::from_millis(100)).unwrap_or_default();
        thread::sleep(effort * records.len() as u32);
        if poll % 4 == 0 {
            let _ = consumer.commit();
        }
        if stopped.load(Relaxed) {
            break;
        }
    }
    let _ = consumer.commit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scrape::Scrape;

    /// The samples of each metric of the specification, none of which the demo knows by itself.
    fn specified() -> Vec<Vec<String>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
        let checked = streamhouse_metrics_spec::load(&path).expect("metrics.toml is in order");
        checked.catalog.metrics().map(|(_, metric)| metric.samples()).collect()
    }

    #[test]
    fn every_metric_of_the_specification_moves() {
        let mut still = specified();
        assert_eq!(still.len(), 22, "the guide's metrics are 22");
        let (service, registry) = Service::start(1).expect("a service");
        let deadline = Instant::now() + Duration::from_secs(30);
        while !still.is_empty() {
            assert!(Instant::now() < deadline, "these never rose above zero: {still:#?}");
            thread::sleep(Duration::from_millis(10));
            let scrape = Scrape::of(&registry);
            still.retain(|samples| samples.iter().all(|sample| scrape.max(sample, &[]) == 0.0));
        }
        service.stop();
    }

    #[test]
    fn a_stopped_service_has_nothing_pending_and_no_leases() {
        let (service, registry) = Service::start(3).expect("a service");
        assert!(service.is_ready());
        thread::sleep(Duration::from_millis(1_000));
        service.stop();
        assert!(!service.is_ready());

        // Connections are closed a moment after their clients are gone.
        let deadline = Instant::now() + Duration::from_secs(10);
        while Scrape::of(&registry).sum("streamhouse_agent_active_connections", &[]) > 0.0 {
            assert!(Instant::now() < deadline, "connections stay");
            thread::sleep(Duration::from_millis(10));
        }
        let scrape = Scrape::of(&registry);
        let sum = |name| scrape.sum(name, &[]);
        assert!(sum("streamhouse_producer_records_sent_total") > 0.0);
        assert_eq!(sum("streamhouse_producer_pending_records"), 0.0);
        assert_eq!(sum("streamhouse_agent_active_partitions"), 0.0);
        // What the producers believe to have sent is what the agent has written.
        let (sent, written) = (
            sum("streamhouse_producer_records_sent_total"),
            sum("streamhouse_agent_records_written_total"),
        );
        assert_eq!(sent, written);
    }
}
