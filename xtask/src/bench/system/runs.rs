//! The runs: rounds of the amplified build, pairs of the others, and their instructions.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::builds::Builds;
use crate::report;

/// How often each record is made, in turn.
pub(super) const TIMES: [u64; 3] = [1, 11, 21];

/// What was measured.
pub(super) struct Runs {
    /// Rounds of the amplified build, three a cycle.
    pub(super) amplified: Vec<Round>,
    /// With metrics and without, one of each a pair.
    pub(super) pairs: Vec<(Round, Round)>,
    /// Nanoseconds of a record of each kind, in a loop.
    pub(super) costs: [f64; 5],
    /// Instructions for a record of the stream, with metrics and without, where callgrind is
    /// installed.
    pub(super) instructions: Option<(f64, f64)>,
}

/// A round of one build.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    /// How often each record was made.
    pub(super) times: u64,
    /// Records that went all the way, a second.
    pub(super) throughput: f64,
    /// Nanoseconds of a processor for one of them.
    pub(super) cost: f64,
    /// Records of each kind that were asked for, for one of them.
    pub(super) calls: [f64; 5],
}

impl Runs {
    pub(super) fn of(builds: &Builds, is_quick: bool) -> Result<Self, String> {
        let (cycles, quadruples) = if is_quick { (6, 1) } else { (60, 10) };
        let times = TIMES.map(|times| times.to_string()).join(",");
        let cycles = cycles.to_string();
        let rounds = ["rounds", "--rounds", &cycles, "--milliseconds", "300", "--times", &times];
        let amplified = run(&builds.amplified, &rounds)?;
        let mut pairs = Vec::new();
        for _ in 0..quadruples {
            // On, off, off, on: what drifts steadily is in both alike.
            let one = |program: &Path| -> Result<Round, String> {
                let rounds = run(program, &["rounds", "--milliseconds", "2000"])?;
                rounds.first().copied().ok_or_else(|| "a run without a round".to_owned())
            };
            let first = (one(&builds.on)?, one(&builds.off)?);
            let second = one(&builds.off)?;
            pairs.extend([first, (one(&builds.on)?, second)]);
        }
        let printed = output(Command::new(&builds.on).arg("calls"))?.0;
        let costs = serde_json::from_str(&printed).map_err(|error| format!("calls: {error}"))?;
        let instructions = match (instructions(&builds.on), instructions(&builds.off)) {
            (Ok(on), Ok(off)) => Some((on, off)),
            (Err(why), _) | (_, Err(why)) => {
                report::step("Skipping", format_args!("instructions: {why}"));
                None
            }
        };
        Ok(Self { amplified, pairs, costs, instructions })
    }
}

fn run(program: &Path, arguments: &[&str]) -> Result<Vec<Round>, String> {
    let (printed, _) = output(Command::new(program).args(arguments))?;
    let rounds = printed.lines().map(|line| {
        let round: Value = serde_json::from_str(line).ok()?;
        let number = |key: &str| round[key].as_f64();
        let records = number("records").filter(|records| *records > 0.0)?;
        let mut calls = [0.0; 5];
        for (calls, counted) in calls.iter_mut().zip(round["calls"].as_array()?) {
            *calls = counted.as_f64()? / records;
        }
        Some(Round {
            times: round["times"].as_u64()?,
            throughput: records * 1e9 / number("nanoseconds")?,
            cost: number("cpu_nanoseconds")? / records,
            calls,
        })
    });
    rounds.map(|round| round.ok_or_else(|| format!("not a round: {printed}"))).collect()
}

/// Instructions for a record of the stream: the difference of two runs, so that the beginning and
/// the end are in neither.
fn instructions(program: &Path) -> Result<f64, String> {
    const FEW: u64 = 20_000;
    const MANY: u64 = 120_000;
    let count = |records: u64| -> Result<f64, String> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        valgrind.arg(program).args(["records", &records.to_string()]);
        let (_, said) = output(&mut valgrind)?;
        let collected = said.lines().find_map(|line| line.split_once("Collected : "));
        let (_, number) = collected.ok_or_else(|| format!("callgrind counts nothing: {said}"))?;
        number.trim().parse().map_err(|error| format!("{number}: {error}"))
    };
    Ok((count(MANY)? - count(FEW)?) / (MANY - FEW) as f64)
}

/// What a program prints and says.
fn output(command: &mut Command) -> Result<(String, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    if output.status.success() { Ok((printed, said)) } else { Err(format!("{name}: {said}")) }
}
