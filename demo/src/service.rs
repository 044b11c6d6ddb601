//! The clients: two producers and two consumer groups, working until they are stopped.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use object_store::ObjectStore;
use streamhouse_client::{
    Consumer, ConsumerMetrics, Error, MetadataStore, Producer, ProducerMetrics,
};
use streamhouse_metrics::Registry;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::random::Random;
use crate::stores::TOPICS;

/// The agents that the producers send to.
pub(crate) const AGENT_GROUP: &str = "demo";

/// A batch that is larger is rejected.
pub(crate) const MAX_REQUEST_BYTES: usize = 64 << 10;

/// The groups, each with the time that it spends on a record and the most that it reads at once.
const GROUPS: [(&str, Duration, usize); 2] =
    [("analytics", Duration::from_micros(10), 500), (SLOW, Duration::from_micros(50), 200)];

/// The group that can be slowed down.
pub(crate) const SLOW: &str = "audit";

/// Members that share a group's partitions.
const MEMBERS: usize = 2;

/// How long a group waits for a member that says nothing any more.
const SESSION: Duration = Duration::from_secs(3);

/// How often a member commits how far it is.
const COMMIT_INTERVAL: Duration = Duration::from_secs(1);

/// How often a producer sends some records, and the most of them: 3,000 a second in all.
const BURST_INTERVAL: Duration = Duration::from_millis(10);
const BURST: u64 = 30;

/// How long the clients may take to finish what they have begun.
const PATIENCE: Duration = Duration::from_secs(5);

/// What runs while the demo runs, and where it records.
#[derive(Debug)]
pub(crate) struct Service {
    producers: Arc<Registry>,
    consumers: Arc<Registry>,
    slowness: Arc<AtomicU32>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Service {
    /// Starts all clients.
    pub(crate) async fn start(
        metadata: Arc<dyn MetadataStore>,
        objects: Arc<dyn ObjectStore>,
    ) -> io::Result<Self> {
        let (mut producers, mut consumers) = (Registry::new(), Registry::new());
        let producer_metrics = ProducerMetrics::new(&mut producers);
        let consumer_metrics = ConsumerMetrics::new(&mut consumers);
        let mut service = Self {
            producers: Arc::new(producers),
            consumers: Arc::new(consumers),
            slowness: Arc::new(AtomicU32::new(1)),
            stop: watch::Sender::new(false),
            tasks: JoinSet::new(),
        };
        for seed in [2, 3] {
            let builder = Producer::builder()
                .agent_group(AGENT_GROUP)
                .compression_enabled(true)
                .batch_size(100)
                .linger(Duration::from_millis(40))
                .max_pending(20_000)
                .retries(1)
                .backoff(Duration::from_millis(2))
                .metadata_store(metadata.clone())
                .metrics(producer_metrics.clone());
            let producer = builder.build().await.map_err(io::Error::other)?;
            service.tasks.spawn(produce(producer, Random::seeded(seed), service.stop.subscribe()));
        }
        for (group_id, effort, max_records) in GROUPS {
            for _ in 0..MEMBERS {
                let builder = Consumer::builder()
                    .group_id(group_id)
                    .topics(TOPICS.map(|(topic, _)| topic))
                    .session(SESSION)
                    .max_records(max_records)
                    .metadata_store(metadata.clone())
                    .object_store(objects.clone())
                    .metrics(consumer_metrics.clone());
                let consumer = builder.build().await.map_err(io::Error::other)?;
                let slowness = match group_id {
                    SLOW => Arc::clone(&service.slowness),
                    _ => Arc::new(AtomicU32::new(1)),
                };
                let stopped = service.stop.subscribe();
                service.tasks.spawn(consume(consumer, effort, slowness, stopped));
            }
        }
        Ok(service)
    }

    /// What the producers record into.
    pub(crate) fn producers(&self) -> &Arc<Registry> {
        &self.producers
    }

    /// What the consumers record into.
    pub(crate) fn consumers(&self) -> &Arc<Registry> {
        &self.consumers
    }

    /// How many times as long as usual the slow group takes from now on.
    pub(crate) fn set_slowness(&self, slowness: u32) {
        self.slowness.store(slowness, Relaxed);
    }

    /// Has the clients send and commit what they have, and waits for it.
    pub(crate) async fn stop(&mut self) {
        self.stop.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        // Who is too slow is ended in the middle of it.
        let _ = timeout(PATIENCE, finished).await;
        self.tasks.shutdown().await;
    }
}

/// Sends records in bursts; what fails is in the metrics, so nobody waits for a delivery.
async fn produce(producer: Producer, mut random: Random, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(BURST_INTERVAL);
    // What an outage has prevented is not made up for.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let burst = async {
            ticks.tick().await;
            for _ in 0..=random.below(BURST) {
                send(&producer, &mut random).await;
            }
        };
        tokio::select! {
            () = burst => {}
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
    }
    producer.flush().await;
}

async fn send(producer: &Producer, random: &mut Random) {
    // Payments are two records of three and have the fewest partitions, so these fall behind first.
    let topic = match random.below(6) {
        0 => "orders",
        1 => "clicks",
        _ => "payments",
    };
    let key = format!("user-{}", random.below(1_000));
    let size = match random.one_in(30_000) {
        // Too much for one request, and so for the records that share its batch.
        true => MAX_REQUEST_BYTES,
        false => 50 + random.below(400) as usize,
    };
    // An error here is counted as one of sending.
    let _ = producer.send(topic, Some(key.as_bytes()), &vec![b'x'; size], None).await;
}

/// Reads, works on what was read, and commits now and then.
async fn consume(
    mut consumer: Consumer,
    effort: Duration,
    slowness: Arc<AtomicU32>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut committed = Instant::now();
    loop {
        // A failed poll is made up for by the next one.
        let records = consumer.poll(Duration::from_millis(100)).await.unwrap_or_default();
        let work = sleep(effort * records.len() as u32 * slowness.load(Relaxed));
        tokio::select! {
            () = work => {}
            _ = stopped.wait_for(|stopped| *stopped) => break,
        }
        if committed.elapsed() >= COMMIT_INTERVAL {
            commit(&mut consumer).await;
            committed = Instant::now();
        }
    }
    commit(&mut consumer).await;
    // Without metadata the membership ends with its session.
    let _ = consumer.close().await;
}

async fn commit(consumer: &mut Consumer) {
    match consumer.commit().await {
        // What could not be committed is read again, which a group has to expect.
        Ok(()) | Err(Error::Rebalanced | Error::Timeout | Error::Storage) => {}
        Err(error) => eprintln!("error: a commit was refused: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::workspace;
    use crate::trial::Trial;

    /// The samples of each metric of the specification, none of which the demo knows by itself.
    fn specified() -> Vec<Vec<String>> {
        let checked = streamhouse_metrics_spec::load(&workspace().join("metrics.toml"));
        let catalog = checked.expect("metrics.toml is in order").catalog;
        catalog.metrics().map(|(_, metric)| metric.samples()).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_metric_of_the_specification_moves() {
        let mut still = specified();
        assert_eq!(still.len(), 22, "the guide's metrics are 22");
        let mut trial = Trial::start(1).await;
        // Who keeps up has no lag that a scrape would see for certain.
        trial.service.set_slowness(100);
        let deadline = Instant::now() + Duration::from_secs(60);
        while !still.is_empty() {
            assert!(Instant::now() < deadline, "these never rose above zero: {still:#?}");
            sleep(Duration::from_millis(100)).await;
            let scrape = trial.scrape().await;
            still.retain(|samples| samples.iter().all(|sample| scrape.max(sample, &[]) == 0.0));
        }
        trial.stop().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_stopped_service_has_nothing_pending_and_no_leases() {
        let mut trial = Trial::start(3).await;
        sleep(Duration::from_secs(2)).await;
        trial.stop().await;

        // Connections are closed a moment after their clients are gone.
        let deadline = Instant::now() + Duration::from_secs(10);
        while trial.scrape().await.sum("streamhouse_agent_active_connections", &[]) > 0.0 {
            assert!(Instant::now() < deadline, "connections stay");
            sleep(Duration::from_millis(10)).await;
        }
        let scrape = trial.scrape().await;
        let sum = |name| scrape.sum(name, &[]);
        assert!(sum("streamhouse_producer_records_sent_total") > 0.0);
        assert_eq!(sum("streamhouse_producer_pending_records"), 0.0);
        assert_eq!(sum("streamhouse_agent_active_partitions"), 0.0);
        // What the producers believe to have sent is what the agents have written.
        let (sent, written) = (
            sum("streamhouse_producer_records_sent_total"),
            sum("streamhouse_agent_records_written_total"),
        );
        assert_eq!(sent, written);
        // Nobody shows a place in a partition that nobody reads.
        let reading = trial.service.consumers().to_text();
        assert!(
            !reading.contains("streamhouse_consumer_current_offset{"),
            "partitions are given up"
        );
    }
}
