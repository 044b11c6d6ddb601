//! Every request counted, timed and answered, and connections within one process.

use std::sync::Arc;

use crate::agent::Shared;
use crate::metrics::agent::{GrpcStatus, Method, MethodGrpcStatus};
use crate::{Error, Fetched, Partition, Record, Transport};

/// What an agent is asked, whichever way.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    agent: Arc<Shared>,
}

/// A client's connection to an agent in the same process.
///
/// It counts as active until it is dropped. It may outlive its agent, whose leases are then gone:
/// reading goes on, writing is answered with [`Error::NotLeader`].
#[derive(Debug)]
pub struct Connection {
    requests: Requests,
}

impl Connection {
    pub(crate) fn new(agent: Arc<Shared>) -> Self {
        agent.metrics.active_connections().inc();
        Self { requests: Requests::new(agent) }
    }
}

impl Requests {
    pub(crate) fn new(agent: Arc<Shared>) -> Self {
        Self { agent }
    }

    /// Answers a request, and records that it was asked, how it ended and how long it took.
    fn request<T>(
        &self,
        method: Method,
        answer: impl FnOnce(&Shared) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let metrics = &self.agent.metrics;
        let timer = metrics.grpc_request_duration_seconds(method).start_timer();
        let answer = answer(&self.agent);
        timer.stop();
        let grpc_status = match answer {
            Ok(_) => GrpcStatus::Ok,
            Err(_) => GrpcStatus::Error,
        };
        let labels = MethodGrpcStatus { method, grpc_status };
        metrics.grpc_requests(labels).inc();
        answer
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.requests.agent.metrics.active_connections().dec();
    }
}

impl Transport for Requests {
    fn partitions(&self, topic: &str) -> Result<u32, Error> {
        self.request(Method::Metadata, |agent| {
            let partitions = agent.store.partitions()?;
            let of_topic = partitions.iter().filter(|partition| *partition.topic == *topic);
            match of_topic.count() {
                0 => Err(Error::UnknownPartition),
                count => Ok(count as u32),
            }
        })
    }

    fn produce(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error> {
        self.request(Method::Produce, |agent| agent.write(partition, records))
    }

    fn fetch(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        self.request(Method::Fetch, |agent| agent.store.read(partition, offset, limit))
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        self.request(Method::Commit, |agent| agent.store.commit(group_id, partition, offset))
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.request(Method::Other, |agent| agent.store.committed(group_id, partition))
    }
}

impl Transport for Connection {
    fn partitions(&self, topic: &str) -> Result<u32, Error> {
        self.requests.partitions(topic)
    }

    fn produce(&self, partition: &Partition, records: &[Record]) -> Result<u64, Error> {
        self.requests.produce(partition, records)
    }

    fn fetch(&self, partition: &Partition, offset: u64, limit: usize) -> Result<Fetched, Error> {
        self.requests.fetch(partition, offset, limit)
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        self.requests.commit(group_id, partition, offset)
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.requests.committed(group_id, partition)
    }
}
