//! Everything that runs: agents as processes, clients in this one, endpoints, and Prometheus.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use streamhouse_metrics::{MetricsServer, Registry};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::alerts::Alert;
use crate::cluster::Cluster;
use crate::fetch;
use crate::prometheus::{AGENTS, CONSUMERS, PRODUCERS, Prometheus, Target};
use crate::scrape::Scrape;
use crate::service::Service;
use crate::stores;

/// All of it, in a folder that is gone afterwards.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) service: Service,
    pub(crate) cluster: Cluster,
    /// None where it is not installed.
    pub(crate) prometheus: Option<Prometheus>,
    clients: [SocketAddr; 2],
    servers: JoinSet<()>,
    folder: TempDir,
}

impl System {
    /// Starts so many agents, then what needs them.
    pub(crate) async fn start(agents: usize, listeners: [TcpListener; 2]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("streamhouse-demo-").tempdir()?;
        let metadata = stores::metadata(folder.path())?;
        let objects: Arc<dyn ObjectStore> = Arc::new(stores::objects(folder.path())?);
        let cluster = Cluster::start(folder.path(), agents).await?;
        let service = Service::start(metadata, objects).await?;
        let mut servers = JoinSet::new();
        let [producers, consumers] = listeners;
        let clients = [
            serve(&mut servers, service.producers(), producers)?,
            serve(&mut servers, service.consumers(), consumers)?,
        ];
        let mut system = Self { service, cluster, prometheus: None, clients, servers, folder };
        system.prometheus = system.watch(system.folder.path())?;
        Ok(system)
    }

    /// Every endpoint: whose it is, its job and its address.
    pub(crate) fn endpoints(&self) -> Vec<Target> {
        let [producers, consumers] = self.clients;
        let mut endpoints = vec![
            Target { name: "producers".to_owned(), job: PRODUCERS, address: producers },
            Target { name: "consumers".to_owned(), job: CONSUMERS, address: consumers },
        ];
        endpoints.extend(self.cluster.agents().map(|(name, address, _)| Target {
            name,
            job: AGENTS,
            address,
        }));
        endpoints
    }

    /// What a scrape of all endpoints finds; an agent that does not answer has no samples.
    pub(crate) async fn scrape(&self) -> Scrape {
        let mut scrape = Scrape::now();
        scrape.add("producers", &self.service.producers().to_text());
        scrape.add("consumers", &self.service.consumers().to_text());
        for (name, address, is_running) in self.cluster.agents() {
            if is_running && let Ok(body) = fetch::get(address, "/metrics").await {
                scrape.add(&name, &body);
            }
        }
        scrape
    }

    /// What fires and what is about to, if Prometheus is there and answers.
    pub(crate) async fn alerts(&mut self) -> Option<Vec<Alert>> {
        self.prometheus.as_mut()?.alerts().await
    }

    /// The names of the agents, whether they run or not.
    pub(crate) fn agents(&self) -> impl Iterator<Item = String> {
        self.cluster.agents().map(|(name, ..)| name)
    }

    /// Stops everything in the opposite order: what is sent is written, what was read is committed.
    pub(crate) async fn stop(mut self) -> io::Result<()> {
        self.service.stop().await;
        self.cluster.stop().await;
        if let Some(prometheus) = self.prometheus {
            prometheus.stop().await;
        }
        self.servers.shutdown().await;
        self.folder.close()
    }

    fn watch(&self, folder: &Path) -> io::Result<Option<Prometheus>> {
        Prometheus::installed()
            .map(|program| Prometheus::start(&program, folder, &self.endpoints()))
            .transpose()
    }
}

/// Serves a registry for as long as the servers live.
fn serve(
    servers: &mut JoinSet<()>,
    registry: &Arc<Registry>,
    listener: TcpListener,
) -> io::Result<SocketAddr> {
    let address = listener.local_addr()?;
    let server = MetricsServer::new(address, Arc::clone(registry), Arc::new(|| true));
    servers.spawn(server.bind_to(listener)?.serve());
    Ok(address)
}
