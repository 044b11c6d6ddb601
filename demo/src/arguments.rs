//! The command line.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand, ValueEnum};
use tokio::net::TcpListener;

use crate::agent::AgentArguments;
use crate::guard::GuardArguments;

/// Where Prometheus' own documentation suggests that exporters like this one listen.
const DEFAULT: &str = "127.0.0.1:9464";

/// Runs an instrumented StreamHouse, serves its metrics, and shows them live with what fires.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask demo",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    /// What this process is, if it is not the demo itself.
    #[command(subcommand)]
    pub(crate) part: Option<Part>,

    /// Address to serve the producers' metrics on; port 0 takes any free one.
    ///
    /// Without this option it is 127.0.0.1:9464, or a free port when that one is taken. Consumers
    /// are on the next free port, agents on any.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// How many agents share the partitions' leases, from 1 to 9: each is a process.
    #[arg(long, value_name = "COUNT", default_value_t = 1,
        value_parser = clap::value_parser!(u8).range(1..=9))]
    agents: u8,

    /// Slows a group, kills an agent and has the object store fail, so that alerts fire.
    #[arg(long)]
    chaos: bool,

    /// Whether to show live values for people, or one JSON object at the end.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// How long to run, as in 500ms, 20s, 2m or 1h; without it, until Ctrl-C.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    time: Option<Duration>,
}

/// A process that the demo starts and ends.
#[derive(Debug, Subcommand)]
pub(crate) enum Part {
    /// An agent
    #[command(hide = true)]
    Agent(AgentArguments),
    /// A program that ends with standard input
    #[command(hide = true)]
    Guard(GuardArguments),
}

/// For whom the values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, as they change
    Human,
    /// For programs, when all is over
    Json,
}

impl Arguments {
    /// For whom the values are shown.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// How many agents there are.
    pub(crate) fn agents(&self) -> usize {
        self.agents.into()
    }

    /// Whether things go wrong on purpose.
    pub(crate) fn has_chaos(&self) -> bool {
        self.chaos
    }

    /// When to end, if ever; counted from this call.
    pub(crate) fn end(&self) -> Option<Instant> {
        // A time beyond the clock's range is as good as none.
        Instant::now().checked_add(self.time?)
    }

    /// Listens for those who scrape the producers, and on the next free port the consumers.
    pub(crate) async fn listeners(&self) -> io::Result<[TcpListener; 2]> {
        let producers = self.listener().await?;
        let mut address = producers.local_addr()?;
        // Who takes any port for one takes any for the other.
        let is_free = self.listen.is_some_and(|listen| listen.port() == 0);
        for port in address.port().saturating_add(1)..=address.port().saturating_add(20) {
            address.set_port(if is_free { 0 } else { port });
            match TcpListener::bind(address).await {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                consumers => return Ok([producers, consumers?]),
            }
        }
        address.set_port(0);
        Ok([producers, TcpListener::bind(address).await?])
    }

    /// Listens where we were told, or else where we like.
    async fn listener(&self) -> io::Result<TcpListener> {
        let Some(address) = self.listen else {
            let usual = TcpListener::bind(DEFAULT).await;
            return match usual {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                    eprintln!("note: {DEFAULT} is taken; serving on a free port instead");
                    TcpListener::bind("127.0.0.1:0").await
                }
                usual => usual,
            };
        };
        TcpListener::bind(address).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })
    }
}

/// A number and a unit, in the words of Prometheus.
fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "expected a number and a unit, as in 500ms, 20s, 2m or 1h".to_owned();
    let digits = text.find(|character: char| !character.is_ascii_digit()).ok_or_else(expected)?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| expected())?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(expected()),
    };
    let milliseconds = number.checked_mul(milliseconds).ok_or("longer than anybody can wait")?;
    Ok(Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        for (text, milliseconds) in [("500ms", 500), ("20s", 20_000), ("2m", 120_000), ("0s", 0)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "20", "s", "-1s", "1.5s", "1 s", "1d", "2m30s", "99999999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
