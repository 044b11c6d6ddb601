//! Short hashes, by which shortened names stay distinct and numbers follow from names.

/// FNV-1a: stable across machines and releases, which the standard hasher does not promise.
pub(crate) fn number(text: &str) -> u32 {
    text.bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The same in eight digits.
pub(crate) fn short(text: &str) -> String {
    format!("{:08x}", number(text))
}
