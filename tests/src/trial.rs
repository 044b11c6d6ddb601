//! Alerts on trial: their tests pass, and refuse whatever is wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use streamhouse_metrics_codegen::Trial;

use crate::{finish, scratch_folder, tool};

/// The mutants that no test refuses, as the names of their alerts and what is wrong with them; a test
/// that does not pass with the alert as it is is a panic.
///
/// promtool takes longer to start than to run a test, so that it is started once an alert.
pub fn survivors(trials: &[&Trial]) -> BTreeSet<(String, String)> {
    let (next, survivors) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(trial) = trials.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let survived = survivors_of(trial);
                    survivors.lock().expect("no thread panics").extend(survived);
                }
            });
        }
    });
    survivors.into_inner().expect("no thread panics")
}

fn survivors_of(trial: &Trial) -> Vec<(String, String)> {
    let Trial { alert, rules, tests, mutants } = trial;
    let files: Vec<&str> = mutants.iter().map(|(_, rules)| &**rules).chain([&**rules]).collect();
    let (mut accepts, output) = accepts(tests, &files);
    assert_eq!(accepts.pop(), Some(true), "{alert}:\n{output}\n{tests}");
    // A mutant that is no rule at all would say nothing about the tests.
    assert!(!output.contains("could not parse"), "{alert}:\n{output}");
    let pairs = mutants.iter().zip(accepts);
    let survived = pairs.filter(|(_, is_accepted)| *is_accepted);
    survived.map(|((mistake, _), _)| (alert.clone(), mistake.clone())).collect()
}

/// Whether tests pass with each of some rule files, and all that promtool says.
fn accepts(tests: &str, rule_files: &[&str]) -> (Vec<bool>, String) {
    let folder = scratch_folder();
    let paths = rule_files.iter().enumerate().map(|(number, rules)| {
        let folder = folder.path().join(number.to_string());
        for (name, text) in [("rules", *rules), ("tests", tests)] {
            fs::create_dir_all(folder.join(name)).expect("a scratch folder can be made");
            fs::write(folder.join(name).join("alert.yml"), text).expect("writable");
        }
        folder.join("tests/alert.yml")
    });
    let paths: Vec<PathBuf> = paths.collect();
    let mut promtool = tool("promtool");
    promtool.args(["test", "rules"]).args(&paths);
    let finished = finish(promtool, b"", Duration::from_secs(300));
    // What passes is said where files are named, what fails is said elsewhere.
    let said: Vec<&str> = finished.stdout.split("Unit Testing:").skip(1).collect();
    assert_eq!(said.len(), paths.len(), "promtool broke:\n{}{}", finished.stdout, finished.stderr);
    let accepts = said.iter().map(|said| said.contains("SUCCESS")).collect();
    (accepts, finished.stdout + &finished.stderr)
}
