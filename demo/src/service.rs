//! The service: an agent, two producers and two consumer groups, working until they are stopped.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use streamhouse_agent::{Agent, AgentMetrics, MemoryStore};
use streamhouse_client::{Consumer, ConsumerMetrics, Producer, ProducerMetrics};
use streamhouse_metrics::Registry;

use crate::random::Random;
use crate::unreliable::UnreliableStore;

/// The topics, each with its number of partitions.
pub(crate) const TOPICS: [(&str, u32); 3] = [("orders", 4), ("payments", 2), ("clicks", 3)];

/// The groups, each with the time that it spends on a record: the second one cannot keep up.
pub(crate) const GROUPS: [(&str, Duration); 2] =
    [("analytics", Duration::from_micros(50)), ("audit", Duration::from_micros(1_200))];

/// How many records a partition keeps, which bounds the memory of a demo that runs for days.
const RETENTION: usize = 50_000;

/// A batch that is larger is rejected.
const MAX_REQUEST_BYTES: usize = 64 << 10;

/// What runs while the demo runs.
#[derive(Debug)]
pub(crate) struct Service {
    agent: Arc<Agent>,
    stopped: Arc<AtomicBool>,
    clients: Mutex<Vec<JoinHandle<()>>>,
}

impl Service {
    /// Starts everything, all recording into one registry.
    pub(crate) fn start() -> (Self, Registry) {
        let mut registry = Registry::new();
        let store = MemoryStore::new(TOPICS, RETENTION);
        let agent = Agent::builder()
            .agent_id("agent-1")
            .lease_term(Duration::from_millis(1_500))
            .max_request_bytes(MAX_REQUEST_BYTES)
            .metrics(AgentMetrics::new(&mut registry))
            .build(Arc::new(UnreliableStore::new(store, Random::seeded(1))));
        agent.start();

        let service =
            Self { agent: Arc::new(agent), stopped: Arc::default(), clients: Mutex::default() };
        let metrics = ProducerMetrics::new(&mut registry);
        for seed in [2, 3] {
            let producer = Producer::builder()
                .batch_size(100)
                .linger(Duration::from_millis(40))
                .retries(1)
                .metrics(metrics.clone())
                .build(service.agent.connect());
            service.spawn(move |stopped| produce(&producer, Random::seeded(seed), stopped));
        }
        let metrics = ConsumerMetrics::new(&mut registry);
        for (group_id, effort) in GROUPS {
            let builder = Consumer::builder()
                .group_id(group_id)
                .topics(TOPICS.map(|(topic, _)| topic))
                .metrics(metrics.clone());
            let agent = Arc::clone(&service.agent);
            service.spawn(move |stopped| match builder.build(agent.connect()) {
                Ok(consumer) => consume(consumer, effort, stopped),
                Err(error) => eprintln!("error: group {group_id} cannot start: {error}"),
            });
        }
        (service, registry)
    }

    /// Whether records can be written.
    pub(crate) fn is_ready(&self) -> bool {
        self.agent.has_active_leases()
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
        self.agent.stop();
    }

    fn spawn(&self, work: impl FnOnce(&AtomicBool) + Send + 'static) {
        let stopped = Arc::clone(&self.stopped);
        let client = thread::spawn(move || work(&stopped));
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).push(client);
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
    use std::path::Path;
    use std::time::Instant;

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
        let (service, registry) = Service::start();
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
        let (service, registry) = Service::start();
        assert!(service.is_ready());
        thread::sleep(Duration::from_millis(300));
        service.stop();
        assert!(!service.is_ready());

        let scrape = Scrape::of(&registry);
        let sum = |name| scrape.sum(name, &[]);
        assert!(sum("streamhouse_producer_records_sent_total") > 0.0);
        assert_eq!(sum("streamhouse_producer_pending_records"), 0.0);
        assert_eq!(sum("streamhouse_agent_active_partitions"), 0.0);
        assert_eq!(sum("streamhouse_agent_active_connections"), 0.0);
        // What the producers believe to have sent is what the agent has written.
        let (sent, written) = (
            sum("streamhouse_producer_records_sent_total"),
            sum("streamhouse_agent_records_written_total"),
        );
        assert_eq!(sent, written);
    }
}
