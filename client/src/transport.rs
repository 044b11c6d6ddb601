//! Agents over the network.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::BoxFuture;
use streamhouse_core::v1::agent_client::AgentClient;
use streamhouse_core::{Error, Partition, Record, Transport, lock, v1};
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};

/// How long an answer may take, and a connection.
const PATIENCE: Duration = Duration::from_secs(5);
const CONNECTION: Duration = Duration::from_secs(1);

/// A [`Transport`] to agents that are other processes: one connection for each.
pub(crate) struct GrpcTransport {
    agents: Mutex<HashMap<String, AgentClient<Channel>>>,
    is_compressed: bool,
}

impl GrpcTransport {
    /// Connects when somebody sends; batches are compressed on their way, or not.
    pub(crate) fn new(is_compressed: bool) -> Self {
        Self { agents: Mutex::default(), is_compressed }
    }

    fn agent(&self, address: &str) -> Result<AgentClient<Channel>, Error> {
        let mut agents = lock(&self.agents);
        if let Some(agent) = agents.get(address) {
            return Ok(agent.clone());
        }
        let endpoint = Endpoint::from_shared(format!("http://{address}"));
        let endpoint = endpoint.map_err(|_| Error::Rejected)?;
        let endpoint = endpoint.timeout(PATIENCE).connect_timeout(CONNECTION).tcp_nodelay(true);
        // A host that is gone closes no connection.
        let endpoint = endpoint.http2_keep_alive_interval(PATIENCE).keep_alive_while_idle(true);
        let mut agent = AgentClient::new(endpoint.connect_lazy());
        if self.is_compressed {
            agent = agent.send_compressed(CompressionEncoding::Zstd);
        }
        agents.insert(address.to_owned(), agent.clone());
        Ok(agent)
    }
}

impl Transport for GrpcTransport {
    fn produce<'a>(
        &'a self,
        address: &'a str,
        partition: &'a Partition,
        records: Vec<Record>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        Box::pin(async move {
            let partition = Some(partition.into());
            let records = records.into_iter().map(Into::into).collect();
            let request = v1::ProduceRequest { partition, records };
            let reply = self.agent(address)?.produce(request).await;
            let offset = reply.map(|reply| reply.into_inner().offset).map_err(Error::from);
            if offset == Err(Error::Timeout) {
                // Whoever is still there is asked on another connection.
                lock(&self.agents).remove(address);
            }
            offset
        })
    }
}

impl fmt::Debug for GrpcTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agents = lock(&self.agents).len();
        formatter.debug_struct("GrpcTransport").field("agents", &agents).finish_non_exhaustive()
    }
}
