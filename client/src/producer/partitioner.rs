//! Which partition a record goes to.

/// The partition of a key: the same in every process and every version, since the order of a key's
/// records depends on it.
pub(super) fn partition_of(key: &[u8], partitions: usize) -> Option<usize> {
    // FNV-1a. The standard library's hasher may change with any release.
    let hash = key.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The remainder is smaller than a `usize`; without partitions there is none.
    Some(hash.checked_rem(partitions as u64)? as usize)
}

#[cfg(test)]
mod tests {
    use super::partition_of;

    #[test]
    fn keys_keep_their_partition_for_ever() {
        let partitions = ["", "a", "user123", "user124"].map(|key| partition_of(key.as_bytes(), 6));
        assert_eq!(partitions, [Some(5), Some(4), Some(2), Some(5)]);
        assert_eq!(partition_of(b"a", 0), None);
    }
}
