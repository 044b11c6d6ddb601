//! Asynchronous work for those who wait for it on whatever thread they are.

use std::future::Future;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime of one thread, which ends when this is dropped; even there where runtimes may not be
/// dropped, which is within another one.
#[derive(Debug)]
pub struct Background(Option<Runtime>);

impl Background {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// Where no thread can be started.
    pub fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self(Some(runtime)))
    }

    /// Waits for something; none where it broke.
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.handle()?.spawn(async move {
            // Who does not wait any more needs no answer.
            let _ = sender.send(work.await);
        });
        receiver.recv().ok()
    }

    /// Where to spawn what nobody waits for.
    pub fn handle(&self) -> Option<&Handle> {
        self.0.as_ref().map(Runtime::handle)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
