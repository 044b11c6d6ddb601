//! Metadata in SQLite, which agents on one machine share as a file.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::metadata::{MetadataStore, NewSegment, SegmentRow};
use crate::lock::lock;
use crate::time::{milliseconds, time};
use crate::{Error, Partition};

/// How long to wait for another agent's transaction.
const PATIENCE: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS partitions (
    topic TEXT NOT NULL, partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0,
    holder TEXT, epoch INTEGER NOT NULL DEFAULT 0, until_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segments (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, first INTEGER NOT NULL,
    records INTEGER NOT NULL, object TEXT NOT NULL UNIQUE, written_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, first)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offsets (
    group_id TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_id, topic, partition)
) WITHOUT ROWID;
";

/// A [`MetadataStore`] in a file of SQLite.
///
/// What was committed survives the death of the process. It survives a loss of power too: every
/// commit is synced (`synchronous = FULL`). Terms of leases are measured by the machine's clock, so
/// all agents have to be on one machine, or have one clock.
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
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(SCHEMA)?;
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
}

/// A partition's lease: its holder, its epoch, and until when.
type Lease = (Option<String>, u64, u64);

fn lease_of(transaction: &Transaction<'_>, partition: &Partition) -> Result<Lease, Error> {
    let sql = "SELECT holder, epoch, until_ms FROM partitions WHERE topic = ? AND partition = ?";
    let mut statement = transaction.prepare_cached(sql)?;
    let row = statement.query_row(params![partition.topic, partition.index], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    });
    row.optional()?.ok_or(Error::UnknownPartition)
}

fn now() -> u64 {
    milliseconds(SystemTime::now())
}

impl MetadataStore for SqliteMetadata {
    fn create_topic(&self, topic: &str, partitions: u32) -> Result<(), Error> {
        self.transact(|transaction| {
            for partition in 0..partitions {
                let sql = "INSERT INTO partitions (topic, partition) VALUES (?, ?)
                    ON CONFLICT DO NOTHING";
                transaction.execute(sql, params![topic, partition])?;
            }
            Ok(())
        })
    }

    fn partitions(&self) -> Result<Vec<Partition>, Error> {
        let connection = lock(&self.connection);
        let sql = "SELECT topic, partition FROM partitions ORDER BY topic, partition";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement
            .query_map([], |row| Ok(Partition::new(row.get::<_, String>(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn lease(
        &self,
        partition: &Partition,
        holder: &str,
        term: Duration,
    ) -> Result<Option<u64>, Error> {
        self.transact(|transaction| {
            let (held_by, epoch, until) = lease_of(transaction, partition)?;
            let (now, is_ours) = (now(), held_by.as_deref() == Some(holder));
            let is_held = until > now;
            if is_held && !is_ours {
                return Ok(None);
            }
            let epoch = if is_held { epoch } else { epoch + 1 };
            let until = now.saturating_add(u64::try_from(term.as_millis()).unwrap_or(u64::MAX));
            let sql = "UPDATE partitions SET holder = ?, epoch = ?, until_ms = ?
                WHERE topic = ? AND partition = ?";
            // SQLite's numbers have a sign.
            let until = until.min(i64::MAX as u64);
            transaction
                .execute(sql, params![holder, epoch, until, partition.topic, partition.index])?;
            Ok(Some(epoch))
        })
    }

    fn release(&self, partition: &Partition, holder: &str) -> Result<(), Error> {
        self.transact(|transaction| {
            let sql = "UPDATE partitions SET until_ms = 0
                WHERE topic = ? AND partition = ? AND holder = ?";
            transaction.execute(sql, params![partition.topic, partition.index, holder])?;
            Ok(())
        })
    }

    fn append(&self, segment: &NewSegment<'_>, holder: &str, epoch: u64) -> Result<u64, Error> {
        let NewSegment { partition, object, records, written } = segment;
        let Partition { topic, index } = partition;
        self.transact(|transaction| {
            let (held_by, held_epoch, until) = lease_of(transaction, partition)?;
            if held_by.as_deref() != Some(holder) || held_epoch != epoch || until <= now() {
                return Err(Error::NotLeader);
            }
            let sql = "UPDATE partitions SET next_offset = next_offset + ?
                WHERE topic = ? AND partition = ? RETURNING next_offset";
            let next: u64 =
                transaction.query_row(sql, params![records, topic, index], |row| row.get(0))?;
            let first = next - records;
            let sql = "INSERT INTO segments (topic, partition, first, records, object, written_ms)
                VALUES (?, ?, ?, ?, ?, ?)";
            transaction.execute(
                sql,
                params![topic, index, first, records, object, milliseconds(*written)],
            )?;
            Ok(first)
        })
    }

    fn segments(
        &self,
        partition: &Partition,
        offset: u64,
        limit: usize,
    ) -> Result<(Vec<SegmentRow>, u64), Error> {
        let Partition { topic, index } = partition;
        let connection = lock(&self.connection);
        let sql = "SELECT next_offset FROM partitions WHERE topic = ? AND partition = ?";
        let mut statement = connection.prepare_cached(sql)?;
        let end = statement.query_row(params![topic, index], |row| row.get(0)).optional()?;
        let end: u64 = end.ok_or(Error::UnknownPartition)?;
        if offset >= end {
            return Ok((Vec::new(), end));
        }
        // From the segment that holds the offset on, which is the last one that begins before it.
        let sql = "SELECT first, records, object, written_ms FROM segments
            WHERE topic = ?1 AND partition = ?2 AND first >= COALESCE(
                (SELECT MAX(first) FROM segments
                    WHERE topic = ?1 AND partition = ?2 AND first <= ?3), 0)
            ORDER BY first LIMIT ?4";
        let mut statement = connection.prepare_cached(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![topic, index, offset, limit], |row| {
            let written = time(row.get(3)?);
            let (first, records, object) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(SegmentRow { first, records, object, written })
        })?;
        Ok((rows.collect::<Result<_, _>>()?, end))
    }

    fn expire(&self, partition: &Partition, keep: u64) -> Result<Vec<String>, Error> {
        let Partition { topic, index } = partition;
        self.transact(|transaction| {
            let sql = "DELETE FROM segments WHERE topic = ?1 AND partition = ?2
                AND first + records + ?3 <= (SELECT next_offset FROM partitions
                    WHERE topic = ?1 AND partition = ?2)
                RETURNING object";
            let mut statement = transaction.prepare_cached(sql)?;
            let rows = statement.query_map(params![topic, index, keep], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn objects(&self) -> Result<HashSet<String>, Error> {
        let connection = lock(&self.connection);
        let mut statement = connection.prepare_cached("SELECT object FROM segments")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn commit(&self, group_id: &str, partition: &Partition, offset: u64) -> Result<(), Error> {
        let Partition { topic, index } = partition;
        self.transact(|transaction| {
            lease_of(transaction, partition)?;
            let sql = "INSERT INTO offsets (group_id, topic, partition, next_offset)
                VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset";
            transaction.execute(sql, params![group_id, topic, index, offset])?;
            Ok(())
        })
    }

    fn committed(&self, group_id: &str, partition: &Partition) -> Result<Option<u64>, Error> {
        let Partition { topic, index } = partition;
        let connection = lock(&self.connection);
        let sql = "SELECT next_offset FROM offsets
            WHERE group_id = ? AND topic = ? AND partition = ?";
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![group_id, topic, index], |row| row.get(0)).optional()?)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Timeout
            }
            _ => Self::Storage,
        }
    }
}
