//! Agents over the network: each request goes to the one that can answer it.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use streamhouse_agent::v1::agent_client::AgentClient;
use streamhouse_agent::{Background, Error, Fetched, Partition, Record, Transport, v1};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use crate::lock::lock;

/// How long an answer may take; and a connection, after which another agent is asked.
const PATIENCE: Duration = Duration::from_secs(5);
const CONNECTION: Duration = Duration::from_secs(1);

/// A [`Transport`] to agents that are other processes.
///
/// A batch is written by the agent that holds its partition's lease. Which one that is, is found by
/// asking, and remembered until it is somebody else. What is read and committed, every agent
/// answers.
pub struct GrpcTransport {
    agents: Vec<AgentClient<Channel>>,
    /// Who has written a partition last, as a position among the agents.
    leaders: Mutex<HashMap<Partition, usize>>,
    /// Who has answered last: one that is gone is not asked first every time.
    answering: AtomicUsize,
    background: Background,
}

impl GrpcTransport {
    /// Agents at addresses such as `127.0.0.1:9090`; nobody is asked yet.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] where there is no address, or one is none.
    pub fn new<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let background = Background::start().map_err(|_| Error::Timeout)?;
        let runtime = background.handle().ok_or(Error::Timeout)?.enter();
        let agent = |address: &str| {
            let endpoint = Endpoint::from_shared(format!("http://{address}"));
            let endpoint = endpoint.map_err(|_| Error::Rejected)?;
            let endpoint = endpoint.timeout(PATIENCE).connect_timeout(CONNECTION);
            let client = AgentClient::new(endpoint.tcp_nodelay(true).connect_lazy());
            // How much is fetched at once, the reader's limit says.
            Ok::<_, Error>(client.max_decoding_message_size(usize::MAX))
        };
        let agents: Vec<_> = addresses.into_iter().map(agent).collect::<Result<_, _>>()?;
        drop(runtime);
        match agents.is_empty() {
            true => Err(Error::Rejected),
            false => Ok(Self {
                agents,
                leaders: Mutex::default(),
                answering: AtomicUsize::new(0),
                background,
            }),
        }
    }

    /// Asks what every agent can answer.
    fn ask_any<T, F>(&self, request: impl Fn(AgentClient<Channel>) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<tonic::Response<T>, Status>> + Send + 'static,
    {
        // Asked twice, it does no more than asked once: where one fails, another may not.
        let fails = [Code::Unavailable, Code::Internal, Code::DeadlineExceeded];
        let (reply, at) = self.ask(self.answering.load(Ordering::Relaxed), &fails, request)?;
        self.answering.store(at, Ordering::Relaxed);
        Ok(reply)
    }

    /// Asks agents one after the other, from one on and past those that fail so, until one of them
    /// can answer; says which.
    fn ask<T, F>(
        &self,
        first: usize,
        fails: &[Code],
        request: impl Fn(AgentClient<Channel>) -> F,
    ) -> Result<(T, usize), Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<tonic::Response<T>, Status>> + Send + 'static,
    {
        let mut last = Error::Timeout;
        for step in 0..self.agents.len() {
            let at = (first + step) % self.agents.len();
            let answer = self.background.wait(request(self.agents[at].clone()));
            let status = match answer.ok_or(Error::Timeout)? {
                Ok(reply) => return Ok((reply.into_inner(), at)),
                Err(status) => status,
            };
            let may_another = fails.contains(&status.code());
            last = status.into();
            if !may_another {
                break;
            }
        }
        Err(last)
    }
}

impl Transport for GrpcTransport {
    fn partitions(&self, topic: &str) -> Result<u32, Error> {
        let request = v1::PartitionsRequest { topic: topic.to_owned() };
        let reply = self.ask_any(|mut agent| {
            let request = request.clone();
            async move { agent.partitions(request).await }
        })?;
        Ok(reply.partitions)
    }

    fn produce(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error> {
        let records = records.iter().map(Into::into).collect();
        let request = v1::ProduceRequest { partition: Some(partition.into()), records };
        let first = lock(&self.leaders).get(partition).copied().unwrap_or(0);
        // One that is not there has done nothing; one that does not hold the lease neither.
        let fails = [Code::Unavailable, Code::FailedPrecondition];
        let (reply, leader) = self.ask(first, &fails, |mut agent| {
            let request = request.clone();
            async move { agent.produce(request).await }
        })?;
        lock(&self.leaders).insert(partition.clone(), leader);
        Ok(reply.offset)
    }

    fn fetch(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        let partition = Some(partition.into());
        let request = v1::FetchRequest { partition, offset, limit: limit as u64 };
        let reply = self.ask_any(|mut agent| {
            let request = request.clone();
            async move { agent.fetch(request).await }
        })?;
        Ok(reply.into())
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        let (group_id, partition) = (group_id.to_owned(), Some(partition.into()));
        let request = v1::CommitRequest { group_id, partition, offset };
        self.ask_any(|mut agent| {
            let request = request.clone();
            async move { agent.commit(request).await }
        })?;
        Ok(())
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        let (group_id, partition) = (group_id.to_owned(), Some(partition.into()));
        let request = v1::CommittedRequest { group_id, partition };
        let reply = self.ask_any(|mut agent| {
            let request = request.clone();
            async move { agent.committed(request).await }
        })?;
        Ok(reply.offset)
    }
}

impl fmt::Debug for GrpcTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agents = self.agents.len();
        formatter.debug_struct("GrpcTransport").field("agents", &agents).finish_non_exhaustive()
    }
}
