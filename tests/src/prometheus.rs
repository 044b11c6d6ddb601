//! A real Prometheus server on loopback.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::server::{Server, config_file, wait_for};
use crate::{finish, scratch_folder, tool};

/// A Prometheus that serves until it is dropped, with storage of its own.
#[derive(Debug)]
pub struct Prometheus(Server);

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

    /// Starts Prometheus on a configuration and the files that it names, by their paths from it.
    pub fn start_with_files(config: &str, files: &[(String, String)]) -> Self {
        let folder = scratch_folder();
        for (name, text) in files {
            let path = folder.path().join(name);
            let parent = path.parent().expect("a file has a folder");
            fs::create_dir_all(parent).expect("a scratch folder can be made");
            fs::write(path, text).expect("a scratch file can be written");
        }
        Self::start_in(folder, config, &[])
    }

    fn start_in(storage: TempDir, config: &str, arguments: &[&str]) -> Self {
        Self(Server::start("Prometheus", storage, |address, folder| {
            let mut command = tool("prometheus");
            command
                .arg(config_file(folder, "prometheus.yml", config))
                .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
                .arg(format!("--web.listen-address={address}"))
                .arg("--log.level=warn")
                .args(arguments);
            command
        }))
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
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
        let mut answer = self.0.answer(&format!("/api/v1/{path}"))?;
        Ok(answer["data"].take())
    }

    /// Asks again until an answer has what is looked for, and returns that.
    ///
    /// An answer that never comes is a panic that shows the last one.
    pub fn wait_for<T>(&self, path: &str, look: impl Fn(&Value) -> Option<T>) -> T {
        wait_for(path, || self.api(path), look)
    }
}

/// The path that asks Prometheus's HTTP API for the present value of an expression.
pub fn query(expression: &str) -> String {
    let encoded = |byte: u8| format!("%{byte:02X}");
    format!("query?query={}", expression.bytes().map(encoded).collect::<String>())
}
