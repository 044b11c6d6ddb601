//! Topics, and which objects hold their records.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::agents::expect_lease;
use crate::metadata::{NewSegment, SegmentRow};
use crate::time::{milliseconds, time};
use crate::{Error, Partition};

pub(super) fn create_topic(
    transaction: &Transaction<'_>,
    topic: &str,
    partitions: u32,
) -> Result<(), Error> {
    if topic.is_empty() || partitions == 0 {
        return Err(Error::Rejected);
    }
    let sql = "INSERT INTO partitions (topic, partition) VALUES (?, ?) ON CONFLICT DO NOTHING";
    for partition in 0..partitions {
        transaction.prepare_cached(sql)?.execute(params![topic, partition])?;
    }
    Ok(())
}

pub(super) fn partitions(connection: &Connection) -> Result<Vec<Partition>, Error> {
    let sql = "SELECT topic, partition FROM partitions ORDER BY topic, partition";
    let mut statement = connection.prepare_cached(sql)?;
    let rows =
        statement.query_map([], |row| Ok(Partition::new(row.get::<_, String>(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn append(
    transaction: &Transaction<'_>,
    segment: &NewSegment,
    holder: &str,
    epoch: u64,
) -> Result<u64, Error> {
    let NewSegment { partition, object, records, written } = segment;
    let Partition { topic, index } = partition;
    expect_lease(transaction, partition, holder, epoch)?;
    let sql = "UPDATE partitions SET next_offset = next_offset + ?
        WHERE topic = ? AND partition = ? RETURNING next_offset";
    let mut statement = transaction.prepare_cached(sql)?;
    let next: u64 = statement.query_row(params![records, topic, index], |row| row.get(0))?;
    let first = next - records;
    let sql = "INSERT INTO segments (topic, partition, first, records, object, written_ms)
        VALUES (?, ?, ?, ?, ?, ?)";
    let mut statement = transaction.prepare_cached(sql)?;
    statement.execute(params![topic, index, first, records, object, milliseconds(*written)])?;
    Ok(first)
}

pub(super) fn from(
    connection: &Connection,
    partition: &Partition,
    offset: u64,
    limit: usize,
) -> Result<(Vec<SegmentRow>, u64), Error> {
    let Partition { topic, index } = partition;
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

pub(super) fn expire(
    transaction: &Transaction<'_>,
    partition: &Partition,
    keep: u64,
) -> Result<Vec<String>, Error> {
    let Partition { topic, index } = partition;
    // SQLite's numbers have a sign, and are added up here.
    let keep = keep.min(1 << 60);
    let sql = "DELETE FROM segments WHERE topic = ?1 AND partition = ?2
        AND first + records + ?3 <= (SELECT next_offset FROM partitions
            WHERE topic = ?1 AND partition = ?2)
        RETURNING object";
    let mut statement = transaction.prepare_cached(sql)?;
    let rows = statement.query_map(params![topic, index, keep], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn objects(connection: &Connection) -> Result<HashSet<String>, Error> {
    let mut statement = connection.prepare_cached("SELECT object FROM segments")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
