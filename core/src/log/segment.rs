//! A segment: a batch of records as one object, compressed and under a checksum.
//!
//! ```text
//! "SHS1"  records: u32  written: u64 ms  payload: u32 bytes  checksum: u32  payload, compressed
//! ```
//!
//! All numbers are little-endian. The checksum is the CRC-32 of all else, so that an object that was
//! cut off or changed anywhere is no segment.

use std::time::SystemTime;

use bytes::{Buf as _, Bytes};

use crate::Record;
use crate::time::{milliseconds, time};

const MAGIC: &[u8; 4] = b"SHS1";
const HEADER: usize = 24;
/// Where the checksum stands.
const CHECKSUM: std::ops::Range<usize> = 20..24;
/// A length that stands for no key.
const NO_KEY: u32 = u32::MAX;
/// Largest payload that is taken, so that a length that is wrong allocates no memory.
const LARGEST: usize = 256 << 20;

/// What a segment holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) written: SystemTime,
    pub(super) records: Vec<Record>,
}

impl Segment {
    /// The object; none where the records are too many for one.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let size = self.records.iter().map(Record::weight).sum();
        let mut payload = Vec::with_capacity(size);
        for Record { timestamp, key, value } in &self.records {
            payload.extend(milliseconds(*timestamp).to_le_bytes());
            match key {
                Some(key) => part(&mut payload, key)?,
                None => payload.extend(NO_KEY.to_le_bytes()),
            }
            part(&mut payload, value)?;
        }
        let size = u32::try_from(payload.len()).ok().filter(|size| *size as usize <= LARGEST)?;
        let count = u32::try_from(self.records.len()).ok()?;
        let mut object = Vec::with_capacity(HEADER + payload.len() / 2);
        object.extend(MAGIC);
        object.extend(count.to_le_bytes());
        object.extend(milliseconds(self.written).to_le_bytes());
        object.extend(size.to_le_bytes());
        object.extend([0; 4]);
        object.extend(zstd::bulk::compress(&payload, 1).ok()?);
        let checksum = checksum(&object);
        object[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
        Some(object)
    }

    /// What an object holds; none where it is no segment, or not all of one.
    pub(super) fn decode(object: &[u8]) -> Option<Self> {
        let (mut header, compressed) = object.split_at_checked(HEADER)?;
        if object.get(CHECKSUM)? != checksum(object).to_le_bytes() {
            return None;
        }
        if take::<4>(&mut header)? != *MAGIC {
            return None;
        }
        let count = u32::from_le_bytes(take(&mut header)?);
        let written = u64::from_le_bytes(take(&mut header)?);
        let size = u32::from_le_bytes(take(&mut header)?) as usize;
        if size > LARGEST {
            return None;
        }
        // The records share the memory of the whole.
        let mut rest = Bytes::from(zstd::bulk::decompress(compressed, size).ok()?);
        let mut records = Vec::new();
        for _ in 0..count {
            let timestamp = time(rest.try_get_u64_le().ok()?);
            let key = match rest.try_get_u32_le().ok()? {
                NO_KEY => None,
                length => Some(bytes(&mut rest, length)?),
            };
            let length = rest.try_get_u32_le().ok()?;
            records.push(Record { timestamp, key, value: bytes(&mut rest, length)? });
        }
        rest.is_empty().then_some(Self { written: time(written), records })
    }
}

fn part(payload: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length != NO_KEY)?;
    payload.extend(length.to_le_bytes());
    payload.extend(bytes);
    Some(())
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*first)
}

fn bytes(rest: &mut Bytes, length: u32) -> Option<Bytes> {
    let length = length as usize;
    (length <= rest.len()).then(|| rest.split_to(length))
}

fn checksum(object: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&object[..CHECKSUM.start]);
    crc.update(&object[CHECKSUM.end..]);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn segment() -> Segment {
        let sent = UNIX_EPOCH + Duration::from_millis(1_764_000_000_100);
        let record = |key: Option<&[u8]>, value: &[u8]| Record::copied(sent, key, value);
        let records =
            vec![record(Some(b"user"), b"order"), record(None, b""), record(Some(b""), b"x")];
        Segment { written: UNIX_EPOCH + Duration::from_millis(1_764_000_000_123), records }
    }

    #[test]
    fn what_was_written_is_read() {
        for records in [segment().records, Vec::new()] {
            let segment = Segment { records, ..segment() };
            let object = segment.encode().expect("a small segment");
            assert_eq!(Segment::decode(&object), Some(segment));
        }
    }

    #[test]
    fn no_torn_and_no_changed_object_is_a_segment() {
        let object = segment().encode().expect("a small segment");
        for length in 0..object.len() {
            assert_eq!(Segment::decode(&object[..length]), None, "the first {length} bytes");
        }
        for at in 0..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 0x10;
            assert_eq!(Segment::decode(&changed), None, "byte {at}");
        }
        assert_eq!(Segment::decode(&[object, vec![0]].concat()), None);
    }
}
