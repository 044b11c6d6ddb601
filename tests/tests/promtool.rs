//! promtool judges generated rules; first, that it judges at all.

use std::fs;

use streamhouse_metrics_tests::{
    Verdict, accepted, generated_file, promtool_check_metrics, promtool_check_rules, refused,
    scratch_folder,
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
fn the_generated_alerts() {
    accepted(promtool_check_rules(&generated_file("prometheus/alerts.yml")));
}
