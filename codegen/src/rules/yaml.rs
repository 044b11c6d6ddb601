//! Groups of rules as YAML.

use super::{Action, Group, Rule};
use crate::text::yaml::{block, quoted};

/// The list under `groups:`, indented by so much.
pub(crate) fn groups(groups: &[Group], indent: usize) -> String {
    let mut lines = Vec::new();
    for Group { name, interval, rules } in groups {
        lines.push(format!("- name: {}", quoted(name)));
        lines.extend(interval.iter().map(|time| format!("  interval: {}", quoted(time))));
        lines.push("  rules:".to_owned());
        lines.extend(rules.iter().flat_map(|of| rule(of, indent + 8)));
    }
    let margin = " ".repeat(indent);
    lines.into_iter().map(|line| format!("{margin}{line}\n")).collect()
}

/// A rule as an item of its group's list; the lines of a block are indented already.
fn rule(rule: &Rule, indent: usize) -> Vec<String> {
    let Rule { action, expr, labels } = rule;
    let expr = format!("      expr: {}", block(expr, indent));
    let mut lines = Vec::new();
    match action {
        Action::Record { name } => {
            lines.extend([format!("    - record: {}", quoted(name)), expr]);
            lines.extend(map("labels", labels));
        }
        Action::Alert { name, wait, keep_firing_for, annotations } => {
            lines.extend([format!("    - alert: {}", quoted(name)), expr]);
            let times = [("for", wait), ("keep_firing_for", keep_firing_for)];
            let times = times.into_iter().filter_map(|(key, time)| Some((key, time.as_ref()?)));
            lines.extend(times.map(|(key, time)| format!("      {key}: {}", quoted(time))));
            lines.extend(map("labels", labels));
            lines.extend(map("annotations", annotations));
        }
    }
    lines
}

/// A map of a rule, if it has any entries.
fn map(key: &str, entries: &[(String, String)]) -> Vec<String> {
    let head = (!entries.is_empty()).then(|| format!("      {key}:"));
    let entries = entries.iter().map(|(key, value)| format!("        {key}: {}", quoted(value)));
    head.into_iter().chain(entries).collect()
}
