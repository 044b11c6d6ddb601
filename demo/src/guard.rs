//! A program that must not outlive us, however we end: a process in between ends it when its own
//! standard input ends.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};

/// The command line of the program.
#[derive(Debug, clap::Args)]
pub(crate) struct GuardArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command_line: Vec<OsString>,
}

/// Runs the program until standard input ends.
pub(crate) fn run(arguments: &GuardArguments) -> io::Result<()> {
    let mut words = arguments.command_line.iter();
    let mut command = Command::new(words.next().ok_or(io::ErrorKind::InvalidInput)?);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut program = command.spawn()?;
    let ended = io::copy(&mut io::stdin(), &mut io::sink());
    // It may have ended by itself, which is just as well.
    let _ = program.kill();
    program.wait()?;
    ended.map(|_| ())
}
