//! The gate: a feature of the crate that derives, declared and handed on to the runtime.

use crate::cargo::{fixtures, messages};

/// Without the feature in `Cargo.toml`, recording can never be turned on; rustc says so, once.
#[test]
fn undeclared() {
    let messages = messages(&fixtures(), "check -p undeclared_feature");
    let diagnostics = messages.of("undeclared_feature");
    let [warning] = &diagnostics[..] else { panic!("one warning: {diagnostics:#?}") };
    assert_eq!((warning.level, warning.code), ("warning", "unexpected_cfgs"));
    assert_eq!(warning.message, "unexpected `cfg` condition value: `metrics`");
    assert_eq!(warning.place, "StreamhouseMetrics");
    assert!(messages.succeeded);
}

/// A feature that stops at the crate's own `Cargo.toml` turns nothing on.
#[test]
fn unforwarded() {
    let arguments = "check -p unforwarded_feature --features metrics";
    let messages = messages(&fixtures(), arguments);
    let diagnostics = messages.of("unforwarded_feature");
    let [error] = &diagnostics[..] else { panic!("one error: {diagnostics:#?}") };
    assert_eq!(
        error.message,
        "feature `metrics` of this crate is on, but it is not forwarded: \
         write `metrics = [\"streamhouse-metrics/metrics\"]` under `[features]`"
    );
    assert!(!messages.succeeded);
}

/// As long as it is off, it does no harm.
#[test]
fn unforwarded_and_off() {
    let messages = messages(&fixtures(), "check -p unforwarded_feature");
    assert!(messages.succeeded && messages.of("unforwarded_feature").is_empty());
}
