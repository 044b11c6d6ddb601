//! An agent, which is a process of its own: this program, started with other arguments.
//!
//! It says where its metrics are, does what it is told on standard input, and stops when that ends:
//! then whoever started it wants it to, or is gone.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use streamhouse_agent::{Agent, AgentMetrics};
use streamhouse_metrics::{MetricsServer, Registry};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::task::JoinSet;

use crate::random::Random;
use crate::service::{AGENT_GROUP, MAX_REQUEST_BYTES};
use crate::stores;
use crate::unreliable::UnreliableStore;

/// Tells an agent that its object store fails half of the time.
pub(crate) const ERRORS_ON: &str = "errors on";

/// Tells it that the object store is as it was before.
pub(crate) const ERRORS_OFF: &str = "errors off";

/// How long a lease lasts, and so how long nobody writes what a killed agent has led.
pub(crate) const LEASE_TERM: Duration = Duration::from_millis(1_500);

/// How many records a partition keeps, which bounds the folder of a demo that runs for days: more
/// than a group has to be behind for its alert.
const RETENTION: u64 = 20_000;

/// How often older ones are deleted.
const CLEANING_INTERVAL: Duration = Duration::from_secs(5);

/// What an agent is told when it is started.
#[derive(Debug, clap::Args)]
pub(crate) struct AgentArguments {
    /// The folder that all share.
    folder: PathBuf,
    /// Which of the agents it is.
    number: u64,
    /// Where it serves its metrics.
    metrics: SocketAddr,
}

/// An agent that answers producers and scrapes.
#[derive(Debug)]
pub(crate) struct RunningAgent {
    agent: Agent,
    objects: Arc<UnreliableStore>,
    metrics_address: SocketAddr,
    /// Serves its metrics until this is dropped.
    _server: JoinSet<()>,
}

/// Is an agent until standard input ends.
pub(crate) async fn run(arguments: &AgentArguments) -> io::Result<()> {
    let AgentArguments { folder, number, metrics } = arguments;
    let agent = RunningAgent::start(folder, *number, *metrics).await?;
    writeln!(io::stdout(), "{}", agent.metrics_address())?;
    let mut commands = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(command)) = commands.next_line().await {
        match &*command {
            ERRORS_ON => agent.objects.set_errors(true),
            ERRORS_OFF => agent.objects.set_errors(false),
            unknown => eprintln!("error: an agent cannot do `{unknown}`"),
        }
    }
    agent.stop().await;
    Ok(())
}

impl RunningAgent {
    pub(crate) async fn start(
        folder: &Path,
        number: u64,
        metrics_address: SocketAddr,
    ) -> io::Result<Self> {
        let mut registry = Registry::new();
        let objects = stores::objects(folder)?;
        let objects = Arc::new(UnreliableStore::new(objects, Random::seeded(number)));
        let agent = Agent::builder()
            .agent_id(format!("agent-{number}"))
            .address("127.0.0.1:0")
            .availability_zone(format!("zone-{number}"))
            .agent_group(AGENT_GROUP)
            .lease_term(LEASE_TERM)
            .max_request_bytes(MAX_REQUEST_BYTES)
            .retention(RETENTION)
            .cleaning_interval(CLEANING_INTERVAL)
            .metadata_store(stores::metadata(folder)?)
            .object_store(objects.clone())
            .metrics(AgentMetrics::new(&mut registry))
            .build()
            .await
            .map_err(io::Error::other)?;
        let ready = agent.clone();
        let is_ready = Arc::new(move || ready.has_active_leases());
        // First, since an address that is taken is an agent that never was.
        let server = MetricsServer::new(metrics_address, Arc::new(registry), is_ready);
        let server = server.bind().await?;
        let metrics_address = server.address();
        agent.start().await?;
        let serving = JoinSet::from_iter([server.serve()]);
        Ok(Self { agent, objects, metrics_address, _server: serving })
    }

    /// Where its metrics are.
    pub(crate) fn metrics_address(&self) -> SocketAddr {
        self.metrics_address
    }

    /// Answers no producer any more and gives its leases back; its metrics stay.
    pub(crate) async fn stop(&self) {
        self.agent.stop().await;
    }
}
