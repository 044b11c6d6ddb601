//! Names that nobody else has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A number that no other call has, here or elsewhere: containers share process ids, so the time
/// tells them apart, to the nanosecond.
pub fn unique() -> u64 {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_nanos() as u64);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    now ^ u64::from(std::process::id()).rotate_left(40) ^ call.rotate_left(24)
}
