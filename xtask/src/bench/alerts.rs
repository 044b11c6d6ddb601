//! What many alerts and objectives cost the generator, and their tests promtool.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::{generate, median, specification};
use crate::{report, workspace};

/// Alerts and objectives of a specification, and the most that generating everything may take.
const CASES: &[(usize, usize, Option<f64>)] =
    &[(20, 3, None), (100, 10, None), (1000, 0, None), (1000, 100, Some(1.0))];

/// The most that promtool may take for the tests of a thousand alerts.
const LIMIT: f64 = 60.0;

/// Runs this very program, and then promtool on what it made.
pub(super) fn run(rounds: usize) -> Result<(), String> {
    println!(
        "| alerts and objectives | gen, all files new | limit | of the limit | nothing to write | promtool, all tests | limit |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let folder = generate::folder()?;
    for &(alerts, objectives, limit) in CASES {
        report::step("Generating", format_args!("{alerts} alerts, {objectives} objectives"));
        let place = folder.path().join(format!("{alerts}-{objectives}"));
        let file = place.with_extension("toml");
        fs::write(&file, specification::with_alerts(alerts, objectives))
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        generate::generate(&file, &place)?;
        let time = |out: &dyn Fn(usize) -> PathBuf| {
            let times = (1..=rounds.min(5)).map(|round| generate::generate(&file, &out(round)));
            let times = times.map(|measured| Ok(measured?.0)).collect::<Result<_, String>>()?;
            Ok::<_, String>(median(times).as_secs_f64())
        };
        let again = time(&|_| place.clone())?;
        let time = time(&|round| place.with_extension(round.to_string()))?;
        let (limit, share) = limit.map_or_else(Default::default, |limit| {
            (format!("{limit} s"), format!("{:.2}", time / limit))
        });
        report::step("Testing", "what was generated, with promtool");
        let tests = tested(&place.join("prometheus/tests"))?.as_secs_f64();
        let tests_limit = if alerts == 1000 { format!("{LIMIT} s") } else { String::new() };
        let what = format!("{alerts} alerts, {objectives} objectives");
        println!(
            "| {what} | {time:.3} s | {limit} | {share} | {again:.3} s | {tests:.1} s | {tests_limit} |"
        );
    }
    Ok(())
}

/// Lets promtool run every test file of a folder, on all processors.
fn tested(folder: &Path) -> Result<Duration, String> {
    let place = workspace().join("target/tools/where/promtool");
    let promtool = fs::read_to_string(&place)
        .map_err(|_| "promtool is not here yet: `cargo xtask test` fetches it".to_owned())?;
    let promtool = promtool.lines().next().unwrap_or("promtool").to_owned();
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let left = Mutex::new(files);
    let failed = Mutex::new(Vec::new());
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(file) = next(&left) {
                    let mut test = Command::new(&promtool);
                    test.args(["test", "rules"]).arg(&file);
                    let status = test.stdout(Stdio::null()).stderr(Stdio::null()).status();
                    if !status.is_ok_and(|status| status.success())
                        && let Ok(mut failed) = failed.lock()
                    {
                        failed.push(file);
                    }
                }
            });
        }
    });
    match failed.into_inner().unwrap_or_default().first() {
        Some(file) => Err(format!("promtool refuses {}", file.display())),
        None => Ok(start.elapsed()),
    }
}

fn next(left: &Mutex<Vec<PathBuf>>) -> Option<PathBuf> {
    left.lock().ok()?.pop()
}
