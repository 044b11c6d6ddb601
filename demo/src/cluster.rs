//! The agents' processes, as seen by who starts, kills and stops them.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{sleep, timeout};

use crate::agent::{ERRORS_OFF, ERRORS_ON, LEASE_TERM};

/// How long an agent may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// All agents, whether they run or were killed.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: PathBuf,
    agents: Vec<AgentProcess>,
}

#[derive(Debug)]
struct AgentProcess {
    /// The same for all its life, since that is how Prometheus knows it.
    metrics_address: SocketAddr,
    /// None while it is killed.
    running: Option<Running>,
}

/// A process and its standard input, the end of which is the process's.
#[derive(Debug)]
struct Running {
    process: Child,
    commands: ChildStdin,
}

impl Cluster {
    /// Starts so many agents on a folder.
    pub(crate) async fn start(folder: &Path, agents: usize) -> io::Result<Self> {
        let mut cluster = Self { folder: folder.to_owned(), agents: Vec::new() };
        for number in 1..=agents {
            let free = SocketAddr::from(([127, 0, 0, 1], 0));
            let (metrics_address, running) = spawn(folder, number, free).await?;
            cluster.agents.push(AgentProcess { metrics_address, running: Some(running) });
        }
        if agents > 1 {
            // Who came first gives leases back; a producer would send to it in vain meanwhile.
            sleep(LEASE_TERM).await;
        }
        Ok(cluster)
    }

    /// The name of each agent and where its metrics are, and whether it runs.
    pub(crate) fn agents(&self) -> impl Iterator<Item = (String, SocketAddr, bool)> {
        (1..).zip(&self.agents).map(|(number, agent)| {
            let AgentProcess { metrics_address, running } = agent;
            (format!("agent-{number}"), *metrics_address, running.is_some())
        })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.agents.len()
    }

    /// Kills one, so that it can do nothing more.
    pub(crate) async fn kill(&mut self, at: usize) {
        if let Some(mut running) = self.agents[at].running.take() {
            // It may have died of something else, which is just as well.
            let _ = running.process.kill().await;
        }
    }

    /// Starts one again that was killed.
    pub(crate) async fn restart(&mut self, at: usize) -> io::Result<()> {
        let agent = &mut self.agents[at];
        if agent.running.is_none() {
            let (_, running) = spawn(&self.folder, at + 1, agent.metrics_address).await?;
            agent.running = Some(running);
        }
        Ok(())
    }

    /// Has the object store of all agents fail half of the time, or not any more.
    pub(crate) async fn set_errors(&mut self, has_errors: bool) {
        let command = format!("{}\n", if has_errors { ERRORS_ON } else { ERRORS_OFF });
        for running in self.agents.iter_mut().filter_map(|agent| agent.running.as_mut()) {
            // One that has died of something else hears nothing.
            let _ = running.commands.write_all(command.as_bytes()).await;
        }
    }

    /// Has all of them give their leases back and end.
    pub(crate) async fn stop(self) {
        let running = self.agents.into_iter().filter_map(|agent| agent.running);
        let ending = running.map(|Running { process, commands }| {
            drop(commands);
            process
        });
        for mut process in ending.collect::<Vec<_>>() {
            // What is too slow is killed when it is dropped.
            let _ = timeout(PATIENCE, process.wait()).await;
        }
    }
}

/// Starts an agent, and waits until it says where its metrics are.
async fn spawn(
    folder: &Path,
    number: usize,
    metrics_address: SocketAddr,
) -> io::Result<(SocketAddr, Running)> {
    let mut command = own_program()?;
    command.arg("agent").arg(folder).arg(number.to_string()).arg(metrics_address.to_string());
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(commands), Some(words)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(io::Error::other("a process without its pipes"));
    };
    let mut words = BufReader::new(words).lines();
    let address = timeout(PATIENCE, words.next_line()).await??;
    let address = address.and_then(|address| address.parse().ok());
    let address = address
        .ok_or_else(|| io::Error::other(format!("agent-{number} did not say where it is")))?;
    Ok((address, Running { process, commands }))
}

/// This program, to be started as something else.
pub(crate) fn own_program() -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.kill_on_drop(true);
    // Ctrl-C is for us alone: we stop the others, in order.
    #[cfg(unix)]
    command.process_group(0);
    Ok(command)
}
