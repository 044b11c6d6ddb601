//! promtool judges generated rules; first, that it judges at all.

use std::fs;

use streamhouse_metrics_tests::{
    generated_file, promtool_check_metrics, promtool_check_rules, scratch_folder,
};

/// What promtool complains about in a rule file with these rules, if it does.
fn complaint_about_rules(rules: &str) -> Option<String> {
    let folder = scratch_folder();
    let file = folder.path().join("rules.yml");
    fs::write(&file, format!("groups:\n- name: sample\n  rules:\n{rules}"))
        .expect("a scratch file can be written");
    promtool_check_rules(&file).err()
}

#[track_caller]
fn assert_contains(complaint: Option<String>, words: &str) {
    let complaint = complaint.expect("promtool should refuse this");
    assert!(
        complaint.contains(words),
        "`{words}` is not in: {complaint}"
    );
}

#[test]
fn a_good_rule_file() {
    let rules = "  - {alert: Down, expr: 'up == 0', for: 5m}\n";
    assert_eq!(complaint_about_rules(rules), None);
}

#[test]
fn a_query_that_does_not_parse() {
    let rules = "  - {alert: Down, expr: 'up ==', for: 5m}\n";
    assert_contains(complaint_about_rules(rules), "unexpected end of input");
}

#[test]
fn a_duplicate_rule_is_fatal() {
    let rule = "  - {record: 'job:up:sum', expr: 'sum by (job) (up)'}\n";
    assert_contains(complaint_about_rules(&rule.repeat(2)), "duplicate rule");
}

#[test]
fn a_good_text_body() {
    let body = "# HELP sent_total Sent.\n# TYPE sent_total counter\nsent_total 1\n";
    assert_eq!(promtool_check_metrics(body), Ok(()));
}

#[test]
fn a_counter_without_total() {
    let body = "# HELP sent Sent.\n# TYPE sent counter\nsent 1\n";
    let complaint = promtool_check_metrics(body).err();
    assert_contains(complaint, "counter metrics should have \"_total\" suffix");
}

#[test]
fn the_generated_alerts() {
    let alerts = generated_file("prometheus/alerts.yml");
    assert_eq!(promtool_check_rules(&alerts), Ok(()));
}
