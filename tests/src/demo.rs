//! The demo, as `cargo xtask demo` runs it, serving on loopback.

use std::net::SocketAddr;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Background, cargo, finish, free_address, get};

/// The demo, recording and serving until it is dropped.
#[derive(Debug)]
pub struct Demo {
    address: SocketAddr,
    process: Background,
}

impl Demo {
    /// Builds the demo, starts it and waits until it serves.
    pub fn start() -> Self {
        let address = free_address();
        let mut command = Command::new(executable());
        // Should this process be killed, the demo still ends by itself.
        command.args(["--listen", &address.to_string(), "--for", "120s"]);
        let mut demo = Self { address, process: Background::start(command) };
        demo.wait_for("*/*", |_| true);
        demo
    }

    /// Where it serves `/metrics`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scrapes until a body has what is looked for, and returns that body.
    ///
    /// A body that never comes is a panic that shows the last one.
    pub fn wait_for(&mut self, accept: &str, look: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = get(self.address, "/metrics", accept);
            if let Ok(answer) = &answer
                && answer.status == 200
                && look(&answer.body)
            {
                return answer.body.clone();
            }
            let ended = self.process.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "the demo does not serve what is looked for ({ended:?}): {answer:#?}\n{}",
                self.process.stderr(),
            );
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Has cargo build the demo; returns the program's path.
///
/// In the target folder of the tests, whose lock is free while they run, so that
/// dependencies are compiled once.
fn executable() -> String {
    let mut build = cargo();
    build.args(["build", "--package", "streamhouse-demo"]);
    build.args(["--message-format", "json-render-diagnostics"]);
    let built = finish(build, b"", Duration::from_secs(600));
    assert!(
        built.code == Some(0),
        "the demo does not compile:
{}",
        built.stderr
    );
    built
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(str::to_owned))
        .expect("cargo names the program that it built")
}
