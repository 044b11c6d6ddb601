//! YAML 1.1 (Prometheus's Go library is close to it) and YAML 1.2 must read the
//! same from every generated file; first, that they can differ.

use serde_json::json;
use streamhouse_metrics_tests::{accepted, generated_files, refused, yaml_1_1_and_1_2_agree};

#[test]
fn plain_data() {
    let text =
        "for: 5m\ntext: |\n  {{ $value }}: \"x\" # no comment\nquoted: 'no'\nlist: [1, 1.5]\n";
    let read = accepted(yaml_1_1_and_1_2_agree(text));
    let drawn = json!({
        "for": "5m",
        "text": "{{ $value }}: \"x\" # no comment\n",
        "quoted": "no",
        "list": [1, 1.5],
    });
    assert_eq!(read, drawn);
}

#[test]
fn a_bare_no() {
    refused(yaml_1_1_and_1_2_agree("answer: no\n"), "YAML 1.1 reads {'answer': False}");
}

#[test]
fn a_bare_on_as_key() {
    refused(yaml_1_1_and_1_2_agree("on: push\n"), "YAML 1.1 reads {True: 'push'}");
}

#[test]
fn a_leading_zero() {
    refused(yaml_1_1_and_1_2_agree("port: 010\n"), "YAML 1.2 reads {'port': 10}");
}

#[test]
fn a_duplicate_key() {
    refused(yaml_1_1_and_1_2_agree("for: 5m\nfor: 6m\n"), "duplicate key");
}

#[test]
fn a_date_is_not_plain_data() {
    refused(yaml_1_1_and_1_2_agree("since: 2026-01-01\n"), "not plain data");
}

#[test]
fn every_generated_file() {
    for (file, text) in generated_files(".yml") {
        if let Err(complaint) = yaml_1_1_and_1_2_agree(&text) {
            panic!("{}: {complaint}", file.display());
        }
    }
}
