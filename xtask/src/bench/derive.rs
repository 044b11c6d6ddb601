//! What the derive adds to a crate's build.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{median, specification};
use crate::{cargo, report, workspace};

/// Metrics of a crate, and the most that deriving them may add to its build.
const CASES: &[(usize, f64)] = &[(100, 0.15), (1000, 0.8)];

const DERIVING: &str = "\
//! A crate that only derives.

/// Records everything.
#[derive(streamhouse_metrics::StreamhouseMetrics)]
#[metrics(component = \"component_0\")]
pub struct Metrics(pub Recorder);
";

/// Builds the cases in turn, and beside each a crate without the derive.
pub(super) fn run(rounds: usize) -> Result<(), String> {
    let folder = workspace().join("target/bench");
    report::step("Building", "crates with 0, 100 and 1,000 metrics");
    crate_with(&folder, 0)?;
    for &(metrics, _) in CASES {
        crate_with(&folder, metrics)?;
    }
    let mut empty = Vec::new();
    let mut added = vec![Vec::new(); CASES.len()];
    let mut ratios = vec![Vec::new(); CASES.len()];
    for _ in 0..rounds {
        let without = rebuild(&folder, 0)?;
        empty.push(without);
        for (case, &(metrics, _)) in CASES.iter().enumerate() {
            let with = rebuild(&folder, metrics)?;
            added[case].push(with.saturating_sub(without));
            ratios[case].push(with.as_secs_f64() / without.as_secs_f64());
        }
    }
    println!(
        "| derive, dev profile | added to the build | limit | of the limit | ratio to an empty crate |"
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    println!("| empty crate | {:.3} s in all | | | 1.0 |", median(empty).as_secs_f64());
    for (case, &(metrics, limit)) in CASES.iter().enumerate() {
        let added = median(added[case].clone()).as_secs_f64();
        ratios[case].sort_by(f64::total_cmp);
        let ratio = ratios[case][rounds / 2];
        println!(
            "| {metrics} metrics | {added:.3} s | {limit} s | {:.2} | {ratio:.1} |",
            added / limit
        );
    }
    println!();
    Ok(())
}

/// Lays out a crate and builds it with its dependencies.
fn crate_with(folder: &Path, metrics: usize) -> Result<(), String> {
    let place = folder.join(name(metrics));
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\ndefault = [\"metrics\"]\nmetrics = [\"streamhouse-metrics/metrics\"]\n\n\
         [dependencies]\nstreamhouse-metrics = {{ path = \"../../../runtime\" }}\n",
        name(metrics)
    );
    let source = if metrics == 0 { "//! A crate that does nothing.\n" } else { DERIVING };
    let write = |file: &str, text: &str| {
        let path = place.join(file);
        fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
    };
    fs::create_dir_all(place.join("src"))
        .map_err(|error| format!("cannot create {}: {error}", place.display()))?;
    write("Cargo.toml", &manifest)?;
    write("metrics.toml", &specification::with(metrics))?;
    write("src/lib.rs", source)?;
    build(folder, metrics).map(|_| ())
}

/// How long the crate alone takes to build.
fn rebuild(folder: &Path, metrics: usize) -> Result<Duration, String> {
    let source = folder.join(name(metrics)).join("src/lib.rs");
    let touched = fs::read(&source).and_then(|text| fs::write(&source, text));
    touched.map_err(|error| format!("cannot touch {}: {error}", source.display()))?;
    build(folder, metrics)
}

fn build(folder: &Path, metrics: usize) -> Result<Duration, String> {
    let mut build = cargo();
    build
        .args(["build", "--quiet", "--manifest-path"])
        .arg(folder.join(name(metrics)).join("Cargo.toml"));
    build.env("CARGO_TARGET_DIR", folder.join("target")).stdout(Stdio::null());
    let start = Instant::now();
    match build.status() {
        Ok(status) if status.success() => Ok(start.elapsed()),
        Ok(_) => Err(format!("a crate with {metrics} metrics does not build")),
        Err(error) => Err(format!("cargo cannot be started: {error}")),
    }
}

fn name(metrics: usize) -> String {
    format!("derive-{metrics}")
}
