//! An agent: it holds leases, and writes what it holds.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use streamhouse_core::lock;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::cleaning::Cleaning;

use crate::leases::Leases;
use crate::requests::Requests;
use crate::{AgentBuilder, Connection, server};

/// Holds partition leases and writes records on behalf of producers; a clone is the same agent.
///
/// From [`start`](Self::start) on it answers, and renews its leases in the background.
/// [`stop`](Self::stop) gives them back; when the last clone is dropped they end with their term.
#[derive(Clone, Debug)]
pub struct Agent(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    leases: Arc<Leases>,
    requests: Requests,
    cleaning: Cleaning,
    running: Mutex<Option<Running>>,
}

/// What runs in the background; it ends when this is dropped.
#[derive(Debug, Default)]
struct Running {
    tasks: JoinSet<()>,
    server: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
}

/// How long requests that are under way may take at the end.
const PATIENCE: Duration = Duration::from_secs(2);

impl Agent {
    /// An agent to be configured.
    pub fn builder() -> AgentBuilder {
        AgentBuilder::default()
    }

    pub(crate) fn new(leases: Arc<Leases>, requests: Requests, cleaning: Cleaning) -> Self {
        Self(Arc::new(Inner { leases, requests, cleaning, running: Mutex::default() }))
    }

    /// Listens, takes leases, and keeps them from now on. Starting twice is starting once.
    ///
    /// Returns when the first leases are there, so a started agent is ready; what it does from then
    /// on happens in tasks.
    ///
    /// # Errors
    ///
    /// Those of listening, such as an address that is taken.
    pub async fn start(&self) -> io::Result<()> {
        if lock(&self.0.running).is_some() {
            return Ok(());
        }
        let Inner { leases, requests, cleaning, .. } = &*self.0;
        let mut running = Running::default();
        let address = leases.address();
        if !address.is_empty() {
            let listener = TcpListener::bind(&address).await?;
            // The port may have been ours to choose.
            leases.set_address(listener.local_addr()?.to_string());
            let (stop, stopped) = oneshot::channel();
            let serving = tokio::spawn(server::serve(listener, requests.clone(), stopped));
            running.server = Some((serving, stop));
        }
        leases.renew().await;
        let renewed = Arc::clone(leases);
        running.tasks.spawn(async move {
            loop {
                sleep(renewed.interval()).await;
                renewed.renew().await;
            }
        });
        running.tasks.spawn(cleaning.clone().run());
        *lock(&self.0.running) = Some(running);
        Ok(())
    }

    /// Answers no more and gives every lease back.
    pub async fn stop(&self) {
        let Some(mut running) = lock(&self.0.running).take() else { return };
        running.tasks.shutdown().await;
        if let Some((mut serving, stop)) = running.server {
            drop(stop);
            // What is under way is finished, unless it takes too long.
            if timeout(PATIENCE, &mut serving).await.is_err() {
                serving.abort();
            }
        }
        self.0.leases.release().await;
    }

    /// Whether the agent holds any lease: its readiness.
    pub fn has_active_leases(&self) -> bool {
        self.0.leases.holds_any()
    }

    /// Where it listens; none for an agent that does not.
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.leases.address().parse().ok()
    }

    /// Opens a connection for one producer in this process.
    pub fn connect(&self) -> Connection {
        Connection::new(self.0.requests.clone())
    }
}
