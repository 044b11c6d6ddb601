//! A service with its agents, all in this process, to be tried.

use std::net::SocketAddr;
use std::sync::Arc;

use tempfile::TempDir;

use crate::agent::RunningAgent;
use crate::fetch;
use crate::scrape::Scrape;
use crate::service::Service;
use crate::stores;

pub(crate) struct Trial {
    pub(crate) service: Service,
    agents: Vec<RunningAgent>,
    _folder: TempDir,
}

impl Trial {
    pub(crate) async fn start(agents: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let metadata = stores::metadata(folder.path()).expect("metadata");
        let objects = Arc::new(stores::objects(folder.path()).expect("objects"));
        let mut running = Vec::new();
        for number in 1..=agents {
            let free = SocketAddr::from(([127, 0, 0, 1], 0));
            let agent = RunningAgent::start(folder.path(), number, free).await;
            running.push(agent.expect("an agent"));
        }
        let service = Service::start(metadata, objects).await.expect("a service");
        Self { service, agents: running, _folder: folder }
    }

    pub(crate) async fn scrape(&self) -> Scrape {
        let mut scrape = Scrape::now();
        scrape.add("producers", &self.service.producers().to_text());
        scrape.add("consumers", &self.service.consumers().to_text());
        for (number, agent) in (1..).zip(&self.agents) {
            let body = fetch::get(agent.metrics_address(), "/metrics").await.expect("metrics");
            scrape.add(&format!("agent-{number}"), &body);
        }
        scrape
    }

    /// Stops the clients, then the agents, whose metrics stay.
    pub(crate) async fn stop(&mut self) {
        self.service.stop().await;
        for agent in &self.agents {
            agent.stop().await;
        }
    }
}
