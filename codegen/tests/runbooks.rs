//! Hand-written parts of runbooks: found beside the specification, and never left behind.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SPECIFICATION: &str = r#"
namespace = "shop"

[checkout.depth]
type = "gauge"
unit = "items"
help = "Orders that wait"

[alerts.OrdersWait]
metric = "checkout.depth"
above = 100
for = "5m"
severity = "warning"
summary = "Orders wait"
"#;

fn workspace(specification: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("metrics.toml"), specification).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn generate(folder: &Path) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"));
    let Output { status, stderr, .. } = command.current_dir(folder).arg("gen").output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("generated/docs/runbooks/OrdersWait.md")).unwrap()
}

#[test]
fn a_runbook_of_an_alerts_name_is_a_part_of_its_page() {
    let text = "# Orders wait\n\nLook.\n\n## First\n\n```sh\n# no heading\n```\n";
    let files = [("runbooks/OrdersWait.md", text), ("runbooks/README.md", "# Ours\n")];
    let folder = workspace(SPECIFICATION, &files);
    assert_eq!(generate(folder.path()).0, 0);
    let expected = "## What to do\n\nLook.\n\n### First\n\n```sh\n# no heading\n```\n";
    assert!(page(folder.path()).ends_with(expected), "{}", page(folder.path()));
}

#[test]
fn a_runbook_can_have_any_place() {
    let named = format!("{SPECIFICATION}runbook = \"./help/orders.md\"\n");
    let folder = workspace(&named, &[("help/orders.md", "Look.\n")]);
    assert_eq!(generate(folder.path()).0, 0);
    assert!(page(folder.path()).ends_with("## What to do\n\nLook.\n"));
}

#[test]
fn an_address_is_linked() {
    let named = format!("{SPECIFICATION}runbook = \"https://runbooks.example/orders\"\n");
    let folder = workspace(&named, &[]);
    assert_eq!(generate(folder.path()).0, 0);
    let link = "## What to do\n\n[As written here](<https://runbooks.example/orders>).\n";
    assert!(page(folder.path()).ends_with(link), "{}", page(folder.path()));
}

#[test]
fn a_runbook_that_is_not_there() {
    let named = format!("{SPECIFICATION}runbook = \"help/orders.md\"\n");
    let folder = workspace(&named, &[]);
    let (status, said) = generate(folder.path());
    assert_eq!(status, 1);
    assert!(said.contains("error[runbook]: there is no file `help/orders.md`"), "{said}");
    assert!(said.contains("metrics.toml:15:12"), "{said}");
    assert!(!folder.path().join("generated").exists());
}

#[test]
fn a_runbook_whose_alert_is_gone() {
    let folder = workspace(SPECIFICATION, &[("runbooks/OrdersPileUp.md", "Look.\n")]);
    let (status, said) = generate(folder.path());
    assert_eq!(status, 1);
    assert!(said.contains("`runbooks/OrdersPileUp.md` is the runbook of no alert"), "{said}");
    assert!(!folder.path().join("generated").exists());
}
