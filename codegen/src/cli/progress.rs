//! A word to people who wait.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::terminal;

/// Does some work, and says on stderr what it is when it takes more than a second.
pub(super) fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                terminal::say(&format!("{what} …"));
            }
        });
        let result = work();
        drop(done);
        result
    })
}
