//! Metadata in SQLite, which processes on one machine share as a file.

mod agents;
mod groups;
mod segments;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{AgentRow, Assignment, Commit, Member, MetadataStore, NewSegment, SegmentRow};
use crate::lock::lock;
use crate::time::milliseconds;
use crate::{Error, Partition};

/// How often to look whether another process's transaction is over: for five seconds and more.
const PATIENCE: i32 = 5_000;

/// Waits for another process's transaction, a millisecond at a time. SQLite's own way to wait sleeps
/// for up to a hundred, which is as long as fifty transactions.
fn wait(looked: i32) -> bool {
    std::thread::sleep(Duration::from_millis(1));
    looked < PATIENCE
}

/// A [`MetadataStore`] in a file of SQLite.
///
/// What was committed survives the death of the process. It survives a loss of power too: every
/// commit is synced (`synchronous = FULL`). Terms are measured by the machine's clock, so all
/// processes have to be on one machine, or have one clock.
#[derive(Debug)]
pub struct SqliteMetadata {
    connection: Mutex<Connection>,
}

impl SqliteMetadata {
    /// Opens a file, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened, or is no such file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::prepare(Connection::open(path)?)
    }

    /// Metadata for one process, gone with it.
    ///
    /// # Errors
    ///
    /// Where there is no memory.
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut connection: Connection) -> Result<Self, Error> {
        connection.busy_handler(Some(wait))?;
        let mut looked = 0;
        // SQLite does not wait for others here by itself.
        while let Err(error) = connection.pragma_update(None, "journal_mode", "WAL") {
            if Error::from(error) != Error::Timeout || !wait(looked) {
                return Err(Error::Storage);
            }
            looked += 1;
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Does something as one transaction that sees nothing of others and is seen as a whole.
    fn transact<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = lock(&self.connection);
        // It writes, and says so at once: two that began by reading could not both go on.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Reads something.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        work(&lock(&self.connection))
    }
}

fn now() -> u64 {
    milliseconds(SystemTime::now())
}

/// When a term is over that begins now; SQLite's numbers have a sign.
fn until(term: Duration) -> u64 {
    let term = u64::try_from(term.as_millis()).unwrap_or(u64::MAX);
    now().saturating_add(term).min(i64::MAX as u64)
}

impl MetadataStore for SqliteMetadata {
    fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error> {
        self.transact(|transaction| segments::create_topic(transaction, topic, partitions))
    }

    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.read(segments::partitions)
    }

    fn announce(&self, agent: &AgentRow, term: Duration) -> Result<usize, Error> {
        self.transact(|transaction| agents::announce(transaction, agent, term))
    }

    fn retire(&self, agent_id: &str) -> Result<(), Error> {
        self.transact(|transaction| agents::retire(transaction, agent_id))
    }

    fn routes(&self, topic: &str, agent_group: &str) -> Result<Vec<Option<Arc<str>>>, Error> {
        self.read(|connection| agents::routes(connection, topic, agent_group))
    }

    fn lease(
        &self,
        partition: &Partition,
        holder: &str,
        epoch: Option<u64>,
        term: Duration,
    ) -> Result<Option<u64>, Error> {
        self.transact(|transaction| agents::lease(transaction, partition, holder, epoch, term))
    }

    fn release(&self, partition: &Partition, holder: &str) -> Result<(), Error> {
        self.transact(|transaction| agents::release(transaction, partition, holder))
    }

    fn append(&self, segment: &NewSegment, holder: &str, epoch: u64) -> Result<u64, Error> {
        self.transact(|transaction| segments::append(transaction, segment, holder, epoch))
    }

    fn segments(
        &self,
        partition: &Partition,
        offset: u64,
        limit: usize,
    ) -> Result<(Vec<SegmentRow>, u64), Error> {
        self.read(|connection| segments::from(connection, partition, offset, limit))
    }

    fn expire(&self, partition: &Partition, keep: u64) -> Result<Vec<String>, Error> {
        self.transact(|transaction| segments::expire(transaction, partition, keep))
    }

    fn objects(&self) -> Result<HashSet<String>, Error> {
        self.read(segments::objects)
    }

    fn join(&self, member: &Member, term: Duration) -> Result<Assignment, Error> {
        self.transact(|transaction| groups::join(transaction, member, term))
    }

    fn leave(&self, group_id: &str, member_id: &str) -> Result<(), Error> {
        self.transact(|transaction| groups::leave(transaction, group_id, member_id))
    }

    fn commit(&self, commit: &Commit) -> Result<(), Error> {
        self.transact(|transaction| groups::commit(transaction, commit))
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        self.read(|connection| groups::committed(connection, group_id, partition))
    }
}
