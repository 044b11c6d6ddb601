//! Who is told by Alertmanager: a receiver that keeps every notification.

use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::{PATIENCE, serve};

/// A receiver of `webhook_configs` that listens until the test process ends.
#[derive(Debug)]
pub struct Webhook {
    address: SocketAddr,
    kept: Arc<Kept>,
}

/// The notifications so far, and the news of one more.
#[derive(Debug, Default)]
struct Kept {
    notifications: Mutex<Vec<Value>>,
    another: Condvar,
}

impl Webhook {
    /// Listens on loopback.
    pub fn start() -> Self {
        let kept = Arc::<Kept>::default();
        let keeper = Arc::clone(&kept);
        let address = serve("text/plain", move |body| {
            // What is no JSON is kept as it is: nobody looks for it, and everybody sees it.
            let notification = serde_json::from_slice(body)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
            keeper.lock().push(notification);
            keeper.another.notify_all();
            String::new()
        });
        Self { address, kept }
    }

    /// The `url` of `webhook_configs`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// All notifications so far, in the order in which they came.
    pub fn notifications(&self) -> Vec<Value> {
        self.kept.lock().clone()
    }

    /// Waits until a notification is what is looked for, and returns it; one may have come before.
    ///
    /// One that never comes is a panic that shows all others.
    pub fn wait_for(&self, look: impl Fn(&Value) -> bool) -> Value {
        let (notifications, _) = self
            .kept
            .another
            .wait_timeout_while(self.kept.lock(), PATIENCE, |notifications| {
                !notifications.iter().any(&look)
            })
            .unwrap_or_else(PoisonError::into_inner);
        match notifications.iter().find(|notification| look(notification)) {
            Some(found) => found.clone(),
            None => panic!("not among the notifications: {notifications:#?}"),
        }
    }
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        // A test that panicked while it looked has changed nothing.
        self.notifications.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
