//! Where the live values are shown: a table that is redrawn, lines that are appended, or nothing but
//! a summary at the end.

use std::fmt::Arguments;
use std::io::{self, IsTerminal, Stdout, Write};
use std::time::Duration;

use crate::arguments::Format;
use crate::plot::Plot;
use crate::report::Report;

/// Standard output, which may be a terminal.
#[derive(Debug)]
pub(crate) struct Screen {
    out: Stdout,
    is_terminal: bool,
    format: Format,
    /// What was shown before, as plots.
    plots: [Plot; 2],
    /// How many lines the table on the screen has.
    drawn: usize,
}

impl Screen {
    pub(crate) fn stdout(format: Format) -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        Self { out, is_terminal, format, plots: Default::default(), drawn: 0 }
    }

    /// A line that stays, for people.
    pub(crate) fn line(&mut self, line: Arguments<'_>) -> io::Result<()> {
        self.drawn = 0;
        if self.format == Format::Json {
            return Ok(());
        }
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    /// Lines that stay.
    pub(crate) fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(format_args!("{line}")))
    }

    /// What happened in all, for programs.
    pub(crate) fn summary(&mut self, report: &Report, time: Duration) -> io::Result<()> {
        if self.format == Format::Json {
            writeln!(self.out, "{}", report.json(time))?;
        }
        self.out.flush()
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
        let mut table = report.table();
        for (plot, (title, value)) in self.plots.iter_mut().zip(report.plotted()) {
            plot.push(value);
            table.push(format!("{title:<10} {}", plot.draw()));
        }
        self.lines(&table)?;
        self.drawn = table.len();
        Ok(())
    }
}
