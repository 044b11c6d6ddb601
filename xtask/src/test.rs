//! `cargo xtask test`: every test of the project, judged by outsiders too.
//!
//! Plain `cargo test --workspace` does the work. This chore first makes sure
//! that the outside judges (see [`crate::tools`]) are there, since a test whose
//! judge is missing fails rather than skips.

use std::process::ExitCode;
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

        let mut cargo_test = cargo();
        // One failure must not hide what else there is to mend.
        cargo_test.args(["test", "--no-fail-fast"]);
        if self.arguments.is_empty() {
            cargo_test.arg("--workspace");
        } else {
            cargo_test.args(&self.arguments);
        }
        report::step("Testing", "with `cargo test`");
        let passed = match cargo_test.status() {
            Ok(status) => status.success(),
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
}
