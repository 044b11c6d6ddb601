//! Code that is right compiles without a word: `fixtures/correct`, under every lint worth having.

use crate::cargo::{cargo, fixtures, messages};

#[track_caller]
fn silent(features: &str) {
    let messages = messages(&fixtures(), &format!("clippy -p correct --features={features}"));
    let diagnostics = messages.of("correct");
    let rendered: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.rendered).collect();
    assert!(messages.succeeded && rendered.is_empty(), "{}", rendered.join("\n"));
}

#[test]
fn off() {
    silent("");
}

#[test]
fn on() {
    silent("metrics");
}

/// A recorder with a feature of its own is on among others that are off.
#[test]
fn on_by_a_feature_of_its_own() {
    silent("telemetry");
}

/// The fixture's specification has help texts full of markup, which are data in rustdoc too.
#[test]
fn documented() {
    let arguments = ["rustdoc", "--package=correct", "--", "--deny=warnings"];
    let finished = cargo(&fixtures(), &arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}
