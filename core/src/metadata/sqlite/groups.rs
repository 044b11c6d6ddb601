//! Groups: who reads what, and how far they are.

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{now, until};
use crate::metadata::{Assignment, Commit, Member};
use crate::{Error, Partition};

/// Who reads what: member and topic.
type Subscriptions = BTreeSet<(String, String)>;

pub(super) fn join(
    transaction: &Transaction<'_>,
    member: &Member,
    term: Duration,
) -> Result<Assignment, Error> {
    let Member { group_id, member_id, topics } = member;
    let before = subscriptions(transaction, group_id)?;
    let sql = "DELETE FROM members
        WHERE group_id = ?1 AND (until_ms <= ?2 OR member_id = ?3)";
    transaction.prepare_cached(sql)?.execute(params![group_id, now(), member_id])?;
    let sql = "INSERT OR IGNORE INTO members (group_id, topic, member_id, until_ms)
        VALUES (?, ?, ?, ?)";
    for topic in topics {
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![group_id, topic, member_id, until(term)])?;
    }
    let after = subscriptions(transaction, group_id)?;
    if before != after {
        divide_anew(transaction, group_id)?;
    }
    let mut partitions = Vec::new();
    for topic in topics.iter().collect::<BTreeSet<_>>() {
        let members = after.iter().filter(|(_, subscribed)| subscribed == topic);
        let members: Vec<&String> = members.map(|(member, _)| member).collect();
        let ours = partitions_of(transaction, topic)?;
        // In turn, so that each member has as many as any other, or one more.
        partitions.extend(ours.filter(|partition| {
            members.get(partition.index as usize % members.len()) == Some(&member_id)
        }));
    }
    Ok(Assignment { generation: generation(transaction, group_id)?, partitions })
}

pub(super) fn leave(
    transaction: &Transaction<'_>,
    group_id: &str,
    member_id: &str,
) -> Result<(), Error> {
    let sql = "DELETE FROM members WHERE group_id = ? AND member_id = ?";
    let left = transaction.execute(sql, params![group_id, member_id])?;
    if left > 0 { divide_anew(transaction, group_id) } else { Ok(()) }
}

pub(super) fn commit(transaction: &Transaction<'_>, commit: &Commit) -> Result<(), Error> {
    let Commit { group_id, generation: of, partition, offset } = commit;
    // Somebody else may be reading the partition by now, and be further.
    if generation(transaction, group_id)? != *of {
        return Err(Error::Rebalanced);
    }
    let sql = "INSERT INTO offsets (group_id, topic, partition, next_offset) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET next_offset = MAX(next_offset, excluded.next_offset)";
    let mut statement = transaction.prepare_cached(sql)?;
    statement.execute(params![group_id, partition.topic, partition.index, offset])?;
    Ok(())
}

pub(super) fn committed(
    connection: &Connection,
    group_id: &str,
    partition: &Partition,
) -> Result<Option<u64>, Error> {
    let Partition { topic, index } = partition;
    let sql = "SELECT next_offset FROM offsets
        WHERE group_id = ? AND topic = ? AND partition = ?";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![group_id, topic, index], |row| row.get(0)).optional()?)
}

fn subscriptions(transaction: &Transaction<'_>, group_id: &str) -> Result<Subscriptions, Error> {
    let sql = "SELECT member_id, topic FROM members WHERE group_id = ?";
    let mut statement = transaction.prepare_cached(sql)?;
    let rows = statement.query_map(params![group_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn partitions_of(
    transaction: &Transaction<'_>,
    topic: &str,
) -> Result<impl Iterator<Item = Partition>, Error> {
    let sql = "SELECT COUNT(*) FROM partitions WHERE topic = ?";
    let mut statement = transaction.prepare_cached(sql)?;
    match statement.query_row(params![topic], |row| row.get(0))? {
        0_u32 => Err(Error::UnknownPartition),
        count => Ok((0..count).map(move |index| Partition::new(topic, index))),
    }
}

fn generation(transaction: &Transaction<'_>, group_id: &str) -> Result<u64, Error> {
    let sql = "SELECT generation FROM groups WHERE group_id = ?";
    let mut statement = transaction.prepare_cached(sql)?;
    let found = statement.query_row(params![group_id], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0))
}

fn divide_anew(transaction: &Transaction<'_>, group_id: &str) -> Result<(), Error> {
    let sql = "INSERT INTO groups (group_id, generation) VALUES (?, 1)
        ON CONFLICT DO UPDATE SET generation = generation + 1";
    transaction.prepare_cached(sql)?.execute(params![group_id])?;
    Ok(())
}
