//! The command line: a thin shell over loading, emitting and writing.
//!
//! Data goes to stdout, everything said to people goes to stderr. The exit status is 0 when all is
//! fine, 1 when there is something to mend (a mistake in the specification, stale outputs), and 2
//! when the command line is wrong or the disk is in the way.

mod check;
mod generate;
mod lint_dashboard;
mod load;
mod progress;
mod query;
mod report;
mod terminal;

use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

pub use check::Check;
pub use generate::{Generate, GenerateAll, GenerateDashboards};
pub use lint_dashboard::LintDashboard;
pub use query::Query;
use terminal::Outcome;

use crate::schema;

/// The name under which cargo finds the binary, and the first argument that it then passes.
const SUBCOMMAND: &str = "streamhouse-metrics";

const EXAMPLES: &str = "\
Examples:
  gen                          Remake everything under generated/
  gen --check                  Fail with a diff when anything is stale, as CI does
  gen --only alerts docs       Remake only the rules and the reference
  gen --spec a/metrics.toml    Name the specification instead of looking for it
  check --format github        Show findings as annotations on a pull request

Exit status: 0 fine, 1 an error in the specification or a stale output, 2 wrong usage or a file
that cannot be read or written. Warnings alone are fine, unless `[lints]` in the specification
raises them or `check --deny-warnings` forbids them.";

/// Derives docs, Prometheus rules and Grafana dashboards from metrics.toml.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// What the tool can do; a workspace's own xtask may flatten it among its chores.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Remake every output of metrics.toml
    #[command(after_help = EXAMPLES)]
    Gen(GenerateAll),
    /// Remake the reference docs and the marked parts of hand-written Markdown
    GenDocs(Generate),
    /// Remake the Prometheus alerting rules
    GenAlerts(Generate),
    /// Remake the Grafana dashboards
    GenDashboards(GenerateDashboards),
    /// Check metrics.toml and write nothing
    Check(Check),
    /// Say what a PromQL expression yields, and what is wrong with it
    Query(Query),
    /// Hold dashboards that people wrote against the rules that generated ones keep
    LintDashboard(LintDashboard),
    /// Print the JSON Schema of metrics.toml
    Schema,
    /// Print shell completions
    Completions {
        /// The shell
        shell: Shell,
    },
}

impl Command {
    /// Does it, and says how it went.
    pub fn run(self) -> ExitCode {
        let outcome = match self {
            Self::Gen(arguments) => arguments.run(),
            Self::GenDocs(arguments) => arguments.run(&["docs", "markdown"]),
            Self::GenAlerts(arguments) => arguments.run(&["alerts"]),
            Self::GenDashboards(arguments) => arguments.run(&["dashboards"]),
            Self::Check(arguments) => arguments.run(),
            Self::Query(arguments) => arguments.run(),
            Self::LintDashboard(arguments) => arguments.run(),
            Self::Schema => terminal::print(&schema::text()).map(|()| Outcome::Fine),
            Self::Completions { shell } => {
                terminal::print(&completions(shell)).map(|()| Outcome::Fine)
            }
        };
        outcome.unwrap_or_else(|failure| terminal::fail(&failure)).into()
    }
}

/// Parses this process's arguments and runs what they say.
pub fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    let mut parser = CommandLine::command();
    // Cargo runs `cargo-streamhouse-metrics streamhouse-metrics gen`.
    if arguments.get(1).is_some_and(|first| first == SUBCOMMAND) {
        arguments.remove(1);
        parser = parser.bin_name(format!("cargo {SUBCOMMAND}"));
    } else if arguments.first().is_some_and(|program| Path::new(program).ends_with("xtask")) {
        parser = parser.bin_name("cargo xtask");
    }
    let matches = parser.try_get_matches_from_mut(arguments);
    match matches.and_then(|matches| CommandLine::from_arg_matches(&matches)) {
        Ok(CommandLine { command }) => command.run(),
        Err(error) => {
            // A reader that has gone is no mistake, and help is an answer.
            _ = error.print();
            if error.use_stderr() { Outcome::Failed.into() } else { Outcome::Fine.into() }
        }
    }
}

/// The completions of a shell for the installable binary.
fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    let name = format!("cargo-{SUBCOMMAND}");
    clap_complete::generate(shell, &mut CommandLine::command(), name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
