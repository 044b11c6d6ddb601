//! Where the live values are shown: a table that is redrawn, lines that are appended, or nothing but
//! a summary at the end.

use std::fmt::Arguments;
use std::io::{self, IsTerminal, Stdout, Write};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};

use crate::alerts::{Alert, Alerts};
use crate::arguments::Format;
use crate::plot::Plot;
use crate::report::Report;

/// How many alerts are shown at once.
const ALERTS: usize = 6;

/// Standard output, which may be a terminal.
#[derive(Debug)]
pub(crate) struct Screen {
    out: Stdout,
    is_terminal: bool,
    is_coloured: bool,
    format: Format,
    /// What was shown before, as plots.
    plots: [Plot; 3],
    /// The table on the screen.
    table: Vec<String>,
}

impl Screen {
    pub(crate) fn stdout(format: Format) -> Self {
        let out = io::stdout();
        Self {
            is_terminal: out.is_terminal() && format == Format::Human,
            // It knows what `NO_COLOR` and its likes say.
            is_coloured: AutoStream::choice(&out) != ColorChoice::Never,
            out,
            format,
            plots: Default::default(),
            table: Vec::new(),
        }
    }

    /// A line that stays, for people; a table stays below it.
    pub(crate) fn line(&mut self, line: Arguments<'_>) -> io::Result<()> {
        if self.format == Format::Json {
            return Ok(());
        }
        self.erase()?;
        writeln!(self.out, "{line}")?;
        self.draw()
    }

    /// Lines that stay.
    pub(crate) fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(format_args!("{line}")))
    }

    /// What happened in all, for programs.
    pub(crate) fn summary(
        &mut self,
        report: &Report,
        alerts: &Alerts,
        time: Duration,
    ) -> io::Result<()> {
        if self.format == Format::Json {
            writeln!(self.out, "{}", report.json(time, alerts.fired()))?;
        }
        self.out.flush()
    }

    /// The live values, in place of the former ones where that is possible.
    pub(crate) fn show(&mut self, report: &Report, alerts: &Alerts) -> io::Result<()> {
        if !self.is_terminal {
            return self.line(format_args!("{}", report.line()));
        }
        let mut table = report.table();
        for (plot, (title, value)) in self.plots.iter_mut().zip(report.plotted()) {
            plot.push(value);
            table.push(format!("{title:<10} {}", plot.draw()));
        }
        let shown = alerts.now().iter().take(ALERTS);
        table.extend(shown.map(|alert| alert_line(alert, self.is_coloured)));
        if alerts.now().len() > ALERTS {
            table.push(format!("and {} more", alerts.now().len() - ALERTS));
        }
        self.erase()?;
        self.table = table;
        self.draw()
    }

    /// Leaves the table where it is, since all is over.
    pub(crate) fn leave(&mut self) {
        self.table.clear();
    }

    /// Takes the table from the screen.
    fn erase(&mut self) -> io::Result<()> {
        match self.table.len() {
            0 => Ok(()),
            // Up to its first line, and nothing left below it.
            drawn => write!(self.out, "\x1b[{drawn}F\x1b[J"),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        if !self.table.is_empty() {
            // A line that is too long is cut: two lines would not be erased as one.
            write!(self.out, "\x1b[?7l{}\n\x1b[?7h", self.table.join("\n"))?;
        }
        self.out.flush()
    }
}

/// Red where it fires, and yellow before.
fn alert_line(alert: &Alert, is_coloured: bool) -> String {
    let (state, colour) = if alert.is_firing { ("FIRING ", 31) } else { ("pending", 33) };
    let words = alert.words();
    match is_coloured {
        true => format!("\x1b[{colour}m{state}\x1b[0m {words}"),
        false => format!("{state} {words}"),
    }
}
