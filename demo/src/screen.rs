//! Where the live values are shown: a table that is redrawn, or lines that are appended.

use std::fmt::Arguments;
use std::io::{self, IsTerminal, Stdout, Write};

use crate::report::Report;

/// Standard output, which may be a terminal.
#[derive(Debug)]
pub(crate) struct Screen {
    out: Stdout,
    is_terminal: bool,
    /// How many lines the table on the screen has.
    drawn: usize,
}

impl Screen {
    pub(crate) fn stdout() -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        Self { out, is_terminal, drawn: 0 }
    }

    /// A line that stays.
    pub(crate) fn line(&mut self, line: Arguments<'_>) -> io::Result<()> {
        self.drawn = 0;
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    /// Lines that stay.
    pub(crate) fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(format_args!("{line}")))
    }

    /// The live values, in place of the former ones where that is possible.
    pub(crate) fn show(&mut self, report: &Report) -> io::Result<()> {
        if !self.is_terminal {
            return self.line(format_args!("{}", report.line()));
        }
        if self.drawn > 0 {
            // Up to the table's first line, and nothing left below it.
            write!(self.out, "\x1b[{}F\x1b[J", self.drawn)?;
        }
        let table = report.table();
        self.lines(&table)?;
        self.drawn = table.len();
        Ok(())
    }
}
