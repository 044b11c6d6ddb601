//! Short hashes, by which shortened names stay distinct.

/// FNV-1a: stable across machines and releases, which the standard hasher does not promise.
pub(crate) fn short(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}
