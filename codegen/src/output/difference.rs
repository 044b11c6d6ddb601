//! A plan as a unified diff, for people and for `patch`.

use std::time::Duration;

use similar::TextDiff;

use super::Plan;

/// Longest time to look for the shortest difference of one file; then any will do.
const PATIENCE: Duration = Duration::from_millis(500);

/// The unified diff of everything that a plan changes; empty when nothing does.
pub fn difference(plan: &Plan) -> String {
    plan.texts()
        .iter()
        .map(|(path, (old, new))| file(path, old.as_deref(), new.as_deref()))
        .collect()
}

fn file(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let name = |side, text: Option<&str>| {
        text.map_or("/dev/null".to_owned(), |_| format!("{side}/{path}"))
    };
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(old.unwrap_or_default(), new.unwrap_or_default());
    diff.unified_diff().header(&name("a", old), &name("b", new)).to_string()
}
