//! An agent: it holds leases, and writes what it holds.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::leases::Leases;
use crate::lock::lock;
use crate::metrics::agent::{Topic, TopicPartition};
use crate::{AgentMetrics, AgentServer, Connection, Error, Partition, Record, Store};

/// Holds partition leases and writes records on behalf of producers.
///
/// From [`start`](Self::start) on it renews its leases on a thread of its own; dropping it ends
/// the thread and gives the leases back.
#[derive(Debug)]
pub struct Agent {
    shared: Arc<Shared>,
    renewal: Mutex<Option<Renewal>>,
}

impl Agent {
    /// An agent to be configured.
    pub fn builder() -> AgentBuilder {
        AgentBuilder::default()
    }

    /// Takes what leases are free, and keeps them from now on. Starting twice is starting once.
    pub fn start(&self) {
        let mut renewal = lock(&self.renewal);
        if renewal.is_none() {
            // The first round is over when we return, so a started agent is ready.
            self.shared.renew();
            *renewal = Some(Renewal::start(Arc::clone(&self.shared)));
        }
    }

    /// Stops renewing and gives every lease back.
    pub fn stop(&self) {
        if let Some(renewal) = lock(&self.renewal).take() {
            renewal.stop();
            self.shared.leases.release(&*self.shared.store);
        }
    }

    /// Whether the agent holds any lease: its readiness.
    pub fn has_active_leases(&self) -> bool {
        self.shared.leases.holds_any()
    }

    /// Answers over the network too, from now on; port 0 takes a free one, which the server tells.
    ///
    /// # Errors
    ///
    /// Those of listening, such as an address that is taken.
    pub fn serve(&self, address: SocketAddr) -> io::Result<AgentServer> {
        AgentServer::start(Arc::clone(&self.shared), address)
    }

    /// Opens a connection for one client in this process.
    pub fn connect(&self) -> Connection {
        Connection::new(Arc::clone(&self.shared))
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Configures an [`Agent`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct AgentBuilder {
    agent_id: String,
    lease_term: Duration,
    max_request_bytes: usize,
    metrics: AgentMetrics,
}

impl Default for AgentBuilder {
    fn default() -> Self {
        Self {
            agent_id: "agent".to_owned(),
            lease_term: Duration::from_secs(30),
            max_request_bytes: 4 << 20,
            metrics: AgentMetrics::unobserved(),
        }
    }
}

impl AgentBuilder {
    /// The name under which it holds leases; no two agents of a store may share one.
    pub fn agent_id(mut self, agent_id: impl Into<String>) -> Self {
        self.agent_id = agent_id.into();
        self
    }

    /// How long a lease lasts unless it is renewed, which happens three times a term.
    pub fn lease_term(mut self, lease_term: Duration) -> Self {
        self.lease_term = lease_term;
        self
    }

    /// The largest batch that is accepted; larger ones are rejected.
    pub fn max_request_bytes(mut self, max_request_bytes: usize) -> Self {
        self.max_request_bytes = max_request_bytes;
        self
    }

    /// What it records into.
    pub fn metrics(mut self, metrics: impl Into<AgentMetrics>) -> Self {
        self.metrics = metrics.into();
        self
    }

    /// The agent, which does nothing before it is started.
    pub fn build(self, store: Arc<dyn Store>) -> Agent {
        let Self { agent_id, lease_term, max_request_bytes, metrics } = self;
        metrics.init();
        let shared = Shared {
            store,
            leases: Leases::new(agent_id, lease_term, metrics.clone()),
            max_request_bytes,
            metrics,
        };
        Agent { shared: Arc::new(shared), renewal: Mutex::default() }
    }
}

/// What the agent, its thread and its connections have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) metrics: AgentMetrics,
    leases: Leases,
    max_request_bytes: usize,
}

impl Shared {
    /// Writes a batch to a partition that we hold.
    pub(crate) fn write(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error> {
        if records.iter().map(Record::size).sum::<usize>() > self.max_request_bytes {
            return Err(Error::Rejected);
        }
        if !self.leases.holds(partition) {
            return Err(Error::NotLeader);
        }
        let Partition { topic, index } = partition;
        let latency = self.metrics.write_latency_seconds(Topic { topic });
        let timer = latency.start_timer();
        let first = self.store.append(partition, self.leases.holder(), records)?;
        timer.stop();
        let labels = TopicPartition { topic, partition: *index };
        self.metrics.records_written(labels).inc_by(records.len() as u64);
        Ok(first)
    }

    /// The largest batch that is accepted, in bytes of keys and values.
    pub(crate) fn max_request_bytes(&self) -> usize {
        self.max_request_bytes
    }

    fn renew(&self) {
        self.leases.renew(&*self.store);
    }
}

/// The thread that renews leases until its sender is gone.
#[derive(Debug)]
struct Renewal {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Renewal {
    fn start(shared: Arc<Shared>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let interval = shared.leases.interval();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                shared.renew();
            }
        });
        Self { stop, thread }
    }

    fn stop(self) {
        drop(self.stop);
        // A renewal that panicked has already said so.
        let _ = self.thread.join();
    }
}
