//! A real Prometheus server on loopback.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Background, finish, free_address, get, scratch_folder, tool};

/// A Prometheus that serves until it is dropped, with storage of its own.
#[derive(Debug)]
pub struct Prometheus {
    address: SocketAddr,
    server: Background,
    _storage: TempDir,
}

impl Prometheus {
    /// Starts Prometheus on samples in OpenMetrics, each with its time, and scrapes nothing.
    pub fn start_with_samples(samples: &str) -> Self {
        let storage = scratch_folder();
        let file = storage.path().join("samples");
        fs::write(&file, samples).expect("a scratch file can be written");
        let mut command = tool("promtool");
        command.args(["tsdb", "create-blocks-from", "openmetrics"]);
        command.arg(&file).arg(storage.path().join("data"));
        let finished = finish(command, b"", Duration::from_secs(60));
        assert_eq!(finished.code, Some(0), "{}{}", finished.stdout, finished.stderr);
        // The samples are older than what is kept otherwise.
        Self::start_in(storage, "scrape_configs: []\n", &["--storage.tsdb.retention.time=100y"])
    }

    /// Starts Prometheus on a configuration and waits until it is ready.
    pub fn start(config: &str) -> Self {
        Self::start_with(config, &[])
    }

    /// Starts Prometheus with more arguments than a configuration.
    pub fn start_with(config: &str, arguments: &[&str]) -> Self {
        Self::start_in(scratch_folder(), config, arguments)
    }

    fn start_in(storage: TempDir, config: &str, arguments: &[&str]) -> Self {
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
        self.answer(path).unwrap_or_else(|refused| panic!("{path}: {refused}"))
    }

    /// The same of what may fail while it is evaluated: none if it did.
    ///
    /// An expression that is none is a panic all the same.
    pub fn try_api(&self, path: &str) -> Option<Value> {
        let refused = match self.answer(path) {
            Ok(data) => return Some(data),
            Err(refused) => refused,
        };
        assert!(refused.contains("\"errorType\":\"execution\""), "{path}: {refused}");
        None
    }

    fn answer(&self, path: &str) -> Result<Value, String> {
        let answer = get(self.address, &format!("/api/v1/{path}"), "application/json")
            .unwrap_or_else(|error| panic!("Prometheus does not answer: {error}"));
        if answer.status != 200 {
            return Err(answer.body);
        }
        let mut answer: Value =
            serde_json::from_str(&answer.body).expect("Prometheus answers in JSON");
        Ok(answer["data"].take())
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
