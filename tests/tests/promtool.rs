//! promtool judges generated rules; first, that it judges at all.

use std::fs;

use streamhouse_metrics_tests::{
    Verdict, accepted, generated_file, generated_files, promtool_check_metrics,
    promtool_check_rules, promtool_test_rules, refused, scratch_folder,
};

/// promtool's verdict on a rule file with these rules.
fn check_rules(rules: &str) -> Verdict {
    let folder = scratch_folder();
    let file = folder.path().join("rules.yml");
    fs::write(&file, format!("groups:\n- name: sample\n  rules:\n{rules}"))
        .expect("a scratch file can be written");
    promtool_check_rules(&file)
}

#[test]
fn a_good_rule_file() {
    accepted(check_rules("  - {alert: Down, expr: 'up == 0', for: 5m}\n"));
}

#[test]
fn a_query_that_does_not_parse() {
    let rules = "  - {alert: Down, expr: 'up ==', for: 5m}\n";
    refused(check_rules(rules), "unexpected end of input");
}

#[test]
fn a_template_that_does_not_parse() {
    let rules = "  - {alert: Down, expr: 'up == 0', annotations: {summary: '{{ braces }}'}}\n";
    refused(check_rules(rules), "function \"braces\" not defined");
}

#[test]
fn a_duplicate_rule() {
    let rule = "  - {record: 'job:up:sum', expr: 'sum by (job) (up)'}\n";
    refused(check_rules(&rule.repeat(2)), "duplicate rule");
}

#[test]
fn a_good_text_body() {
    let body = "# HELP sent_total Sent.\n# TYPE sent_total counter\nsent_total 1\n";
    accepted(promtool_check_metrics(body));
}

#[test]
fn a_counter_without_total() {
    let body = "# HELP sent Sent.\n# TYPE sent counter\nsent 1\n";
    let words = "counter metrics should have \"_total\" suffix";
    refused(promtool_check_metrics(body), words);
}

#[test]
fn a_text_body_that_is_cut() {
    let body = "# HELP sent_total Sent.\n# TYPE sent_total counter\nsent_total{topic=\"a";
    refused(promtool_check_metrics(body), "parsing error");
}

#[test]
fn every_generated_rule_file() {
    let files = generated_files(".yml").into_iter().map(|(path, _)| path);
    let rules: Vec<_> = files
        .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("prometheus/rules")))
        .collect();
    assert!(rules.len() > 3, "{rules:?}");
    for file in rules {
        accepted(promtool_check_rules(&file));
    }
}

/// What is recorded of 300 records sent and 100 failed a second; of a topic that never failed; and
/// of one that is idle.
fn recorded_shares(expected: &str) -> Verdict {
    let folder = scratch_folder();
    let file = folder.path().join("test.yml");
    let test = format!(
        r#"
rule_files: ['{}']
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {{series: 'streamhouse_producer_records_sent_total{{topic="some", partition="0"}}', values: '0+18000x10'}}
  - {{series: 'streamhouse_producer_send_errors_total{{topic="some", error_type="timeout"}}', values: '0+6000x10'}}
  - {{series: 'streamhouse_producer_records_sent_total{{topic="none", partition="0"}}', values: '0+6000x10'}}
  - {{series: 'streamhouse_producer_records_sent_total{{topic="idle", partition="0"}}', values: '0+0x10'}}
  promql_expr_test:
  - expr: topic:streamhouse_producer_send_errors:ratio_rate5m
    eval_time: 10m
    exp_samples:
    - {{labels: 'topic:streamhouse_producer_send_errors:ratio_rate5m{{topic="some"}}', value: {expected}}}
    - {{labels: 'topic:streamhouse_producer_send_errors:ratio_rate5m{{topic="none"}}', value: 0}}
"#,
        generated_file("prometheus/rules/streamhouse.recording.yml").display(),
    );
    fs::write(&file, test).expect("a scratch file can be written");
    promtool_test_rules(&file)
}

#[test]
fn what_is_recorded_of_streamhouse() {
    accepted(recorded_shares("0.25"));
    refused(recorded_shares("0.26"), "FAILED");
}
