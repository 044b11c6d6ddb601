//! At the pace of the demo and of the tests, every file says the same, but for durations; first, that
//! anything else would be seen.

use std::fs;

use serde_json::{Map, Value};
use streamhouse_demo::scaled;
use streamhouse_metrics_tests::{
    Verdict, accepted, amtool_check_config, generated_files, promtool_check_config,
    promtool_check_rules, refused, scratch_folder, yaml_1_1_and_1_2_agree,
};

const RULES: &str = r#"
groups:
  - name: "sample"
    interval: "30s"
    rules:
      - alert: "High"
        expr: |-
          rate(sent_total[5m] offset 1h30m) > 10
            unless
          max_over_time(topic:ratio_rate5m[1h:]) > 5
        for: "10m"
        keep_firing_for: "2m"
        labels:
          severity: "critical"
        annotations:
          description: "for: 5m, {{ $value }} [5m]"
"#;

const PROMETHEUS: &str = r#"
global:
  scrape_interval: "1m"
  scrape_timeout: "30s"
  evaluation_interval: "1m"
scrape_configs:
  - job_name: "1m"
    scrape_interval: 30s
    static_configs:
      - targets: ["sample:8080"]
"#;

const ALERTMANAGER: &str = r#"
global:
  resolve_timeout: "5m"
route:
  receiver: "5m"
  group_wait: "30s"
  group_interval: "5m"
  repeat_interval: "4h"
  routes:
    - repeat_interval: 1h
      receiver: "5m"
receivers:
  - name: "5m"
inhibit_rules:
  - source_matchers: ["severity=\"5m\""]
    target_matchers: ["severity=\"1h\""]
    equal: ["topic"]
"#;

/// Every key of ours that has a duration.
const DURATIONS: [&str; 10] = [
    "evaluation_interval",
    "for",
    "group_interval",
    "group_wait",
    "interval",
    "keep_firing_for",
    "repeat_interval",
    "resolve_timeout",
    "scrape_interval",
    "scrape_timeout",
];

#[test]
fn every_generated_file_and_what_can_stand_in_one() {
    let files = generated_files(".yml").into_iter().map(|(_, text)| text);
    for text in files.chain([RULES, PROMETHEUS, ALERTMANAGER].map(str::to_owned)) {
        let faster = scaled(&text);
        accepted(is_faster(&text, &faster));
        assert_eq!(comments(&text), comments(&faster));
    }
}

#[test]
fn any_other_difference_is_seen() {
    let mistakes = [
        (RULES, "5s]", "5m]", "expr"),
        (RULES, "> 10", "> 1", "expr"),
        (RULES, "rate5m", "rate5s", "expr"),
        (RULES, "\"10s\"", "\"10m\"", "for"),
        (RULES, "critical", "warning", "severity"),
        (RULES, "for: 5m,", "for: 5s,", "description"),
        (PROMETHEUS, "  scrape_timeout: \"500ms\"\n", "", "global"),
        (PROMETHEUS, "job_name: \"1m\"", "job_name: \"1s\"", "job_name"),
        (ALERTMANAGER, "240s", "4h", "repeat_interval"),
        (ALERTMANAGER, "      receiver: \"5m\"\n", "", "routes"),
    ];
    for (text, right, wrong, key) in mistakes {
        let faster = scaled(text);
        assert!(faster.contains(right), "`{right}` is not in:\n{faster}");
        refused(is_faster(text, &faster.replacen(right, wrong, 1)), key);
    }
}

#[test]
fn the_judges_take_them() {
    let folder = scratch_folder();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, scaled(text)).expect("a scratch file can be written");
        path
    };
    accepted(promtool_check_rules(&file("rules.yml", RULES)));
    accepted(promtool_check_config(&file("prometheus.yml", PROMETHEUS)));
    accepted(amtool_check_config(&file("alertmanager.yml", ALERTMANAGER)));
}

/// Whether one file is another, a minute of which lasts a second.
fn is_faster(text: &str, faster: &str) -> Verdict {
    let read = |text| accepted(yaml_1_1_and_1_2_agree(text));
    compare("", &read(text), &read(faster))
}

fn compare(key: &str, value: &Value, faster: &Value) -> Verdict {
    match (value, faster) {
        (Value::Object(value), Value::Object(faster)) if keys(value) == keys(faster) => {
            value.iter().try_for_each(|(key, value)| compare(key, value, &faster[key]))
        }
        (Value::Array(value), Value::Array(faster)) if value.len() == faster.len() => {
            value.iter().zip(faster).try_for_each(|(value, faster)| compare(key, value, faster))
        }
        (Value::String(value), Value::String(faster)) if DURATIONS.contains(&key) => {
            is_sixtieth(value, faster).then_some(()).ok_or(format!("{key}: {value}, {faster}"))
        }
        (Value::String(value), Value::String(faster)) if key == "expr" => expression(value, faster),
        _ if value == faster => Ok(()),
        _ => Err(format!("{key}: {value}, {faster}")),
    }
}

fn keys(object: &Map<String, Value>) -> Vec<&String> {
    object.keys().collect()
}

/// Word by word; what stands behind an opening bracket or `offset` is a duration.
fn expression(value: &str, faster: &str) -> Verdict {
    let words = |text: &str| -> Vec<String> {
        let apart = ['[', ']', '(', ')']
            .into_iter()
            .fold(text.to_owned(), |text, sign| text.replace(sign, &format!(" {sign} ")));
        apart.split_whitespace().map(str::to_owned).collect()
    };
    let (value, faster) = (words(value), words(faster));
    let complaint = format!("expr: {value:?}, {faster:?}");
    let mut before = "";
    let are_alike = value.iter().zip(&faster).all(|(value, faster)| {
        let is_duration = before == "[" || before == "offset";
        before = value;
        if !is_duration {
            return value == faster;
        }
        let parts = value.split(':').zip(faster.split(':'));
        value.matches(':').count() == faster.matches(':').count()
            && parts.into_iter().all(|(value, faster)| {
                (value.is_empty() && faster.is_empty()) || is_sixtieth(value, faster)
            })
    });
    (are_alike && value.len() == faster.len()).then_some(()).ok_or(complaint)
}

/// Whether a duration is a sixtieth of another, but for less than a millisecond.
fn is_sixtieth(value: &str, faster: &str) -> bool {
    match (milliseconds(value), milliseconds(faster)) {
        (Some(value), Some(faster)) => value / 60 == faster,
        _ => false,
    }
}

/// A duration such as `1h30m`.
fn milliseconds(duration: &str) -> Option<u64> {
    let mut sum = 0;
    let mut number = 0;
    for part in duration.replace("ms", "q").chars() {
        if let Some(digit) = part.to_digit(10) {
            number = number * 10 + u64::from(digit);
            continue;
        }
        let units = [('q', 1), ('s', 1_000), ('m', 60_000), ('h', 3_600_000), ('d', 86_400_000)];
        let (_, length) = units.into_iter().find(|(unit, _)| *unit == part)?;
        sum += number * length;
        number = 0;
    }
    (number == 0 && !duration.is_empty()).then_some(sum)
}

fn comments(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.trim_start().starts_with('#')).collect()
}
