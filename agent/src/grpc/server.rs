//! An agent that answers over the network.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::stream::unfold;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tonic::transport::Server;
use tonic::{Request, Response, Status};

use super::stream::Counted;
use super::v1;
use crate::agent::Shared;
use crate::background::Background;
use crate::connection::Requests;
use crate::{Error, Partition, Record, Transport as _};

/// What a message may have around the records that it carries.
const ROOM: usize = 1 << 20;

/// An [`Agent`](crate::Agent) that listens; dropping it closes every connection.
pub struct AgentServer {
    address: SocketAddr,
    /// Ends when this is dropped.
    _running: oneshot::Sender<()>,
    _background: Background,
}

impl AgentServer {
    pub(crate) fn start(agent: Arc<Shared>, address: SocketAddr) -> io::Result<Self> {
        let background = Background::start()?;
        let bound = background.wait(TcpListener::bind(address));
        let listener = bound.ok_or_else(|| io::Error::other("the runtime broke"))??;
        let address = listener.local_addr()?;
        let (running, ended) = oneshot::channel();
        let metrics = agent.metrics.clone();
        let connections = unfold((listener, metrics), |(listener, metrics)| async move {
            let stream = listener.accept().await.map(|(stream, _)| {
                // Requests are small, and somebody waits for each answer.
                let _ = stream.set_nodelay(true);
                Counted::new(stream, metrics.clone())
            });
            if stream.is_err() {
                // There may be no file descriptors; there will be.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            Some((stream, (listener, metrics)))
        });
        let largest = agent.max_request_bytes() + ROOM;
        let service = v1::agent_server::AgentServer::new(Answers(Requests::new(agent)))
            .max_decoding_message_size(largest)
            .max_encoding_message_size(usize::MAX);
        let serving = Server::builder().add_service(service).serve_with_incoming_shutdown(
            Box::pin(connections),
            async {
                // Somebody ends it, or is gone.
                let _ = ended.await;
            },
        );
        if let Some(handle) = background.handle() {
            handle.spawn(serving);
        }
        Ok(Self { address, _running: running, _background: background })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl fmt::Debug for AgentServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AgentServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Answers on threads for work that blocks, as writing to a store does.
struct Answers(Requests);

impl Answers {
    async fn ask<T: Send + 'static>(
        &self,
        answer: impl FnOnce(&Requests) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Status> {
        let requests = self.0.clone();
        let answered = spawn_blocking(move || answer(&requests)).await;
        Ok(answered.map_err(|_| Error::Storage)??)
    }
}

/// A partition that a request has to name.
fn named(partition: Option<v1::Partition>) -> Result<Partition, Status> {
    Ok(partition.ok_or(Error::Rejected)?.into())
}

#[tonic::async_trait]
impl v1::agent_server::Agent for Answers {
    async fn partitions(
        &self,
        request: Request<v1::PartitionsRequest>,
    ) -> Result<Response<v1::PartitionsReply>, Status> {
        let v1::PartitionsRequest { topic } = request.into_inner();
        let partitions = self.ask(move |requests| requests.partitions(&topic)).await?;
        Ok(Response::new(v1::PartitionsReply { partitions }))
    }

    async fn produce(
        &self,
        request: Request<v1::ProduceRequest>,
    ) -> Result<Response<v1::ProduceReply>, Status> {
        let v1::ProduceRequest { partition, records } = request.into_inner();
        let partition = named(partition)?;
        let records: Vec<Record> = records.into_iter().map(Into::into).collect();
        let offset = self.ask(move |requests| requests.produce(&partition, &records)).await?;
        Ok(Response::new(v1::ProduceReply { offset }))
    }

    async fn fetch(
        &self,
        request: Request<v1::FetchRequest>,
    ) -> Result<Response<v1::FetchReply>, Status> {
        let v1::FetchRequest { partition, offset, limit } = request.into_inner();
        let (partition, limit) = (named(partition)?, usize::try_from(limit).unwrap_or(usize::MAX));
        let fetched = self.ask(move |requests| requests.fetch(&partition, offset, limit)).await?;
        Ok(Response::new(fetched.into()))
    }

    async fn commit(
        &self,
        request: Request<v1::CommitRequest>,
    ) -> Result<Response<v1::CommitReply>, Status> {
        let v1::CommitRequest { group_id, partition, offset } = request.into_inner();
        let partition = named(partition)?;
        self.ask(move |requests| requests.commit(&group_id, &partition, offset)).await?;
        Ok(Response::new(v1::CommitReply {}))
    }

    async fn committed(
        &self,
        request: Request<v1::CommittedRequest>,
    ) -> Result<Response<v1::CommittedReply>, Status> {
        let v1::CommittedRequest { group_id, partition } = request.into_inner();
        let partition = named(partition)?;
        let offset = self.ask(move |requests| requests.committed(&group_id, &partition)).await?;
        Ok(Response::new(v1::CommittedReply { offset }))
    }
}
