//! An instrumented StreamHouse: it really records, shows what a scrape sees, and which alerts fire.
//!
//! ```text
//! 2 producers ──▶ agents ──▶ 2 consumer groups      Service, Cluster (a process each)
//!      ▼             ▼              ▼
//!           GET /metrics of each ──▶ Prometheus     where it is installed
//!                    ▼                   ▼
//!                 Scrape ──▶ Report   Alerts        Screen
//! ```
//!
//! Records, leases, failures and lag are real, though their cause is a seeded generator, and with
//! `--chaos` a timeline. The terminal shows nothing but expositions, parsed again: what you see is
//! what Prometheus gets.

mod agent;
mod alerts;
mod arguments;
mod chaos;
mod cluster;
mod fetch;
mod guard;
mod outputs;
mod plot;
mod prometheus;
mod random;
mod report;
mod scrape;
mod screen;
mod service;
mod stores;
mod system;
#[cfg(test)]
mod trial;
mod unreliable;

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use streamhouse_metrics::terminated;
use tokio::task::JoinHandle;
use tokio::time::{self, MissedTickBehavior};

use crate::alerts::Alerts;
use crate::arguments::{Arguments, Part};
use crate::chaos::Chaos;
use crate::report::Report;
use crate::screen::Screen;
use crate::system::System;

/// How often the live values are renewed.
const INTERVAL: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.part {
        Some(Part::Guard(guarded)) => guard::run(guarded),
        Some(Part::Agent(agent)) => be_agent(agent),
        None => run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our lines has seen enough of them, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn be_agent(arguments: &agent::AgentArguments) -> io::Result<()> {
    agent::run(arguments).await
}

/// Starts everything, shows it until the end, and stops it in order.
#[tokio::main]
async fn run(arguments: &Arguments) -> io::Result<()> {
    // From now on Ctrl-C ends it in order, even while it starts.
    let mut interrupted = tokio::spawn(terminated());
    let listeners = arguments.listeners().await?;
    let mut system = System::start(arguments.agents(), listeners).await?;
    let mut screen = Screen::stdout(arguments.format());
    let shown = show(arguments, &mut interrupted, &mut system, &mut screen).await;
    system.stop().await?;
    shown?;
    screen.lines(&outputs::remind())
}

/// Shows the live values until Ctrl-C, a termination or the end of the time, then the summary.
async fn show(
    arguments: &Arguments,
    interrupted: &mut JoinHandle<io::Result<()>>,
    system: &mut System,
    screen: &mut Screen,
) -> io::Result<()> {
    introduce(system, screen)?;
    let (started, end) = (Instant::now(), arguments.end());
    let mut chaos = arguments.has_chaos().then(Chaos::default);
    let mut alerts = Alerts::default();
    let first = system.scrape().await;
    let mut before = first.clone();
    let mut ticks = time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once, before there is anything to compare.
    ticks.tick().await;
    let over = async {
        match end {
            Some(end) => time::sleep_until(end.into()).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            result = &mut *interrupted => {
                result.map_err(io::Error::other)??;
                break;
            }
            () = &mut over => break,
        }
        if let Some(chaos) = &mut chaos {
            screen.lines(&chaos.advance(started.elapsed(), system).await)?;
        }
        if let Some(now) = system.alerts().await {
            screen.lines(&alerts.update(now))?;
        }
        let now = system.scrape().await;
        screen.show(&Report::between(&before, &now, system.agents()), &alerts)?;
        before = now;
    }
    screen.leave();
    let last = system.scrape().await;
    let report = Report::between(&first, &last, system.agents());
    screen.summary(&report, &alerts, last.since(&first))
}

/// Says what there is to be seen.
fn introduce(system: &System, screen: &mut Screen) -> io::Result<()> {
    for endpoint in system.endpoints() {
        let (address, name) = (endpoint.address, endpoint.name);
        screen.line(format_args!("serving http://{address}/metrics  ({name})"))?;
    }
    match &system.prometheus {
        Some(prometheus) => screen.line(format_args!(
            "Prometheus scrapes them: http://{}/alerts  (a minute of its rules lasts a second)",
            prometheus.address()
        ))?,
        None => screen.line(format_args!(
            "no alerts without Prometheus: `cargo xtask test` fetches it into target/tools"
        ))?,
    }
    screen.lines(&outputs::describe())
}
