//! `cargo xtask test`: every test of the project, judged by outsiders too.
//!
//! Plain `cargo test --workspace` does the work. This chore first makes sure
//! that the outside judges (see [`crate::tools`]) are there, since a test whose
//! judge is missing fails rather than skips. Then it runs what needs a build of
//! its own: timers with the feature `tsc`, what speaks S3, and the models of the
//! runtime's lock-free code, whose atomics are others (see docs/concurrency.md).
//!
//! What takes long stands in a test target named `long`, in whichever package: `tests/long.rs` or
//! `tests/long/main.rs`. There every test takes its sizes from
//!
//! ```ignore
//! fn full_or<T>(full: T, short: T) -> T {
//!     if env::var_os("STREAMHOUSE_LONG").is_some() { full } else { short }
//! }
//! ```
//!
//! so that what runs each time is the same code, shortened. With `--long` these targets run once
//! more, in full: optimised, as a service is, and one test after the other, so that what is demanded
//! of times can be strict.

use std::io;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::Args;

use crate::{cargo, report, tools};

/// What tells the tests of targets named `long` that they are to run in full.
const LONG: &str = "STREAMHOUSE_LONG";

/// Fetches what the tests need into target/tools, then runs them all.
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Run the long ones in full, too: a soak of ten minutes, a million series, a thousand clients.
    #[arg(long)]
    long: bool,

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
            report::step("Testing", "objects in S3");
            passed = passed.and_then(|passed| Ok(passes(&mut s3())? && passed));
            report::step("Modelling", "what threads can do to each other, with loom");
            passed = passed.and_then(|passed| Ok(passes(&mut models())? && passed));
        }
        if self.long {
            report::step("Testing", "in full what is shortened otherwise");
            passed = passed.and_then(|passed| Ok(passes(&mut self.long_tests())? && passed));
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
        cargo.args(["test", "--no-fail-fast"]).args(self.of_what());
        cargo
    }

    fn long_tests(&self) -> Command {
        let mut cargo = cargo();
        // They say what they have measured.
        cargo.envs([(LONG, "1"), ("RUST_TEST_NOCAPTURE", "1"), ("RUST_TEST_THREADS", "1")]);
        cargo.args(["test", "--no-fail-fast", "--release", "--test", "long"]).args(self.of_what());
        cargo
    }

    fn of_what(&self) -> Vec<&str> {
        if self.arguments.is_empty() {
            return vec!["--workspace"];
        }
        self.arguments.iter().map(String::as_str).collect()
    }
}

/// The workspace's tests use the system's clock.
fn time_stamps() -> Command {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "streamhouse-metrics", "--features", "metrics,tsc"]);
    cargo.args(["--test", "recording", "timer"]);
    cargo
}

/// What speaks S3 is a large part of the tree, and nobody else's.
fn s3() -> Command {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "streamhouse-core", "--features", "s3"]);
    cargo.args(["--test", "s3", "--test", "objects"]);
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
