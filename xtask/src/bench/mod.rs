//! `cargo xtask bench`: what recording costs; `cargo xtask bench specification`: what a large
//! specification costs; `cargo xtask bench --system`: what metrics cost a whole StreamHouse.
//!
//! Times of this machine say little about another one, so every figure stands beside a ratio: of
//! our recorder to peers and limits, of the derive to a crate without it, of an output's size to
//! the size before it, each measured in the same rounds. A ratio of two sizes near the ratio of
//! their times is linear growth.

mod alerts;
mod derive;
mod document;
mod generate;
mod recording;
mod specification;
mod system;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::report;

/// Measures what recording costs, beside peers and limits, and writes docs/benchmarks.md.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Bench {
    #[command(subcommand)]
    other: Option<Other>,
    /// Measure what metrics cost a whole StreamHouse under load, and write that part of
    /// docs/benchmarks.md.
    #[arg(long, conflicts_with_all = ["case", "list"])]
    system: bool,
    #[command(flatten)]
    recording: recording::Recording,
}

/// What else can be measured.
#[derive(Debug, Subcommand)]
enum Other {
    /// Measure what 100 to 10,000 metrics cost the compiler and the generator.
    Specification {
        /// Measured rounds of each case, after one that is not counted.
        #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..))]
        rounds: u16,
    },
    /// Measure what up to 1,000 alerts and 100 objectives cost the generator and promtool.
    Alerts {
        /// Measured rounds of each generation, after one that is not counted.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
        rounds: u16,
    },
}

impl Bench {
    /// Measures; exits 2 when something cannot be measured.
    pub(crate) fn run(self) -> ExitCode {
        let measured = match self.other {
            None if self.system => system::run(self.recording.is_quick()),
            None => self.recording.run(),
            Some(Other::Alerts { rounds }) => alerts::run(usize::from(rounds)),
            Some(Other::Specification { rounds }) => {
                let rounds = usize::from(rounds);
                derive::run(rounds).and_then(|()| generate::run(rounds))
            }
        };
        match measured {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                report::error(error);
                ExitCode::from(2)
            }
        }
    }
}

/// The middle one of some measurements.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
