//! `query` as its users meet it: for a person, and for programs.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const SHOP: &str = include_str!("specs/shop.toml");

/// Runs `query` beside the shop's specification and returns its exit status, stdout and stderr.
#[track_caller]
fn query(arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("metrics.toml"), SHOP).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"))
        .current_dir(folder.path())
        .arg("query")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn a_person_reads_what_an_expression_yields() {
    let expr = "sum by (currency) (rate(shop_checkout_order_errors_total[5m]))";
    let expected = "\
yields  instant
kind    rate
unit    errors/s
labels  currency
maybe   none
never   none
reads   shop_checkout_order_errors_total
fires   maybe
";
    assert_eq!(query(&[expr], ""), (0, expected.to_owned(), String::new()));
}

#[test]
fn a_person_sees_what_is_wrong_where() {
    let expr = "shop_checkout_order_errors_total{currency=\"euro\"} > 0";
    let (status, stdout, _) = query(&[expr], "");
    let expected = r#"
error[label-value]: `currency` is never `euro`: no series passes
 --> query:1:43
  |
1 | shop_checkout_order_errors_total{currency="euro"} > 0
  |                                           ^^^^^^
  |
  = help: did you mean `eur`?
"#;
    assert_eq!((status, stdout.ends_with(expected)), (1, true), "{stdout}");

    let (status, stdout, _) = query(&["sum(up"], "");
    assert_eq!(status, 1);
    assert!(stdout.starts_with("error[query-syntax]: expected `,` or `)`"), "{stdout}");
}

#[test]
fn programs_ask_and_are_answered_line_by_line() {
    let asked = [
        json!({"expr": "shop_checkout_order_errors_total / on (tier) group_left () nobodys"}),
        json!({"expr": "1 +"}),
        json!({"expr": "absent(up{job=\"shop\"})"}),
    ];
    let stdin: String = asked.iter().map(|line| format!("{line}\n")).collect();
    let (status, stdout, _) = query(&["-", "--format", "json", "--assume-unknown"], &stdin);
    assert_eq!(status, 1);
    let answered: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answered.len(), asked.len());
    for (asked, answered) in asked.iter().zip(&answered) {
        assert_eq!(asked["expr"], answered["expr"]);
    }

    let [division, broken, absence] = &*answered else { panic!("three answers") };
    assert_eq!(
        division["labels"],
        json!({
            "always": ["currency", "instance", "job", "tier"],
            "maybe": ["cluster"],
            "never": ["customer", "le", "quantile", "shelf", "version"],
            "open": true,
        })
    );
    assert_eq!(division["metrics"], json!(["shop_checkout_order_errors_total", "nobodys"]));
    assert_eq!(
        broken["findings"],
        json!([{
            "id": "query-syntax",
            "level": "error",
            "message": "expected an expression, found the end of the expression",
            "help": null,
            "start": 3,
            "end": 3,
        }])
    );
    assert_eq!(broken["error"], broken["findings"][0]["message"]);
    assert_eq!(
        *absence,
        json!({
            "expr": "absent(up{job=\"shop\"})",
            "error": null,
            "shape": "instant",
            "labels": {"always": ["job"], "maybe": [], "never": [], "open": false},
            "kind": "boolean",
            "unit": "ratio",
            "metrics": ["up"],
            "empty": "maybe",
            "fires": "maybe",
            "findings": [],
        })
    );
}

#[test]
fn a_line_that_is_no_question_ends_the_conversation() {
    let (status, _, stderr) = query(&["-", "--format", "json"], "up\n");
    assert_eq!(status, 2);
    assert!(stderr.contains("a line of stdin is no query"), "{stderr}");
}
