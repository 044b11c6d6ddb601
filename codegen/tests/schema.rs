//! The JSON Schema accepts what the checker accepts, and refuses what an editor should mark.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use serde_json::Value;

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&streamhouse_metrics_codegen::schema::text()).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

/// A TOML text as JSON, which is how editors validate it.
fn json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

#[track_caller]
fn accepts(text: &str) {
    let errors: Vec<_> =
        validator().iter_errors(&json(text)).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

#[track_caller]
fn refuses(text: &str, place: &str) {
    let instance = json(text);
    let errors: Vec<_> = validator()
        .iter_errors(&instance)
        .map(|error| (error.instance_path().to_string(), error.to_string()))
        .collect();
    assert!(errors.iter().any(|(at, _)| at == place), "{place} is not among {errors:?}");
}

#[test]
fn real_specifications() {
    accepts(include_str!("../../metrics.toml"));
    accepts(include_str!("specs/shop.toml"));
    accepts(include_str!("specs/hostile.toml"));
}

const METRIC: &str = "namespace = 'a'\n[b.c]\ntype = 'counter'\nunit = 'items'\nhelp = 'd'\n";

#[test]
fn a_metric() {
    accepts(METRIC);
}

#[test]
fn unknown_key() {
    refuses(&format!("{METRIC}lables = []\n"), "/b/c");
}

#[test]
fn missing_key() {
    refuses(&METRIC.replace("help = 'd'", ""), "/b/c");
    refuses(&METRIC.replace("namespace = 'a'", ""), "");
}

#[test]
fn unknown_kind() {
    refuses(&METRIC.replace("counter", "summary"), "/b/c/type");
}

#[test]
fn wrong_type() {
    refuses(&format!("{METRIC}labels = 'topic'\n"), "/b/c/labels");
    refuses(
        &format!("{METRIC}buckets = {{ linear = {{ start = 1, width = 1, count = 'x' }} }}\n"),
        "/b/c/buckets",
    );
}

#[test]
fn blank_text() {
    refuses(&METRIC.replace("'d'", "' '"), "/b/c/help");
}

#[test]
fn wrong_duration() {
    let alert = |wait: &str| {
        format!(
            "{METRIC}[alerts.A]\nexpr = 'a'\nfor = '{wait}'\nseverity = 'info'\nsummary = 'a'\ndescription = 'a'\n"
        )
    };
    accepts(&alert("1h30m"));
    refuses(&alert("5 minutes"), "/alerts/A/for");
    refuses(&alert(""), "/alerts/A/for");
}
