//! When somebody wants a process to end.

use std::io;

/// Resolves when the process is told to end: by SIGTERM or, everywhere, by Ctrl-C.
///
/// Whoever waits for it takes over what these would do otherwise, which is to end the process.
///
/// # Errors
///
/// Where signals cannot be waited for.
pub async fn terminated() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
