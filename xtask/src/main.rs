//! This repository's command line: `cargo xtask CHORE`.
//!
//! Everything that derives outputs from metrics.toml is the codegen crate's own
//! command line. This program adds what only this repository needs: trying it
//! all out and testing it all. It depends on no crate that carries recorders,
//! because those compile only while metrics.toml is right, and this program
//! must run when it is wrong.

mod bench;
mod demo;
mod preview;
mod report;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};
use streamhouse_metrics_codegen::cli;

/// StreamHouse's metrics, derived from metrics.toml and proven against it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    #[command(flatten)]
    Derive(cli::Command),
    /// Derive everything, then run an instrumented StreamHouse and show its metrics.
    Demo(demo::Demo),
    /// Draw the dashboards as they look after some minutes of load.
    Preview(preview::Preview),
    /// Run all tests, fetching the outside judges they need.
    Test(test::Test),
    /// Measure what recording costs, beside peers and limits; or what large specifications cost.
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    Arguments::parse().chore.run()
}

impl Chore {
    fn run(self) -> ExitCode {
        match self {
            Self::Derive(command) => command.run(),
            Self::Demo(demo) => demo.run(),
            Self::Preview(preview) => preview.run(),
            Self::Test(test) => test.run(),
            Self::Bench(bench) => bench.run(),
        }
    }
}

/// The folder that holds metrics.toml.
fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The cargo that runs us, working in the workspace's folder.
fn cargo() -> Command {
    let program = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut cargo = Command::new(program);
    cargo.current_dir(workspace());
    cargo
}
