//! Text that is syntax somewhere arrives as data everywhere: in HELP, in YAML of both versions, in
//! JSON, in dashboards. From a specification to the judges, with nothing in between left out.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use streamhouse_metrics::__private::on::{
    Component, Counter, Kind, Metric, NoLabels, Number, OwnMetric, Recorder, Slot,
};
use streamhouse_metrics::{Format, Registry};
use streamhouse_metrics_codegen::emit;
use streamhouse_metrics_codegen::template::render;
use streamhouse_metrics_spec::{Catalog, check_text};
use streamhouse_metrics_tests::{
    accepted, grafana_types, promtool_check_metrics, promtool_check_rules, scratch_folder,
    strict_openmetrics, yaml_1_1_and_1_2_agree,
};

/// What some format takes for its own.
const TEXTS: &[&str] = &[
    "plain",
    "\"quoted\" and 'quoted'",
    "two\nlines\n\nand a gap",
    "a\ttab",
    "back\\slash \\n \\\" \\\\",
    "| pipes | in | a table |",
    "`code` ```fence``` ~~~",
    "<script>alert(1)</script> &amp; <br>",
    "{{ $value }} {{ end }}",
    "{{",
    "}} {{ \"nested {{\" }}",
    "${topic} $__rate_interval $topic [[topic]]",
    "# HELP x y\n# TYPE x counter\nx_total 1",
    "# EOF",
    "yes",
    "no",
    "~",
    "null",
    "1e3",
    "0x1F",
    "0o17",
    "010",
    "12:30:00",
    "2026-01-01",
    "=",
    "<<",
    "- item",
    "key: value # comment",
    "@at %percent !bang &anchor *alias",
    "[link](javascript:alert(1)) ![x](y) **bold** _it_",
    "ünïcödé 日本語 🦀 \u{1d11e}",
    "'''",
    "--- ...",
];

#[test]
fn the_specification_hands_every_text_on() {
    let catalog = catalog();
    assert_eq!(catalog.metrics().count(), TEXTS.len());
    for ((_, metric), text) in catalog.metrics().zip(TEXTS) {
        assert_eq!(metric.help, *text);
    }
}

#[test]
fn every_text_arrives_in_the_catalogue() {
    let read: Value = serde_json::from_str(&emitted("catalog.json")).expect("JSON");
    let metrics = read["components"][0]["metrics"].as_array().expect("metrics");
    let helps: Vec<_> = metrics.iter().map(|metric| metric["help"].clone()).collect();
    assert_eq!(helps, TEXTS.iter().map(|text| json!(text)).collect::<Vec<_>>());
}

#[test]
fn every_text_arrives_in_the_rules() {
    // No file has all of them.
    let files = artifacts().filter(|(path, _)| path.starts_with("prometheus/rules/"));
    let mut rules = Vec::new();
    for (_, text) in files {
        let read = accepted(yaml_1_1_and_1_2_agree(&text));
        rules.extend(read["groups"][0]["rules"].as_array().expect("rules").iter().cloned());
        let scratch = scratch_folder();
        let file = scratch.path().join("alerts.yml");
        fs::write(&file, text).expect("writable");
        accepted(promtool_check_rules(&file));
    }
    assert_eq!(rules.len(), TEXTS.len());
    for (at, text) in TEXTS.iter().enumerate() {
        let name = format!("Hostile{at}");
        let rule = rules.iter().find(|rule| rule["alert"] == *name).expect("a rule of each text");
        assert_eq!(rule["annotations"]["summary"], without_braces(text).as_str());
        assert_eq!(rule["annotations"]["description"], printing(text).as_str());
        assert_eq!(render(&printing(text), &BTreeMap::new(), 0.0).as_deref(), Ok(*text));
    }
}

#[test]
fn every_dashboard_keeps_grafanas_types() {
    let dashboards: Vec<_> =
        artifacts().filter(|(path, _)| path.starts_with("grafana/dashboards/")).collect();
    assert_eq!(dashboards.len(), 2);
    accepted(grafana_types(dashboards.iter().map(|(path, text)| {
        let name = path.rsplit('/').next().and_then(|file| file.strip_suffix(".json"));
        (name.expect("a file name"), text.as_str())
    })));
}

#[test]
fn every_text_arrives_in_objects_of_kubernetes() {
    let read = |path: &str| accepted(yaml_1_1_and_1_2_agree(&emitted(path)));
    for name in ["hostile-overview", "hostile-texts"] {
        let object = read(&format!("kubernetes/dashboards/{name}.yml"));
        let dashboard = object["data"][format!("{name}.json")].as_str().expect("a dashboard");
        assert_eq!(dashboard, emitted(&format!("grafana/dashboards/{name}.json")).trim_end());
    }
    for (name, rules) in rule_files() {
        let rules = accepted(yaml_1_1_and_1_2_agree(&rules));
        let object = read(&format!("kubernetes/rules/{}.yml", name.replace('.', "-")));
        assert_eq!(object["spec"], rules);
        assert_eq!(read(&format!("mimir/rules/{name}.yml"))["groups"], rules["groups"]);
    }
}

#[test]
fn no_text_breaks_out_of_its_table_row() {
    let reference = emitted("docs/metrics.md");
    for line in reference.lines().filter(|line| line.contains("`hostile_texts_text_")) {
        if line.starts_with("| <a id") {
            let cells = line.replace("\\|", "").matches('|').count();
            assert_eq!(cells, 7, "{line}");
            assert!(!line.contains("<script>"), "{line}");
        }
    }
}

#[test]
fn every_text_arrives_in_help() {
    let catalog = catalog();
    let metrics = catalog.metrics().map(|(_, metric)| Metric {
        name: leak(&metric.family),
        help: leak(&metric.help),
        unit: None,
        kind: Kind::Counter,
        number: Number::Integer,
        set: 0,
        const_labels: &[],
        buckets: &[],
        native: false,
        exemplars: false,
        sample: 1,
        series_limit: 0,
    });
    let component: &'static Component = Box::leak(Box::new(Component {
        name: "hostile_texts",
        labels: &[],
        sets: &[&[]],
        metrics: Box::leak(metrics.collect()),
        idle_timeout: None,
        overflow: OwnMetric::NONE,
        errors: OwnMetric::NONE,
    }));
    let mut registry = Registry::new();
    let recorder = Recorder::new(&mut registry, component);
    for slot in 0..TEXTS.len() {
        let counter: Counter<'_, u64, _> = recorder.get(NoLabels::<0>, Slot::new(slot));
        counter.inc();
    }
    let families = accepted(strict_openmetrics(&registry.to_text()));
    for ((_, metric), text) in catalog.metrics().zip(TEXTS) {
        assert_eq!(families[&metric.family]["help"], *text);
        assert_eq!(families[&metric.family]["samples"], 1);
    }
    accepted(promtool_check_metrics(&String::from_utf8_lossy(
        &registry.encode(Format::Prometheus),
    )));
}

/// A summary has no braces.
fn without_braces(text: &str) -> String {
    text.replace("{{", "{ {")
}

/// A template that prints a text: its braces would be a template of their own.
fn printing(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

/// A specification with every text as the help of a metric, and the summary and the description of
/// an alert.
fn catalog() -> Catalog {
    let mut text = String::from("namespace = \"hostile\"\n");
    for (at, hostile) in TEXTS.iter().enumerate() {
        // JSON's escapes are TOML's too.
        let quoted = |text: &str| serde_json::to_string(text).expect("text");
        let (help, summary) = (quoted(hostile), quoted(&without_braces(hostile)));
        let description = quoted(&printing(hostile));
        text +=
            &format!("[texts.text_{at}]\ntype = \"counter\"\nunit = \"items\"\nhelp = {help}\n");
        text += &format!(
            "[alerts.Hostile{at}]\nexpr = \"rate(hostile_texts_text_{at}_total[5m]) > {at}\"\nseverity = \"info\"\n\
             summary = {summary}\ndescription = {description}\n"
        );
    }
    check_text(&text).unwrap_or_else(|rejected| panic!("{:?}", rejected.diagnostics)).catalog
}

fn artifacts() -> impl Iterator<Item = (String, String)> {
    let emitted = emit::artifacts(&catalog(), &Default::default(), |_| true).into_iter();
    emitted.map(|(_, artifact)| (artifact.path, artifact.text))
}

/// The files of rules, by name.
fn rule_files() -> Vec<(String, String)> {
    let name = |path: &str| {
        let name = path.strip_prefix("prometheus/rules/")?.strip_suffix(".yml")?;
        Some(name.to_owned())
    };
    let files = artifacts().filter_map(|(path, text)| Some((name(&path)?, text)));
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty(), "there are no rules");
    files
}

fn emitted(path: &str) -> String {
    artifacts().find(|(other, _)| other == path).expect("this is emitted").1
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}
