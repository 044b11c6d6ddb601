//! What the real servers have in common: loopback, a folder, `/-/ready`, and answers in JSON.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Background, PATIENCE, free_address, get};

/// A server that runs until it is dropped, in a folder that goes with it.
#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    address: SocketAddr,
    process: Background,
    _folder: TempDir,
}

impl Server {
    /// Starts a server at the address that its command line was made for, and waits until it is ready.
    pub(crate) fn start(
        name: &'static str,
        folder: TempDir,
        command: impl FnOnce(SocketAddr, &Path) -> Command,
    ) -> Self {
        let address = free_address();
        let process = Background::start(command(address, folder.path()));
        let mut server = Self { name, address, process, _folder: folder };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !get(self.address, "/-/ready", "*/*").is_ok_and(|answer| answer.status == 200) {
            let ended = self.process.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "{} does not become ready ({ended:?})\n{}",
                self.name,
                self.process.stderr(),
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The answer at a path of its API, or the body of a refusal.
    pub(crate) fn answer(&self, path: &str) -> Result<Value, String> {
        let answer = get(self.address, path, "application/json")
            .unwrap_or_else(|error| panic!("{} does not answer: {error}", self.name));
        if answer.status != 200 {
            return Err(answer.body);
        }
        Ok(serde_json::from_str(&answer.body)
            .unwrap_or_else(|error| panic!("{} answers in JSON: {error}", self.name)))
    }
}

/// Asks again until an answer has what is looked for, and returns that.
///
/// An answer that never comes is a panic that shows the last one.
pub(crate) fn wait_for<T>(
    path: &str,
    ask: impl Fn() -> Value,
    look: impl Fn(&Value) -> Option<T>,
) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = ask();
        if let Some(found) = look(&answer) {
            return found;
        }
        assert!(Instant::now() < deadline, "not seen in {path}: {answer:#}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Writes a file that a server reads, and returns the argument that names it.
pub(crate) fn config_file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("a scratch file can be written");
    format!("--config.file={}", path.display())
}
