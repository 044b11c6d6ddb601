//! The demo, as `cargo xtask demo` runs it, serving on loopback.

use std::io;
use std::net::SocketAddr;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Background, PATIENCE, cargo, finish, get};

/// The demo, recording and serving until it is dropped.
#[derive(Debug)]
pub struct Demo {
    process: Background,
    endpoints: Vec<Endpoint>,
}

/// What is scraped.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The job that the specification gives to its component.
    pub job: &'static str,
    /// Where it serves `/metrics`.
    pub address: SocketAddr,
}

impl Demo {
    /// Builds the demo, starts it and waits until it serves.
    pub fn start() -> Self {
        // Should this process be killed, the demo still ends by itself.
        Self::start_with(&["--for", "120s"])
    }

    /// The same with arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let mut command = Command::new(executable());
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        let mut demo = Self { process: Background::start(command), endpoints: Vec::new() };
        // All of them stand before this line.
        let said = demo.wait_until_it_says("derived from");
        demo.endpoints = said.lines().filter_map(Endpoint::read).collect();
        assert!(demo.endpoints.len() >= 3, "producers, consumers and agents serve: {said}");
        demo.wait_for("*/*", |_| true);
        demo
    }

    /// Where it serves: producers, consumers and each agent.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Waits until it has said something, and returns all that it has said.
    pub fn wait_until_it_says(&mut self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let said = self.process.stdout();
            if said.contains(words) {
                return said;
            }
            let ended = self.process.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "the demo does not say `{words}` ({ended:?}): {said}\n{}",
                self.process.stderr(),
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Scrapes until the bodies of all endpoints together have what is looked for, and returns them.
    ///
    /// Bodies that never come are a panic that shows the last ones.
    pub fn wait_for(&mut self, accept: &str, look: impl Fn(&[String]) -> bool) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answers = self.endpoints.iter().map(|endpoint| {
                let answer = get(endpoint.address, "/metrics", accept)?;
                if answer.status == 200 {
                    Ok(answer.body)
                } else {
                    Err(io::Error::other(answer.head))
                }
            });
            let bodies: io::Result<Vec<String>> = answers.collect();
            if let Ok(bodies) = &bodies
                && look(bodies)
            {
                return bodies.clone();
            }
            let ended = self.process.ended();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "the demo does not serve what is looked for ({ended:?}): {bodies:#?}\n{}",
                self.process.stderr(),
            );
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has processes and a folder of its own to be rid of.
        self.process.terminate(Duration::from_secs(15));
    }
}

impl Endpoint {
    /// Reads `serving http://ADDRESS/metrics  (NAME)`.
    fn read(line: &str) -> Option<Self> {
        let (address, name) = line.strip_prefix("serving http://")?.split_once("/metrics  (")?;
        let job = match name.strip_suffix(')')? {
            "producers" => "streamhouse-producers",
            "consumers" => "streamhouse-consumers",
            _agent => "streamhouse-agents",
        };
        Some(Self { job, address: address.parse().ok()? })
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
