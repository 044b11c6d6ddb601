//! An agent: it holds leases, and writes what it holds.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

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
    /// Where it listens, if not where producers find it.
    listen: Option<String>,
    running: Mutex<Option<Running>>,
}

/// What runs in the background; it ends when this is dropped.
#[derive(Debug, Default)]
struct Running {
    tasks: JoinSet<()>,
    renewal: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
    server: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
    /// Every connection ends when this is dropped.
    connections: Option<watch::Sender<()>>,
}

/// How long requests that are under way may take at the end.
const PATIENCE: Duration = Duration::from_secs(1);

impl Agent {
    /// An agent to be configured.
    pub fn builder() -> AgentBuilder {
        AgentBuilder::default()
    }

    pub(crate) fn new(
        leases: Arc<Leases>,
        requests: Requests,
        cleaning: Cleaning,
        listen: Option<String>,
    ) -> Self {
        let running = Mutex::default();
        Self(Arc::new(Inner { leases, requests, cleaning, listen, running }))
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
        let mut started = self.0.running.lock().await;
        if started.is_some() {
            return Ok(());
        }
        let Inner { leases, requests, cleaning, .. } = &*self.0;
        let mut running = Running::default();
        let address = leases.address();
        if !address.is_empty() {
            let listener = TcpListener::bind(self.0.listen.as_ref().unwrap_or(&address)).await?;
            let bound = listener.local_addr()?;
            if self.0.listen.is_none() {
                // The port may have been ours to choose.
                leases.set_address(bound.to_string());
            }
            let (stop, stopped) = oneshot::channel();
            let (hang_up, hung_up) = watch::channel(());
            let serving = server::serve(listener, requests.clone(), stopped, hung_up);
            running.server = Some((tokio::spawn(serving), stop));
            running.connections = Some(hang_up);
        }
        running.tasks.spawn(cleaning.clone().run());
        let (stop, mut stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        let renewed = Arc::clone(leases);
        let renewal = tokio::spawn(async move {
            renewed.renew().await;
            let _ = ready.send(());
            // A renewal is never cut off: what the store was asked, it may do later.
            while timeout(renewed.interval(), &mut stopped).await.is_err() {
                renewed.renew().await;
            }
        });
        running.renewal = Some((renewal, stop));
        *started = Some(running);
        // Whoever does not wait for this can stop it all the same.
        let _ = is_ready.await;
        Ok(())
    }

    /// Answers no more and gives every lease back.
    pub async fn stop(&self) {
        // Held to the end, so that nobody starts it in between.
        let mut started = self.0.running.lock().await;
        let Some(mut running) = started.take() else { return };
        running.tasks.shutdown().await;
        if let Some((renewal, stop)) = running.renewal {
            drop(stop);
            // One that panicked has said so.
            let _ = renewal.await;
        }
        if let Some((mut serving, stop)) = running.server {
            drop(stop);
            // What is under way is finished, unless it takes too long.
            if timeout(PATIENCE, &mut serving).await.is_err() {
                running.connections.take();
                let _ = timeout(PATIENCE, &mut serving).await;
                serving.abort();
            }
        }
        self.0.leases.release().await;
    }

    /// Whether the agent holds any lease: its readiness.
    pub fn has_active_leases(&self) -> bool {
        self.0.leases.holds_any()
    }

    /// Where producers find it; none for an agent that does not listen.
    pub fn address(&self) -> Option<String> {
        Some(self.0.leases.address()).filter(|address| !address.is_empty())
    }

    /// Opens a connection for one producer in this process.
    pub fn connect(&self) -> Connection {
        Connection::new(self.0.requests.clone())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // A connection that outlives its agent writes no more, and nobody counts its partitions.
        self.leases.forget();
    }
}
