//! The demo as what dashboards show: StreamHouse at work, and its Prometheus.
//!
//! Its Prometheus scrapes and evaluates the generated rules each second, and a minute of these rules
//! lasts a second, so that a few minutes are long for them.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::{cargo, report};

/// Agents, so that something moves between them.
const AGENTS: &str = "2";

/// A rate over its whole range is there only after this, and drawn from then on.
const WARM_UP: Duration = Duration::from_secs(30);

/// How long the demo may take to start once it is built.
const PATIENCE: Duration = Duration::from_secs(60);

/// A demo that runs until it is dropped.
///
/// Ctrl-C ends it too, since the terminal tells both of us. Whatever else ends us, it ends for want of
/// a reader, or at the latest when its time is over.
#[derive(Debug)]
pub(crate) struct Load {
    demo: Child,
    prometheus: String,
    minutes: u64,
    until: Instant,
}

impl Load {
    /// Builds the demo, starts it, and waits until it says where its Prometheus is.
    pub(crate) fn start(minutes: u64) -> Result<Self, String> {
        report::step("Building", "the demo");
        let mut build = cargo();
        build.args(["build", "--package", "streamhouse-demo"]);
        let built = build.status().map_err(|error| format!("cargo: {error}"))?;
        if !built.success() {
            return Err("the demo does not build".to_owned());
        }

        let time = Duration::from_secs(60 * minutes) + WARM_UP;
        let mut command = cargo();
        command.args(["run", "--quiet", "--package", "streamhouse-demo", "--"]);
        command.args(["--listen", "127.0.0.1:0", "--agents", AGENTS]);
        command.args(["--for", &format!("{}s", (time + PATIENCE * 2).as_secs())]);
        let mut demo = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the demo cannot be started: {error}"))?;
        let words = demo.stdout.take();
        let mut load = Self { demo, prometheus: String::new(), minutes, until: Instant::now() };
        let address = words.map(address).and_then(|found| found.recv_timeout(PATIENCE).ok());
        load.prometheus = address.ok_or("the demo did not say where its Prometheus is")?;
        load.until = Instant::now() + time;
        Ok(load)
    }

    /// Where its Prometheus answers.
    pub(crate) fn prometheus(&self) -> &str {
        &self.prometheus
    }

    /// Waits until there is enough to be drawn.
    pub(crate) fn wait(&mut self) -> Result<(), String> {
        let Self { minutes, prometheus, .. } = self;
        report::step("Loading", format_args!("for {minutes} min; Prometheus: {prometheus}"));
        while Instant::now() < self.until {
            if let Ok(Some(status)) = self.demo.try_wait() {
                return Err(format!("the demo ended before its time: {status}"));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Asks it to end in order, and does not wait for that.
    pub(crate) fn end(&mut self) {
        // Its number may be somebody else's by now.
        if let Ok(None) = self.demo.try_wait() {
            // Where nobody can be asked, it ends for want of a reader.
            let _ = Command::new("kill").arg(self.demo.id().to_string()).status();
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.end();
        let deadline = Instant::now() + PATIENCE;
        while let Ok(None) = self.demo.try_wait() {
            if Instant::now() > deadline {
                // It may have ended by itself, which is just as well.
                let _ = self.demo.kill();
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Where Prometheus answers, once the demo says so; whatever else it says is read and forgotten.
fn address(words: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            let address = line.strip_prefix("Prometheus scrapes them: ");
            if let Some((address, _)) = address.and_then(|rest| rest.split_once("/alerts")) {
                // Who does not wait any more is no reason to stop reading.
                let _ = sender.send(address.to_owned());
            }
        }
    });
    receiver
}
