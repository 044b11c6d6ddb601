//! What recording, scraping and holding metrics costs, beside peers and limits.

use clap::Args;

use super::document;
use crate::{cargo, report, workspace};

/// How to run the benchmark in `benches/`.
#[derive(Args, Debug)]
pub(super) struct Recording {
    /// Measure for one minute instead of several: fewer and shorter rounds, which scatter more. Prints
    /// the report and leaves docs/benchmarks.md alone.
    #[arg(long)]
    quick: bool,
    /// Measure only this case, and print its report; may be given again.
    #[arg(long, value_name = "NAME")]
    case: Vec<String>,
    /// Name the cases.
    #[arg(long)]
    list: bool,
}

impl Recording {
    /// Whether it is to take a minute.
    pub(super) fn is_quick(&self) -> bool {
        self.quick
    }

    /// Builds the benchmark as a service would be built at its fastest, and runs it.
    pub(super) fn run(&self) -> Result<(), String> {
        let Self { quick, case, list } = self;
        let benches = workspace().join("benches/Cargo.toml");
        let mut run = cargo();
        run.args(["run", "--release", "--manifest-path"]).arg(benches);
        run.env("CARGO_TARGET_DIR", workspace().join("target/benches"));
        run.arg("--");
        run.args(quick.then_some("--quick")).args(list.then_some("--list"));
        for case in case {
            run.args(["--case", case]);
        }
        // Parts of a report, and quick ones, are for whoever asked for them.
        let is_full = !quick && !list && case.is_empty();
        let system = document::part(document::SYSTEM);
        if is_full {
            run.arg("--out").arg(document::path());
        }
        report::step("Building", "the benchmark, with fat LTO; then it runs");
        match run.status() {
            // It writes the whole file, of which this part is not its own.
            Ok(status) if status.success() => match system.filter(|_| is_full) {
                Some(system) => document::put(document::SYSTEM, &system),
                None => Ok(()),
            },
            Ok(_) => Err("the benchmark did not end well".to_owned()),
            Err(error) => Err(format!("cargo cannot be started: {error}")),
        }
    }
}
