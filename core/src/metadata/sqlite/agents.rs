//! Agents, and the leases that they hold.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{now, until};
use crate::metadata::AgentRow;
use crate::{Error, Partition};

pub(super) fn announce(
    transaction: &Transaction<'_>,
    agent: &AgentRow,
    term: Duration,
) -> Result<usize, Error> {
    let AgentRow { agent_id, address, availability_zone, agent_group } = agent;
    let sql = "INSERT OR REPLACE INTO agents
        (agent_id, address, availability_zone, agent_group, until_ms) VALUES (?, ?, ?, ?, ?)";
    transaction.prepare_cached(sql)?.execute(params![
        agent_id,
        address,
        availability_zone,
        agent_group,
        until(term)
    ])?;
    let sql = "SELECT COUNT(*) FROM agents WHERE agent_group = ? AND until_ms > ?";
    let mut statement = transaction.prepare_cached(sql)?;
    let count: u32 = statement.query_row(params![agent_group, now()], |row| row.get(0))?;
    Ok(count as usize)
}

pub(super) fn retire(transaction: &Transaction<'_>, agent_id: &str) -> Result<(), Error> {
    transaction.execute("DELETE FROM agents WHERE agent_id = ?", params![agent_id])?;
    Ok(())
}

pub(super) fn routes(
    connection: &Connection,
    topic: &str,
    agent_group: &str,
) -> Result<Vec<Option<Arc<str>>>, Error> {
    let sql = "SELECT address FROM partitions LEFT JOIN agents
        ON agent_id = holder AND agent_group = ?2 AND partitions.until_ms > ?3
        WHERE topic = ?1 ORDER BY partition";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![topic, agent_group, now()], |row| row.get(0))?;
    let routes: Vec<Option<Arc<str>>> = rows.collect::<Result<_, _>>()?;
    if routes.is_empty() { Err(Error::UnknownPartition) } else { Ok(routes) }
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

/// Makes sure that a lease is held in an epoch, and not over.
pub(super) fn expect_lease(
    transaction: &Transaction<'_>,
    partition: &Partition,
    holder: &str,
    epoch: u64,
) -> Result<(), Error> {
    let (held_by, held_epoch, until) = lease_of(transaction, partition)?;
    let is_held = held_by.as_deref() == Some(holder) && held_epoch == epoch && until > now();
    if is_held { Ok(()) } else { Err(Error::NotLeader) }
}

pub(super) fn lease(
    transaction: &Transaction<'_>,
    partition: &Partition,
    holder: &str,
    known: Option<u64>,
    term: Duration,
) -> Result<Option<u64>, Error> {
    let (held_by, epoch, held_until) = lease_of(transaction, partition)?;
    let is_ours = held_by.as_deref() == Some(holder);
    let epoch = match (held_until > now(), known) {
        // One of our own name in another epoch is somebody else.
        (true, Some(known)) if is_ours && known == epoch => epoch,
        (true, None) if is_ours => epoch + 1,
        (true, _) => return Ok(None),
        (false, _) => epoch + 1,
    };
    let sql = "UPDATE partitions SET holder = ?, epoch = ?, until_ms = ?
        WHERE topic = ? AND partition = ?";
    let mut statement = transaction.prepare_cached(sql)?;
    let Partition { topic, index } = partition;
    statement.execute(params![holder, epoch, until(term), topic, index])?;
    Ok(Some(epoch))
}

pub(super) fn release(
    transaction: &Transaction<'_>,
    partition: &Partition,
    holder: &str,
) -> Result<(), Error> {
    let sql = "UPDATE partitions SET until_ms = 0 WHERE topic = ? AND partition = ? AND holder = ?";
    transaction.execute(sql, params![partition.topic, partition.index, holder])?;
    Ok(())
}
