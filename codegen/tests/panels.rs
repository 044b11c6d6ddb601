//! Every query of a generated dashboard is right, and its legend and unit are those of its result.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, thread};

use serde_json::{Value, json};
use streamhouse_metrics_codegen::emit::artifacts;

/// Units of results, with how Grafana names them; it has no names for most things that are counted.
const UNITS: &[(&str, &str)] = &[
    ("records/s", "recps"),
    ("requests/s", "reqps"),
    ("bytes/s", "binBps"),
    ("operations/s", "ops"),
    ("events/s", "eps"),
    ("seconds", "s"),
    ("bytes", "bytes"),
    ("percent", "percent"),
    ("ratio", "percentunit"),
    ("errors/items", "percentunit"),
];

/// A query of a panel.
struct Target {
    place: String,
    kind: String,
    expr: String,
    legend: String,
    unit: String,
}

/// Every query of every dashboard of a specification, and the labels that its series all have with
/// the same values.
fn targets(specification: &str) -> (Vec<Target>, Vec<String>) {
    let text = fs::read_to_string(specification).unwrap();
    let checked = streamhouse_metrics_spec::check_text(&text).unwrap();
    let constant = checked.catalog.metrics().flat_map(|(_, metric)| &metric.const_labels);
    let constant = constant.map(|(name, _)| name.clone()).collect();
    let mut targets = Vec::new();
    for (_, artifact) in
        artifacts(&checked.catalog, &Default::default(), |name| name == "dashboards")
    {
        let dashboard: Value = serde_json::from_str(&artifact.text).unwrap();
        let panels = dashboard["panels"].as_array().unwrap().iter();
        // A collapsed row holds its panels.
        let panels = panels.flat_map(|panel| {
            std::iter::once(panel).chain(panel["panels"].as_array().into_iter().flatten())
        });
        for panel in panels {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            for target in panel["targets"].as_array().into_iter().flatten() {
                targets.push(Target {
                    place: format!("{}: {}", artifact.path, text(&panel["title"])),
                    kind: text(&panel["type"]),
                    expr: text(&target["expr"]),
                    legend: text(&target["legendFormat"]),
                    unit: text(&panel["fieldConfig"]["defaults"]["unit"]),
                });
            }
        }
    }
    (targets, constant)
}

/// What the tool says about each of them.
fn answers(specification: &str, targets: &[Target]) -> Vec<Value> {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"))
        .args(["query", "-", "--format", "json", "--spec", specification])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<_> =
        targets.iter().map(|target| json!({ "expr": target.expr }).to_string()).collect();
    let mut stdin = tool.stdin.take().unwrap();
    let writer = thread::spawn(move || stdin.write_all(lines.join("\n").as_bytes()));
    let output = tool.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn check(specification: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(specification);
    let specification = path.to_str().unwrap();
    let (targets, constant) = targets(specification);
    let answers = answers(specification, &targets);
    assert_eq!(targets.len(), answers.len());
    assert!(!targets.is_empty());
    for (target, answer) in targets.iter().zip(&answers) {
        let Target { place, kind, expr, legend, unit } = target;
        let context = format!("{place}\n{expr}\n{answer}");
        assert_eq!(answer["findings"], json!([]), "{context}");
        assert_eq!(answer["shape"], "instant", "{context}");
        if kind != "timeseries" {
            continue;
        }
        // Of a target that is told by its instance, the job is known.
        let always = answer["labels"]["always"].as_array().unwrap();
        let is_known = |label: &Value| label == "job" && always.contains(&json!("instance"));
        // What is the same for all series tells none apart.
        let is_same = |label: &Value| {
            let name = label.as_str().unwrap();
            constant.iter().any(|known| known == name) || expr.contains(&format!("{name}=\""))
        };
        for label in always.iter().filter(|label| !is_known(label) && !is_same(label)) {
            let named = format!("{{{{{}}}}}", label.as_str().unwrap());
            assert!(legend.contains(&named), "{legend} has no {named}: {context}");
        }
        // How many there are of something is no share.
        let is_number = ["number", "boolean"].iter().any(|kind| answer["kind"] == *kind);
        if let Some(known) = answer["unit"].as_str().filter(|_| !is_number) {
            let named = UNITS.iter().find(|(name, _)| *name == known);
            let counted = if known.ends_with("/s") { "cps" } else { "short" };
            let expected = named.map_or(counted, |(_, unit)| unit);
            assert_eq!(unit, expected, "{context}");
        }
    }
}

#[test]
fn panels_of_streamhouse() {
    check("../metrics.toml");
}

#[test]
fn panels_of_a_shop() {
    check("tests/specs/shop.toml");
}

#[test]
fn panels_of_hostile_texts() {
    check("tests/specs/hostile.toml");
}
