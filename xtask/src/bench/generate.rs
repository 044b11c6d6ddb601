//! What `gen` of everything costs, in time and memory.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{median, specification};
use crate::{report, workspace};

/// Metrics of a specification, and the most that generating everything for it may take.
const CASES: &[(usize, Option<f64>)] = &[(100, None), (1000, Some(0.5)), (10_000, Some(5.0))];

/// Runs this very program on specifications of growing size.
pub(super) fn run(rounds: usize) -> Result<(), String> {
    println!(
        "| gen, this build | time | limit | of the limit | time ratio to the size before | peak memory |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let mut before: Option<f64> = None;
    let folder = folder()?;
    for &(metrics, limit) in CASES {
        report::step("Generating", format_args!("everything for {metrics} metrics"));
        let specification = folder.path().join(format!("{metrics}.toml"));
        fs::write(&specification, specification::with(metrics))
            .map_err(|error| format!("cannot write {}: {error}", specification.display()))?;
        let out = |round: usize| folder.path().join(format!("{metrics}-{round}"));
        // The first run is not counted; slow cases get fewer rounds.
        generate(&specification, &out(0))?;
        let runs = (1..=rounds.min(if metrics > 1000 { 3 } else { rounds }))
            .map(|round| generate(&specification, &out(round)))
            .collect::<Result<Vec<_>, _>>()?;
        let memory = runs.iter().filter_map(|(_, memory)| *memory).max();
        let time = median(runs.into_iter().map(|(time, _)| time).collect()).as_secs_f64();
        let ratio = before.map_or_else(String::new, |before| format!("{:.1}", time / before));
        let (limit, share) = limit.map_or_else(Default::default, |limit| {
            (format!("{limit} s"), format!("{:.2}", time / limit))
        });
        let memory = memory.map_or_else(String::new, |kib| format!("{} MiB", kib / 1024));
        println!("| {metrics} metrics | {time:.3} s | {limit} | {share} | {ratio} | {memory} |");
        before = Some(time);
    }
    Ok(())
}

/// A folder that goes when everything is measured.
///
/// Not before, since some file systems make files slowly just after others were removed.
pub(super) fn folder() -> Result<TempDir, String> {
    let place = workspace().join("target");
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&place);
    folder.map_err(|error| format!("cannot create a folder in {}: {error}", place.display()))
}

/// Generates everything into a new folder; says how long it took and, on Linux, the peak memory in
/// KiB.
pub(super) fn generate(
    specification: &Path,
    out: &Path,
) -> Result<(Duration, Option<u64>), String> {
    let program =
        std::env::current_exe().map_err(|error| format!("this program has no path: {error}"))?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["gen", "--spec"])
        .arg(specification)
        .arg("--out")
        .arg(out)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("this program cannot be started: {error}"))?;
    let mut memory = None;
    loop {
        memory = peak_memory(child.id()).or(memory);
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok((start.elapsed(), memory)),
            Ok(Some(status)) => return Err(format!("gen ended with {status}")),
            Ok(None) => thread::sleep(Duration::from_millis(1)),
            Err(error) => return Err(format!("gen was lost: {error}")),
        }
    }
}

/// The high-water mark of a running process.
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
