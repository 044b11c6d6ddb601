//! A real Alertmanager on loopback.

use std::net::SocketAddr;

use serde_json::Value;

use crate::server::{Server, config_file, wait_for};
use crate::{scratch_folder, tool};

/// An Alertmanager that serves until it is dropped, alone and with storage of its own.
#[derive(Debug)]
pub struct Alertmanager(Server);

impl Alertmanager {
    /// Starts Alertmanager on a configuration and waits until it is ready.
    pub fn start(config: &str) -> Self {
        Self(Server::start("Alertmanager", scratch_folder(), |address, folder| {
            let mut command = tool("alertmanager");
            command
                .arg(config_file(folder, "alertmanager.yml", config))
                .arg(format!("--storage.path={}", folder.join("data").display()))
                .arg(format!("--web.listen-address={address}"))
                // It looks for no others.
                .arg("--cluster.listen-address=")
                .arg("--log.level=warn");
            command
        }))
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// The alerts that it holds, those that are muted too.
    pub fn alerts(&self) -> Vec<Value> {
        list(self.all())
    }

    /// Asks again until the alerts have what is looked for, and returns that.
    ///
    /// Alerts that never come are a panic that shows the last ones.
    pub fn wait_for<T>(&self, look: impl Fn(&[Value]) -> Option<T>) -> T {
        wait_for(ALERTS, || self.all(), |alerts| look(&list(alerts.clone())))
    }

    fn all(&self) -> Value {
        self.0.answer(ALERTS).unwrap_or_else(|refused| panic!("{ALERTS}: {refused}"))
    }
}

const ALERTS: &str = "/api/v2/alerts";

fn list(alerts: Value) -> Vec<Value> {
    match alerts {
        Value::Array(alerts) => alerts,
        other => panic!("alerts are a list: {other:#}"),
    }
}
