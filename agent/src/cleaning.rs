//! What is thrown away: segments that are too old, and what dead processes left.

use std::time::Duration;

use streamhouse_core::Log;
use tokio::time::sleep;

/// How old an object is that no row names, and that no append is going to name any more.
const ORPHANED: Duration = Duration::from_secs(3600);

/// Cleans the log now and then, as every agent does.
#[derive(Clone, Debug)]
pub(crate) struct Cleaning {
    pub(crate) log: Log,
    pub(crate) interval: Duration,
    /// How many records a partition keeps; all of them unless it is said.
    pub(crate) retention: Option<u64>,
}

impl Cleaning {
    pub(crate) async fn run(self) {
        loop {
            sleep(self.interval).await;
            // What stays is deleted the next time.
            if let Some(records) = self.retention {
                let _ = self.log.retain(records).await;
            }
            let _ = self.log.sweep(ORPHANED).await;
        }
    }
}
