//! A real Prometheus server on loopback.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Background, free_address, get, scratch_folder, tool};

/// A Prometheus that serves until it is dropped, with storage of its own.
#[derive(Debug)]
pub struct Prometheus {
    address: SocketAddr,
    server: Background,
    _storage: TempDir,
}

impl Prometheus {
    /// Starts Prometheus on a configuration and waits until it is ready.
    pub fn start(config: &str) -> Self {
        Self::start_with(config, &[])
    }

    /// Starts Prometheus with more arguments than a configuration.
    pub fn start_with(config: &str, arguments: &[&str]) -> Self {
        let storage = scratch_folder();
        let config_file = storage.path().join("prometheus.yml");
        fs::write(&config_file, config).expect("a scratch file can be written");

        let address = free_address();
        let mut command = tool("prometheus");
        command
            .arg(format!("--config.file={}", config_file.display()))
            .arg(format!("--storage.tsdb.path={}", storage.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=warn")
            .args(arguments);
        let server = Background::start(command);

        let mut prometheus = Self { address, server, _storage: storage };
        prometheus.wait_until_ready();
        prometheus
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !get(self.address, "/-/ready", "*/*").is_ok_and(|answer| answer.status == 200) {
            let ended = self.server.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "Prometheus does not become ready ({ended:?})\n{}",
                self.server.stderr(),
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The `data` of an answer of its HTTP API, such as `targets`.
    pub fn api(&self, path: &str) -> Value {
        let answer = get(self.address, &format!("/api/v1/{path}"), "application/json")
            .unwrap_or_else(|error| panic!("Prometheus does not answer: {error}"));
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let mut answer: Value =
            serde_json::from_str(&answer.body).expect("Prometheus answers in JSON");
        answer["data"].take()
    }

    /// Asks again until an answer has what is looked for, and returns that.
    ///
    /// An answer that never comes is a panic that shows the last one.
    pub fn wait_for<T>(&self, path: &str, look: impl Fn(&Value) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = self.api(path);
            if let Some(found) = look(&answer) {
                return found;
            }
            assert!(Instant::now() < deadline, "not seen in {path}: {answer:#}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The path that asks Prometheus's HTTP API for the present value of an expression.
pub fn query(expression: &str) -> String {
    let encoded = |byte: u8| format!("%{byte:02X}");
    format!("query?query={}", expression.bytes().map(encoded).collect::<String>())
}
