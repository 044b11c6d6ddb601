//! The command line.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::case::{self, Bench, CASES};
use crate::measure::Plan;
use crate::report::Report;
use crate::thread::Threads;

/// Measures what recording, scraping and holding metrics costs, beside peers and limits.
#[derive(Debug, Parser)]
#[command(name = "streamhouse-metrics-benches")]
pub(crate) struct Arguments {
    /// Measure for one minute instead of several: fewer and shorter rounds, which scatter more.
    #[arg(long)]
    quick: bool,
    /// Measure only this case; may be given again.
    #[arg(long, value_name = "NAME")]
    case: Vec<String>,
    /// Name the cases and end.
    #[arg(long)]
    list: bool,
    /// Write the report to this file instead of stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the live bytes of a store with so many counters a label set: what the memory case
    /// asks a process of its own.
    #[arg(long, hide = true, num_args = 2, value_names = ["STORE", "COUNTERS"])]
    live_bytes: Option<Vec<String>>,
}

impl Arguments {
    /// Measures and reports; exits 2 when it is asked for something that does not exist.
    pub(crate) fn run(self) -> ExitCode {
        if self.list {
            CASES.iter().for_each(|case| println!("{}", case.name));
            return ExitCode::SUCCESS;
        }
        let done = match &self.live_bytes {
            Some(question) => case::memory::answer(question),
            None => self.measure(),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::from(2)
            }
        }
    }

    fn measure(&self) -> Result<(), String> {
        let known = |name: &String| CASES.iter().any(|case| case.name == name);
        if let Some(name) = self.case.iter().find(|name| !known(name)) {
            return Err(format!("there is no case `{name}`; `--list` names them"));
        }
        let plan = match self.quick {
            true => Plan { rounds: 9, slice: Duration::from_millis(4) },
            false => Plan { rounds: 31, slice: Duration::from_millis(10) },
        };
        let bench = Bench { threads: Threads::new(), plan, quick: self.quick };
        let mut report = Report::new(plan, bench.threads.cores());
        for case in CASES {
            if self.case.is_empty() || self.case.iter().any(|name| name == case.name) {
                eprintln!("measuring {}", case.name);
                report.add((case.run)(&bench));
            }
        }
        match &self.out {
            None => print!("{report}"),
            Some(path) => fs::write(path, report.to_string())
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        }
        Ok(())
    }
}
