//! Jsonnet evaluates the mixin, whose dashboards and rules are those of the files beside it; first,
//! that mistakes in it are seen.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use streamhouse_metrics_tests::{
    accepted, evaluated_jsonnet, generated, generated_file, generated_files, refused,
    yaml_1_1_and_1_2_agree,
};

/// What a mixin is asked for, as plain fields.
const ASKED: &str = "{ dashboards: m.grafanaDashboards, alerts: m.prometheusAlerts.groups, \
                     rules: m.prometheusRules.groups }";

/// What the mixin would hold if it stood in its file with some of its text replaced.
#[track_caller]
fn with(right: &str, wrong: &str) -> (PathBuf, String) {
    let text = generated("mixin/mixin.libsonnet");
    assert!(text.contains(right), "`{right}` is not in the mixin");
    let text = text.replacen(right, wrong, 1);
    (generated_file("mixin/mixin.libsonnet"), format!("local m = {text};\n{ASKED}"))
}

/// What the files hold that the mixin is made of.
fn expected() -> Value {
    let dashboards = files("grafana/dashboards", ".json").into_iter().map(|(file, text)| {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        (name, serde_json::from_str(&text).expect("a dashboard is JSON"))
    });
    let dashboards: serde_json::Map<_, _> = dashboards.collect();
    let (mut alerts, mut rules) = (Vec::new(), Vec::new());
    for (_, text) in files("prometheus/rules", ".yml") {
        let read = accepted(yaml_1_1_and_1_2_agree(&text));
        for group in read["groups"].as_array().expect("a list of groups") {
            let is_alert = group["rules"][0]["alert"].is_string();
            if is_alert { &mut alerts } else { &mut rules }.push(group.clone());
        }
    }
    let expected = json!({ "dashboards": dashboards, "alerts": alerts, "rules": rules });
    comparable(expected)
}

/// The generated files of a folder.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let is_in = |path: &Path| path.parent().is_some_and(|parent| parent.ends_with(folder));
    generated_files(ending).into_iter().filter(|(path, _)| is_in(path)).collect()
}

/// A value whose numbers are all of one kind, and whose groups have one order.
fn comparable(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => {
            let mut values: Vec<_> = values.into_iter().map(comparable).collect();
            if values.iter().all(|value| value["rules"].is_array()) {
                values.sort_by_key(|group| group["name"].to_string());
            }
            Value::Array(values)
        }
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, comparable(value))).collect()
        }
        plain => plain,
    }
}

#[test]
fn what_is_no_jsonnet() {
    let (place, text) = with("{\n", "{{\n");
    refused(evaluated_jsonnet(&place, &text), "STATIC ERROR");
}

#[test]
fn a_file_that_is_not_there() {
    let (place, text) = with("import '../grafana/", "import '../grafna/");
    refused(evaluated_jsonnet(&place, &text), "couldn't open import");
}

#[test]
fn other_dashboards_and_rules_are_seen() {
    let spoilt = [
        with("-overview.json'", "-oversight.json'"),
        with("prometheusAlerts+:: {", "prometheusAlerts+:: { groups: [] },\n  more:: {"),
        with(".recording.yml').groups", ".recording.yml').groups[1:]"),
    ];
    let expected = expected();
    for (place, text) in spoilt {
        let found = comparable(accepted(evaluated_jsonnet(&place, &text)));
        assert!(found != expected, "a mistake passes:\n{text}");
    }
}

#[test]
fn the_mixin_is_its_files() {
    let (place, text) = with("", "");
    let found = comparable(accepted(evaluated_jsonnet(&place, &text)));
    let expected = expected();
    for part in ["dashboards", "alerts", "rules"] {
        assert!(found[part] == expected[part], "{part} differ:\n{}", found[part]);
    }
    for (part, kind) in [("alerts", "alert"), ("rules", "record")] {
        let groups = found[part].as_array().expect("a list of groups");
        assert!(!groups.is_empty());
        let rules = groups.iter().flat_map(|group| group["rules"].as_array().expect("rules"));
        assert!(rules.into_iter().all(|rule| rule[kind].is_string()), "{part} hold others");
    }
}

#[test]
fn it_adds_to_other_mixins() {
    let beside = "{ grafanaDashboards+:: { 'other.json': {} }, \
                    prometheusAlerts+:: { groups+: [{ name: 'other' }] } }";
    let number = |text: &str| {
        let place = generated_file("mixin/mixin.libsonnet").with_file_name("whoever.jsonnet");
        let text = format!(
            "local m = {text};\n[std.length(m.grafanaDashboards), \
             std.length(m.prometheusAlerts.groups)]"
        );
        let numbers = accepted(evaluated_jsonnet(&place, &text));
        [&numbers[0], &numbers[1]].map(|number| number.as_u64().expect("a number"))
    };
    let [dashboards, groups] = number("import 'mixin.libsonnet'");
    let both = [dashboards + 1, groups + 1];
    assert_eq!(number(&format!("{beside} + (import 'mixin.libsonnet')")), both);
    assert_eq!(number(&format!("(import 'mixin.libsonnet') + {beside}")), both);
}
