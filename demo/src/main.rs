//! An instrumented StreamHouse in one process: it really records, and shows what a scrape sees.
//!
//! ```text
//! 2 producers ──▶ agents ──▶ 2 consumer groups       Service
//!      └────────────┴──────────────┘
//!                   ▼
//!               Registry ──▶ GET /metrics            MetricsServer
//!                   └──────▶ Scrape ──▶ Report       what the terminal shows
//! ```
//!
//! Records, leases, failures and lag are real, though their cause is a seeded generator. The
//! terminal shows nothing but the exposition, parsed again: what you see is what Prometheus gets.

mod arguments;
mod outputs;
mod plot;
mod random;
mod report;
mod scrape;
mod screen;
mod service;
mod unreliable;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use streamhouse_metrics::{Limits, MetricsServer, Registry, terminated};
use tokio::sync::oneshot;
use tokio::time::{self, MissedTickBehavior};

use crate::arguments::Arguments;
use crate::report::Report;
use crate::scrape::Scrape;
use crate::screen::Screen;
use crate::service::Service;

/// How often the live values are renewed.
const INTERVAL: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our lines has seen enough of them, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Starts everything, shows it until the end, and ends it in the opposite order.
#[tokio::main]
async fn run(arguments: &Arguments) -> io::Result<()> {
    let listener = arguments.listener().await?;
    let (service, registry) = Service::start(arguments.agents())?;
    let service = Arc::new(service);
    let registry = Arc::new(registry);
    let ready = Arc::clone(&service);
    let (stop, stopped) = oneshot::channel::<()>();
    let address = listener.local_addr()?;
    let server =
        MetricsServer::new(address, Arc::clone(&registry), Arc::new(move || ready.is_ready()));
    let mut limits = Limits::default();
    // Nobody routes anything to us.
    limits.drain = Duration::ZERO;
    let server = server.limits(limits).with_graceful_shutdown(stopped).bind_to(listener)?;
    let server = tokio::spawn(server.serve());

    let mut screen = Screen::stdout(arguments.format());
    let first = Scrape::of(&registry);
    screen.line(format_args!("serving http://{address}/metrics"))?;
    screen.lines(&outputs::describe())?;
    screen.line(format_args!("the group `audit` is slow on purpose: its lag grows"))?;

    let shown = show(arguments.end(), &registry, &mut screen).await;
    let last = Scrape::of(&registry);
    // It may have ended by itself, which is just as well.
    let _ = stop.send(());
    server.await.map_err(io::Error::other)?;
    // It waits for threads, which must not keep the runtime from its own work.
    tokio::task::spawn_blocking(move || service.stop()).await.map_err(io::Error::other)?;
    shown?;
    screen.summary(&Report::between(&first, &last), last.since(&first))?;
    screen.lines(&outputs::remind())
}

/// Shows the live values until Ctrl-C, a termination or the end of the time.
async fn show(end: Option<Instant>, registry: &Registry, screen: &mut Screen) -> io::Result<()> {
    let mut ticks = time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut before = Scrape::of(registry);
    // The first tick comes at once, before there is anything to compare.
    ticks.tick().await;
    let interrupted = terminated();
    tokio::pin!(interrupted);
    let over = async {
        match end {
            Some(end) => time::sleep_until(end.into()).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let now = Scrape::of(registry);
                screen.show(&Report::between(&before, &now))?;
                before = now;
            }
            result = &mut interrupted => return result,
            () = &mut over => return Ok(()),
        }
    }
}
