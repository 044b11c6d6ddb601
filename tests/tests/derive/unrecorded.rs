//! A metric that is declared and never recorded is a compiler warning that names it.
//!
//! See `fixtures/unrecorded`: each of its targets declares the same eight metrics.

use std::sync::LazyLock;

use crate::cargo::{Messages, fixtures, messages};

const ALL: [&str; 8] = ["ants", "bees", "cats", "dogs", "eels", "fish", "gnus", "hens"];

static ANSWERS: LazyLock<[Messages; 2]> = LazyLock::new(|| {
    ["", "--features metrics"]
        .map(|features| messages(&fixtures(), &format!("check -p unrecorded {features}")))
});

/// The metrics that rustc names, with the feature off and on, and the level it names them at.
#[track_caller]
fn check(target: &str, level: &str, metrics: &[&str]) {
    for answer in &*ANSWERS {
        let mut named = Vec::new();
        for diagnostic in answer.of(target) {
            assert_eq!((diagnostic.level, diagnostic.code), (level, "dead_code"));
            // Always the field's type, which is what the derive reads the metrics for.
            if diagnostic.place == "ZooRecorder" {
                let words: Vec<_> = diagnostic.message.split('`').collect();
                let ["associated function ", metric, " is never used"] = words[..] else {
                    panic!("{}", diagnostic.rendered)
                };
                named.push(metric);
            } else {
                named.push(diagnostic.message);
            }
        }
        assert_eq!(named, metrics);
    }
}

#[test]
fn each_of_eight_is_named() {
    check("nothing", "warning", &ALL);
}

#[test]
fn each_of_eight_is_named_in_a_library() {
    check("unrecorded", "warning", &ALL);
}

#[test]
fn recorded_directly() {
    check("direct", "warning", &[]);
}

#[test]
fn recorded_through_resolved_labels() {
    check("bound", "warning", &[]);
}

#[test]
fn the_other_half_is_named() {
    check("half", "warning", &ALL[4..]);
}

/// Where anybody may record, nobody can tell who does not.
#[test]
fn a_public_field() {
    let messages = messages(&fixtures(), "check -p recording");
    assert!(messages.succeeded && messages.of("recording").is_empty());
}

#[test]
fn allowed_on_the_struct() {
    check("silenced", "warning", &[]);
}

#[test]
fn recorded_where_nobody_comes() {
    let forgotten = "function `forgotten` is never used";
    check("unreachable", "warning", &[&ALL[..], &[forgotten]].concat());
}

#[test]
fn a_recorder_that_is_never_made() {
    check("constructed_nowhere", "warning", &ALL);
}

#[test]
fn denied_on_the_struct() {
    check("denied", "error", &ALL);
}

#[test]
fn allowed_in_the_specification() {
    let others: Vec<_> = ALL.into_iter().filter(|metric| *metric != "dogs").collect();
    check("allowed", "warning", &others);
}
