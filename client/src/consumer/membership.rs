//! Membership: a task that keeps a consumer in its group, and says what is to be read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use streamhouse_core::{Assignment, Error, Member, Metadata};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// A place in a group, given up when this is dropped.
#[derive(Debug)]
pub(super) struct Membership {
    member: Member,
    metadata: Metadata,
    assignment: watch::Receiver<Assignment>,
    renewal: JoinHandle<()>,
}

impl Membership {
    /// Joins a group, and renews the membership three times a term.
    pub(super) async fn join(
        group_id: String,
        topics: Vec<String>,
        metadata: Metadata,
        term: Duration,
    ) -> Result<Self, Error> {
        static MEMBERS: AtomicU64 = AtomicU64::new(0);
        let number = MEMBERS.fetch_add(1, Ordering::Relaxed);
        let member_id = format!("{:08x}-{number:04}", std::process::id());
        let member = Member { group_id, member_id, topics };
        let first = ask(&metadata, &member, term).await?;
        let (sender, assignment) = watch::channel(first);
        let (renewed, asked) = (member.clone(), metadata.clone());
        let renewal = tokio::spawn(async move {
            loop {
                sleep(term / 3).await;
                // Without an answer the assignment holds until others have divided it.
                if let Ok(answer) = ask(&asked, &renewed, term).await {
                    sender.send_if_modified(|known| {
                        let is_new = *known != answer;
                        *known = answer;
                        is_new
                    });
                }
            }
        });
        Ok(Self { member, metadata, assignment, renewal })
    }

    /// What is to be read.
    pub(super) fn assignment(&self) -> watch::Ref<'_, Assignment> {
        self.assignment.borrow()
    }

    /// Gives the place up.
    pub(super) fn leave(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        self.renewal.abort();
        let Member { group_id, member_id, .. } = self.member.clone();
        let metadata = self.metadata.clone();
        async move { metadata.ask(move |metadata| metadata.leave(&group_id, &member_id)).await }
    }
}

async fn ask(metadata: &Metadata, member: &Member, term: Duration) -> Result<Assignment, Error> {
    let member = member.clone();
    metadata.ask(move |metadata| metadata.join(&member, term)).await
}

impl Drop for Membership {
    fn drop(&mut self) {
        // Without a runtime it ends with its term.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(self.leave());
        }
    }
}
