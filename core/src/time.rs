//! Points in time as numbers: milliseconds since 1970, in UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time as a number; what lies before 1970 is 1970.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// The point in time of a number; one that no clock can show is 1970.
pub(crate) fn time(milliseconds: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds)).unwrap_or(UNIX_EPOCH)
}
