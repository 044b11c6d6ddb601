//! Membership: a task that keeps a consumer in its group, and says what is to be read.

use std::time::Duration;

use streamhouse_core::{Assignment, Commit, Error, Member, Metadata, Partition, unique};
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A place in a group, given up when this is dropped.
#[derive(Debug)]
pub(super) struct Membership {
    member: Member,
    metadata: Metadata,
    assignment: watch::Receiver<Assignment>,
    /// Keeps the place until its sender is gone.
    renewal: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
    /// Where it was joined, since it may be dropped anywhere.
    runtime: Handle,
}

impl Membership {
    /// Joins a group, and renews the membership three times a term.
    pub(super) async fn join(
        group_id: String,
        topics: Vec<String>,
        metadata: Metadata,
        term: Duration,
    ) -> Result<Self, Error> {
        let member_id = format!("{:016x}", unique());
        let member = Member { group_id, member_id, topics };
        let first = ask(&metadata, &member, term).await?;
        let (sender, assignment) = watch::channel(first);
        let (renewed, asked) = (member.clone(), metadata.clone());
        let (stop, mut stopped) = oneshot::channel::<()>();
        let renewal = tokio::spawn(async move {
            // A renewal is never cut off: what the store was asked, it may do later.
            while timeout(term / 3, &mut stopped).await.is_err() {
                // Without an answer the assignment holds until others have divided it.
                if let Ok(answer) = ask(&asked, &renewed, term).await {
                    sender.send_replace(answer);
                }
            }
        });
        let (renewal, runtime) = (Some((renewal, stop)), Handle::current());
        Ok(Self { member, metadata, assignment, renewal, runtime })
    }

    /// The group.
    pub(super) fn group_id(&self) -> &str {
        &self.member.group_id
    }

    /// What the member wants to read.
    pub(super) fn topics(&self) -> &[String] {
        &self.member.topics
    }

    /// Where the group goes on.
    pub(super) async fn committed(&self, partition: &Partition) -> Result<Option<u64>, Error> {
        let (group_id, partition) = (self.member.group_id.clone(), partition.clone());
        self.metadata.ask(move |metadata| metadata.committed(&group_id, &partition)).await
    }

    /// Remembers where the group goes on, as long as the assignment of this generation holds.
    pub(super) async fn commit(
        &self,
        generation: u64,
        partition: &Partition,
        offset: u64,
    ) -> Result<(), Error> {
        let (group_id, partition) = (self.member.group_id.clone(), partition.clone());
        let commit = Commit { group_id, generation, partition, offset };
        self.metadata.ask(move |metadata| metadata.commit(&commit)).await
    }

    /// What is to be read.
    pub(super) fn assignment(&self) -> watch::Ref<'_, Assignment> {
        self.assignment.borrow()
    }

    /// Gives the place up, once.
    pub(super) fn leave(&mut self) -> impl Future<Output = Result<(), Error>> + use<> {
        let renewal = self.renewal.take();
        let Member { group_id, member_id, .. } = self.member.clone();
        let metadata = self.metadata.clone();
        async move {
            let Some((renewal, stop)) = renewal else { return Ok(()) };
            drop(stop);
            // One that panicked has said so.
            let _ = renewal.await;
            metadata.ask(move |metadata| metadata.leave(&group_id, &member_id)).await
        }
    }
}

async fn ask(metadata: &Metadata, member: &Member, term: Duration) -> Result<Assignment, Error> {
    let member = member.clone();
    metadata.ask(move |metadata| metadata.join(&member, term)).await
}

impl Drop for Membership {
    fn drop(&mut self) {
        // Where the runtime is gone, so is the renewal, and the place ends with its term.
        let leaving = self.leave();
        self.runtime.spawn(leaving);
    }
}
