//! `cargo xtask bench`: what a large specification costs.
//!
//! Times of this machine say little about another one, so every figure stands beside a ratio: of
//! the derive to a crate without it, measured in the same round, and of an output's size to the
//! size before it. A ratio of two sizes near the ratio of their times is linear growth.

mod derive;
mod generate;
mod specification;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::report;

/// Measures what 100 to 10,000 metrics cost the compiler and the generator.
#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// Measured rounds of each case, after one that is not counted.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

impl Bench {
    /// Prints the tables to stdout; exits 2 when something cannot be measured.
    pub(crate) fn run(self) -> ExitCode {
        let rounds = usize::from(self.rounds);
        let measured = derive::run(rounds).and_then(|()| generate::run(rounds));
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
