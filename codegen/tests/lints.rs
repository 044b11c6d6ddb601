//! Every lint about expressions has a page, as some others have, and what the page calls wrong is found by it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use streamhouse_metrics_spec::rule;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Runs the tool and returns the ids in the JSON objects that it prints.
#[track_caller]
fn found(arguments: &[&str], key: Option<&str>) -> Vec<String> {
    let command = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"))
        .args(arguments)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(command.stdout).unwrap();
    let objects = stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let findings = objects.flat_map(|object| match key {
        Some(key) => object[key].as_array().unwrap().clone(),
        None => vec![object],
    });
    findings.map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
}

/// What is found in an expression, in an item at the end of StreamHouse's specification, or in a
/// whole specification.
fn check(language: &str, block: &str) -> Vec<String> {
    let specification = root().join("metrics.toml");
    if language == "promql" {
        let path = specification.to_str().unwrap();
        return found(&["query", block, "--spec", path], Some("findings"));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.toml");
    let text = fs::read_to_string(specification).unwrap();
    // What is generated beside it is not here.
    let (before, after) = text.split_once("[generate]").unwrap();
    let after = after.split_once("[labels]").unwrap().1;
    let generate = "[generate]\npublished = \"https://streamhouse.example\"";
    let text = match block.starts_with("namespace") {
        true => block.to_owned(),
        false => format!("{before}{generate}\n[labels]{after}\n{block}"),
    };
    fs::write(&path, text).unwrap();
    found(&["check", "--spec", path.to_str().unwrap()], None)
}

/// The blocks of code of a page, with their language.
fn blocks(page: &str) -> Vec<(String, String)> {
    let fenced = page.split("```").skip(1).step_by(2);
    let blocks = fenced.map(|block| block.split_once('\n').unwrap());
    blocks.map(|(language, block)| (language.to_owned(), block.trim().to_owned())).collect()
}

#[test]
fn what_a_page_calls_wrong_is_found_and_what_is_right_is_not() {
    for rule in explained() {
        let path = root().join(format!("docs/lints/{}.md", rule.id));
        let page = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {}", path.display()));
        let [(language, wrong), (_, right)] = &*blocks(&page) else {
            panic!("{} has something wrong and something right", path.display())
        };
        assert_eq!(check(language, wrong), [rule.id], "{wrong}");
        assert_eq!(check(language, right), [""; 0], "{right}");
    }
}

/// Every rule that has a page.
fn explained() -> impl Iterator<Item = &'static rule::Rule> {
    rule::QUERIES.iter().copied().chain([&rule::SHORT_RETENTION, &rule::UNREAD_METRIC])
}

#[test]
fn every_page_is_of_a_lint() {
    for entry in fs::read_dir(root().join("docs/lints")).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap();
        let is_known = id == "README" || explained().any(|rule| rule.id == id);
        assert!(is_known, "{id} is no lint");
    }
}

#[test]
fn the_list_of_pages_is_whole_and_true() {
    let list = fs::read_to_string(root().join("docs/lints/README.md")).unwrap();
    for rule in explained() {
        let (id, level) = (rule.id, format!("{:?}", rule.level).to_lowercase());
        let row = format!("| [`{id}`]({id}.md) | {level} | {} |", rule.summary);
        assert!(list.contains(&row), "{row}");
    }
}
