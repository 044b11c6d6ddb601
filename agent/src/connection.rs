//! Connections within one process.

use futures_util::future::BoxFuture;
use streamhouse_core::{Error, Partition, Record, Transport};

use crate::metrics::agent::Method;
use crate::requests::Requests;

/// A producer's connection to an agent in the same process.
///
/// It counts as active until it is dropped. It may outlive its agent, whose leases are then gone:
/// writing is answered with [`Error::NotLeader`].
#[derive(Debug)]
pub struct Connection(Requests);

impl Connection {
    pub(crate) fn new(requests: Requests) -> Self {
        requests.metrics().active_connections().inc();
        Self(requests)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.metrics().active_connections().dec();
    }
}

impl Transport for Connection {
    fn produce<'a>(
        &'a self,
        _address: &'a str,
        partition: &'a Partition,
        records: Vec<Record>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        Box::pin(async move {
            let begun = self.0.begin(Method::Produce);
            let answer = self.0.produce(partition, records).await;
            begun.end(answer.is_ok());
            answer
        })
    }
}
