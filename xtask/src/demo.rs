//! `cargo xtask demo`: the quickest way to see metrics.toml at work.
//!
//! First everything is derived, as by `gen`; a wrong metrics.toml ends it here,
//! with its diagnostics. The demo is a program of its own, started through
//! cargo, since its recorders compile only while metrics.toml is right.

use std::process::{Command, ExitCode};

use clap::{Args, Parser};

use crate::{Arguments, cargo, report};

/// Derives everything, then runs the instrumented demo until Ctrl-C, or as long as `--for` says.
#[derive(Args, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Demo {
    /// Handed on to the demo: `--for 20s`, `--agents 3`, `--chaos`, `--help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Demo {
    /// Becomes the demo; its exit code is ours.
    pub(crate) fn run(self) -> ExitCode {
        // Whoever asks for help does not want anything written.
        let asks_for_help =
            self.arguments.iter().any(|argument| argument == "--help" || argument == "-h");
        if asks_for_help {
            return self.start();
        }
        let derived = Arguments::parse_from(["cargo xtask", "gen"]).chore.run();
        if derived != ExitCode::SUCCESS {
            return derived;
        }
        self.start()
    }

    fn start(self) -> ExitCode {
        let mut demo = cargo();
        demo.args(["run", "--package", "streamhouse-demo", "--"]).args(self.arguments);
        report::step("Starting", "the demo (the first build takes a minute)");
        become_process(&mut demo)
    }
}

/// Replaces this process, so that Ctrl-C and the exit code pass through untouched.
#[cfg(unix)]
fn become_process(command: &mut Command) -> ExitCode {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    report::error(format_args!("the demo cannot be started: {error}"));
    ExitCode::from(2)
}

/// Runs the process and hands its exit code on.
#[cfg(not(unix))]
fn become_process(command: &mut Command) -> ExitCode {
    match command.status().map(|status| status.code()) {
        Ok(Some(code)) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        Ok(None) => ExitCode::FAILURE,
        Err(error) => {
            report::error(format_args!("the demo cannot be started: {error}"));
            ExitCode::from(2)
        }
    }
}
