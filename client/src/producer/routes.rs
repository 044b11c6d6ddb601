//! Routes: which agent leads which partition of a topic.

use std::sync::{Arc, Mutex};

use streamhouse_core::{Error, Partition, lock};

use super::sender::Sending;

/// Where the leaders of a topic's partitions listen, as far as we know.
#[derive(Debug)]
pub(super) struct Routes(Mutex<Vec<Option<Arc<str>>>>);

impl Routes {
    /// Asks who leads a topic's partitions.
    pub(super) async fn of(sending: &Sending, topic: &str) -> Result<Self, Error> {
        Ok(Self(Mutex::new(Self::ask(sending, topic).await?)))
    }

    /// How many partitions the topic has.
    pub(super) fn partitions(&self) -> u32 {
        lock(&self.0).len() as u32
    }

    /// Who leads a partition; where we do not know, we ask.
    pub(super) async fn leader(
        &self,
        sending: &Sending,
        partition: &Partition,
    ) -> Result<Arc<str>, Error> {
        let known = |routes: &[Option<_>]| routes.get(partition.index as usize).cloned().flatten();
        if let Some(leader) = known(&lock(&self.0)) {
            return Ok(leader);
        }
        let routes = Self::ask(sending, &partition.topic).await?;
        let leader = known(&routes).ok_or(Error::NotLeader);
        *lock(&self.0) = routes;
        leader
    }

    /// Forgets a leader that is none, unless there is another one already.
    pub(super) fn forget(&self, partition: &Partition, leader: &Arc<str>) {
        if let Some(route) = lock(&self.0).get_mut(partition.index as usize) {
            route.take_if(|known| known == leader);
        }
    }

    async fn ask(sending: &Sending, topic: &str) -> Result<Vec<Option<Arc<str>>>, Error> {
        let (topic, agent_group) = (topic.to_owned(), sending.agent_group.clone());
        sending.metadata.ask(move |metadata| metadata.routes(&topic, &agent_group)).await
    }
}
