//! `cargo xtask test`: every test of the project, judged by outsiders too.
//!
//! Plain `cargo test --workspace` does the work. This chore first makes sure
//! that the outside judges (see [`crate::tools`]) are there, since a test whose
//! judge is missing fails rather than skips. Then it runs what needs a build of
//! its own: timers with the feature `tsc`, and the models of the runtime's
//! lock-free code, whose atomics are others (see docs/concurrency.md).

use std::io;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::Args;

use crate::{cargo, report, tools};

/// Fetches what the tests need into target/tools, then runs them all.
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Handed to `cargo test` in place of `--workspace`: `-- --package xtask`.
    #[arg(last = true, value_name = "CARGO TEST ARGUMENT")]
    arguments: Vec<String>,
}

impl Test {
    /// Exits 0 when all tests passed, 1 when one failed, 2 when a judge is missing.
    pub(crate) fn run(self) -> ExitCode {
        let start = Instant::now();
        let missing = tools::fetch();
        if !missing.is_empty() {
            for missing in &missing {
                report::error(missing);
            }
            report::error("no test was run: the tests need what is missing above");
            return ExitCode::from(2);
        }

        report::step("Testing", "with `cargo test`");
        let mut passed = passes(&mut self.tests());
        if self.arguments.is_empty() {
            report::step("Testing", "timers by the time-stamp counter");
            passed = passed.and_then(|passed| Ok(passes(&mut time_stamps())? && passed));
            report::step("Modelling", "what threads can do to each other, with loom");
            passed = passed.and_then(|passed| Ok(passes(&mut models())? && passed));
        }
        let passed = match passed {
            Ok(passed) => passed,
            Err(error) => {
                report::error(format_args!("cargo cannot be started: {error}"));
                return ExitCode::from(2);
            }
        };

        let seconds = start.elapsed().as_secs();
        if passed {
            report::step("Passed", format_args!("all tests, in {seconds} s"));
            ExitCode::SUCCESS
        } else {
            report::error(format_args!("tests failed, after {seconds} s"));
            ExitCode::FAILURE
        }
    }

    fn tests(&self) -> Command {
        let mut cargo = cargo();
        // One failure must not hide what else there is to mend.
        cargo.args(["test", "--no-fail-fast"]);
        if self.arguments.is_empty() {
            cargo.arg("--workspace");
        } else {
            cargo.args(&self.arguments);
        }
        cargo
    }
}

/// The workspace's tests use the system's clock.
fn time_stamps() -> Command {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "streamhouse-metrics", "--features", "metrics,tsc"]);
    cargo.args(["--test", "recording", "timer"]);
    cargo
}

/// The models are built with flags of their own, which would rebuild everything else if they had no
/// folder of their own.
fn models() -> Command {
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut cargo = cargo();
    cargo.env("RUSTFLAGS", format!("{flags} --cfg loom"));
    cargo.args(["test", "--release", "--target-dir", "target/loom"]);
    cargo.args(["--package", "streamhouse-metrics", "--features", "metrics", "--lib", "models::"]);
    cargo
}

fn passes(cargo: &mut Command) -> io::Result<bool> {
    Ok(cargo.status()?.success())
}
