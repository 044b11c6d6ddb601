//! Prometheus, where it is installed: it scrapes what the screen shows and says which alerts fire.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use streamhouse_demo::scaled;
use tokio::process::{Child, ChildStdin};
use tokio::time::timeout;

use crate::alerts::Alert;
use crate::cluster::own_program;
use crate::fetch;
use crate::outputs::{generated, workspace};

// The jobs that alerts and dashboards ask for; a test holds them against the specification.
pub(crate) const PRODUCERS: &str = "streamhouse-producers";
pub(crate) const CONSUMERS: &str = "streamhouse-consumers";
pub(crate) const AGENTS: &str = "streamhouse-agents";

/// How long it may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// An endpoint.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) job: &'static str,
    pub(crate) address: SocketAddr,
}

/// A Prometheus of our own.
#[derive(Debug)]
pub(crate) struct Prometheus {
    address: SocketAddr,
    /// How often it was asked since it has scraped anything.
    looks: u32,
    guard: Child,
    /// Its end is that of Prometheus.
    life: Option<ChildStdin>,
}

impl Prometheus {
    /// The program: where `cargo xtask test` has put it, or else on PATH.
    pub(crate) fn installed() -> Option<PathBuf> {
        let place = workspace().join("target/tools/where/prometheus");
        let fetched = fs::read_to_string(place).ok();
        let fetched = fetched.and_then(|words| words.lines().next().map(PathBuf::from));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).map(|folder| folder.join("prometheus"));
        fetched.into_iter().chain(on_path).find(|program| program.is_file())
    }

    /// Starts it on all targets, with the generated rules at the demo's pace.
    pub(crate) fn start(program: &Path, folder: &Path, targets: &[Target]) -> io::Result<Self> {
        let folder = folder.join("prometheus");
        fs::create_dir_all(folder.join("rules"))?;
        for entry in fs::read_dir(generated().join("prometheus/rules"))? {
            let entry = entry?;
            let rules = fs::read_to_string(entry.path())?;
            fs::write(folder.join("rules").join(entry.file_name()), scaled(&rules))?;
        }
        let configuration = folder.join("prometheus.yml");
        // YAML, as all JSON is.
        fs::write(&configuration, format!("{:#}\n", scrapes(targets)))?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = own_program()?;
        command
            .args(["guard", "--"])
            .arg(program)
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address={address}"));
        let mut guard = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let life = guard.stdin.take();
        Ok(Self { address, looks: 0, guard, life })
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What fires and what is about to; nothing where there is no answer.
    pub(crate) async fn alerts(&mut self) -> Option<Vec<Alert>> {
        // Until it has looked for them, and at its rules after that, it misses all agents.
        if self.looks < 3 {
            let up = fetch::get(self.address, "/api/v1/query?query=up").await.ok()?;
            let up: Value = serde_json::from_str(&up).ok()?;
            self.looks += u32::from(!up["data"]["result"].as_array()?.is_empty());
            return None;
        }
        let answer = fetch::get(self.address, "/api/v1/alerts").await.ok()?;
        Alert::list(&serde_json::from_str(&answer).ok()?)
    }

    /// Ends it; there is nothing that it has to save.
    pub(crate) async fn stop(mut self) {
        self.life = None;
        // What is too slow is killed when it is dropped.
        let _ = timeout(PATIENCE, self.guard.wait()).await;
    }
}

/// A configuration with a job for each component.
fn scrapes(targets: &[Target]) -> Value {
    let job = |job: &str| {
        let targets = targets.iter().filter(|target| target.job == job);
        let addresses: Vec<String> = targets.map(|target| target.address.to_string()).collect();
        json!({ "job_name": job, "static_configs": [{ "targets": addresses }] })
    };
    let jobs = [PRODUCERS, CONSUMERS, AGENTS].map(job);
    json!({
        "global": {
            "scrape_interval": "1s",
            "scrape_timeout": "1s",
            "evaluation_interval": "1s",
        },
        "rule_files": ["rules/*.yml"],
        "scrape_configs": jobs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_are_those_of_the_specification() {
        let checked = streamhouse_metrics_spec::load(&workspace().join("metrics.toml"));
        let catalog = checked.expect("metrics.toml is in order").catalog;
        let jobs: Vec<_> =
            catalog.components.iter().filter_map(|component| component.job.as_deref()).collect();
        assert_eq!(jobs, [PRODUCERS, CONSUMERS, AGENTS]);
    }
}
