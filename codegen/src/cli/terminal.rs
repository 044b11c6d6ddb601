//! Talking to whoever started the command.
//!
//! `anstream` drops colours where the other side is no terminal or `NO_COLOR` is set. A reader
//! that has gone away, as `head` does, is no mistake and must not panic.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::output::Failure;

/// How a command went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is fine.
    Fine,
    /// There is something to mend.
    Findings,
    /// Wrong usage, or the disk in the way.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Fine => Self::from(0),
            Outcome::Findings => Self::from(1),
            Outcome::Failed => Self::from(2),
        }
    }
}

/// Prints data to stdout.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::disk("write", Path::new("standard output"), error))
        }
        _ => Ok(()),
    }
}

/// Says something to people on stderr; when nobody can hear it, there is nobody to tell.
pub(super) fn say(text: &str) {
    _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Says why a command cannot go on.
pub(super) fn fail(failure: &Failure) -> Outcome {
    say(&format!("\x1b[1;31merror\x1b[0m\x1b[1m: {failure}\x1b[0m"));
    if failure.is_input { Outcome::Findings } else { Outcome::Failed }
}
