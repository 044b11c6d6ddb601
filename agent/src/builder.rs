//! What an agent can be told.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use streamhouse_core::{AgentRow, Error, Log, Metadata, MetadataStore};

use crate::cleaning::Cleaning;
use crate::leases::Leases;
use crate::requests::Requests;
use crate::writer::Writers;
use crate::{Agent, AgentMetrics};

/// Between these, clocks and stores keep up.
const SHORTEST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Configures an [`Agent`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct AgentBuilder {
    row: AgentRow,
    listen_address: Option<String>,
    lease_term: Duration,
    max_request_bytes: usize,
    cleaning_interval: Duration,
    retention: Option<u64>,
    metadata_store: Option<Arc<dyn MetadataStore>>,
    object_store: Option<Arc<dyn ObjectStore>>,
    metrics: AgentMetrics,
}

impl Default for AgentBuilder {
    fn default() -> Self {
        Self {
            row: AgentRow {
                agent_id: "agent".to_owned(),
                address: String::new(),
                availability_zone: String::new(),
                agent_group: "default".to_owned(),
            },
            listen_address: None,
            lease_term: Duration::from_secs(10),
            max_request_bytes: 4 << 20,
            cleaning_interval: Duration::from_secs(600),
            retention: None,
            metadata_store: None,
            object_store: None,
            metrics: AgentMetrics::unobserved(),
        }
    }
}

impl AgentBuilder {
    /// The name under which it holds leases; no two agents of a cluster may share one.
    pub fn agent_id(mut self, agent_id: impl Into<String>) -> Self {
        self.row.agent_id = agent_id.into();
        self
    }

    /// Where it listens and where producers find it, such as `10.0.1.5:9090`; port 0 takes a free
    /// one. Without an address it answers only within its process.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.row.address = address.into();
        self
    }

    /// Where it listens, if that is not the address at which producers find it, such as
    /// `0.0.0.0:9090`.
    pub fn listen_address(mut self, listen_address: impl Into<String>) -> Self {
        self.listen_address = Some(listen_address.into());
        self
    }

    /// Where it runs, for those who look.
    pub fn availability_zone(mut self, availability_zone: impl Into<String>) -> Self {
        self.row.availability_zone = availability_zone.into();
        self
    }

    /// The agents among which leases are shared out; producers name the group that they send to.
    ///
    /// A partition has one lease, whatever the groups: where agents of several share a store, each
    /// group has what the others leave it, and its producers reach no more than that.
    pub fn agent_group(mut self, agent_group: impl Into<String>) -> Self {
        self.row.agent_group = agent_group.into();
        self
    }

    /// How long a lease lasts unless it is renewed, which happens three times a term.
    pub fn lease_term(mut self, lease_term: Duration) -> Self {
        self.lease_term = lease_term.clamp(SHORTEST, LONGEST);
        self
    }

    /// The largest batch that is accepted, in bytes of keys and values and 16 more for each record;
    /// larger ones are rejected.
    pub fn max_request_bytes(mut self, max_request_bytes: usize) -> Self {
        self.max_request_bytes = max_request_bytes;
        self
    }

    /// How many records each partition keeps at least; all, unless this is called.
    pub fn retention(mut self, records: u64) -> Self {
        self.retention = Some(records);
        self
    }

    /// How often it deletes segments that are too old, and objects that dead processes left.
    pub fn cleaning_interval(mut self, interval: Duration) -> Self {
        self.cleaning_interval = interval.clamp(SHORTEST, LONGEST);
        self
    }

    /// What it agrees on with everybody else.
    pub fn metadata_store(mut self, metadata_store: Arc<dyn MetadataStore>) -> Self {
        self.metadata_store = Some(metadata_store);
        self
    }

    /// Where records are kept.
    pub fn object_store(mut self, object_store: Arc<dyn ObjectStore>) -> Self {
        self.object_store = Some(object_store);
        self
    }

    /// What it records into.
    pub fn metrics(mut self, metrics: impl Into<AgentMetrics>) -> Self {
        self.metrics = metrics.into();
        self
    }

    /// The agent, which does nothing before it is started.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without one of the stores, and those of the metadata store.
    pub async fn build(self) -> Result<Agent, Error> {
        let Self { row, lease_term, max_request_bytes, metrics, .. } = self;
        let metadata = Metadata::new(self.metadata_store.ok_or(Error::Missing("metadata store"))?);
        let objects = self.object_store.ok_or(Error::Missing("object store"))?;
        // Whatever is wrong with the store, whoever builds hears of it.
        metadata.ask(|metadata| metadata.partitions()).await?;
        metrics.init();
        let log = Log::new(metadata.clone(), objects);
        let cleaning = Cleaning {
            log: log.clone(),
            interval: self.cleaning_interval,
            retention: self.retention,
        };
        let leases = Arc::new(Leases::new(row, lease_term, metadata, metrics.clone()));
        let writers = Writers::new(log, Arc::clone(&leases), max_request_bytes, metrics.clone());
        Ok(Agent::new(leases, Requests::new(writers, metrics), cleaning, self.listen_address))
    }
}
