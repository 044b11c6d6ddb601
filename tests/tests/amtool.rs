//! amtool judges configurations of Alertmanager; first, that it judges at all.

use std::fs;
use std::path::{Path, PathBuf};

use streamhouse_metrics_spec::vocabulary::Severity;
use streamhouse_metrics_tests::{
    accepted, amtool_check_config, amtool_routes, amtool_verify_receivers, generated, refused,
    scratch_folder,
};
use tempfile::TempDir;

const GOOD: &str = "
route:
  receiver: chat
  group_by: [alertname]
  routes:
  - {matchers: ['severity=\"critical\"'], receiver: pager, continue: true}
  - {matchers: ['severity=~\"critical|warning\"', 'team=\"a \\\"b\\\"\"'], receiver: chat}
receivers:
- name: chat
- name: pager
inhibit_rules:
- source_matchers: ['severity=\"critical\"']
  target_matchers: ['severity=\"warning\"']
  equal: [topic]
";

/// A configuration in a file, for as long as the folder is there.
fn file(config: &str) -> (TempDir, PathBuf) {
    let folder = scratch_folder();
    let path = folder.path().join("alertmanager.yml");
    fs::write(&path, config).expect("a scratch file can be written");
    (folder, path)
}

#[track_caller]
fn refused_because(config: &str, words: &str) {
    assert_ne!(config, GOOD);
    let (_folder, path) = file(config);
    refused(amtool_check_config(&path), words);
    refused(amtool_routes(&path, &[]), words.split(" used").next().expect("words"));
}

#[test]
fn a_good_configuration() {
    accepted(amtool_check_config(&file(GOOD).1));
}

#[test]
fn a_receiver_that_nobody_defines() {
    let config = GOOD.replace("name: pager", "name: paper");
    refused_because(&config, "undefined receiver \"pager\" used in route");
}

#[test]
fn a_key_that_is_misspelt() {
    refused_because(&GOOD.replace("equal:", "equals:"), "field equals not found");
}

#[test]
fn a_matcher_that_does_not_parse() {
    refused_because(&GOOD.replace("severity=~", "severity~"), "bad matcher format");
}

#[test]
fn a_duration_that_is_none() {
    let config = GOOD.replace("group_by: [alertname]", "group_wait: 10 s");
    refused_because(&config, "not a valid duration string");
}

#[test]
fn a_template_that_does_not_parse() {
    let (folder, path) = file(&format!("{GOOD}templates: ['*.tmpl']\n"));
    accepted(amtool_check_config(&path));
    let template = "{{ define \"title\" }}{{ braces }}{{ end }}";
    fs::write(folder.path().join("a.tmpl"), template).expect("a scratch file can be written");
    refused(amtool_check_config(&path), "function \"braces\" not defined");
}

/// An alert's way: one that is not its own is refused.
#[track_caller]
fn goes(path: &Path, labels: &[(&str, &str)], receivers: &[&str], not: &[&str]) {
    assert_eq!(accepted(amtool_routes(path, labels)), receivers);
    accepted(amtool_verify_receivers(path, labels, receivers));
    let words = "Expected receivers did not match";
    refused(amtool_verify_receivers(path, labels, not), words);
}

#[test]
fn each_alert_goes_its_way() {
    let (_folder, path) = file(GOOD);
    let team = ("team", "a \"b\"");
    goes(&path, &[("severity", "critical"), team], &["pager", "chat"], &["pager"]);
    goes(&path, &[("severity", "critical"), ("team", "b")], &["pager"], &["chat"]);
    goes(&path, &[("severity", "warning"), team], &["chat"], &["pager"]);
    goes(&path, &[("topic", "back\\slash\nand line")], &["chat"], &["pager", "chat"]);
}

#[test]
fn the_generated_configuration() {
    let good = generated("alertmanager/alertmanager.yml");
    accepted(amtool_check_config(&file(&good).1));
    let mistakes = [
        ("name: \"pager\"", "name: \"paper\"", "undefined receiver \"pager\""),
        ("equal:", "equals:", "field equals not found"),
        ("api_url_file:", "api_urls_file:", "field api_urls_file not found"),
        ("group_wait: \"30s\"", "group_wait: \"30 s\"", "not a valid duration string"),
    ];
    for (right, wrong, words) in mistakes {
        assert!(good.contains(right), "`{right}` is not in the file");
        refused(amtool_check_config(&file(&good.replace(right, wrong)).1), words);
    }
}

#[test]
fn each_severity_goes_its_way_as_it_is_deployed() {
    let good = generated("alertmanager/alertmanager.yml");
    let (_folder, path) = file(&good);
    for severity in Severity::ALL {
        let (receiver, another) = match severity {
            Severity::Critical => ("pager", "chat"),
            Severity::Warning => ("chat", "pager"),
            Severity::Info => ("nobody", "chat"),
        };
        let labels = [("alertname", "Any"), ("severity", severity.as_str())];
        goes(&path, &labels, &[receiver], &[another]);
    }
    // What has no severity, or another, is not lost.
    goes(&path, &[], &["chat"], &["nobody"]);
    goes(&path, &[("severity", "page")], &["chat"], &["pager"]);

    // A route that nothing takes would have been seen.
    let (_folder, path) = file(&good.replace("severity=\\\"critical", "severity=\\\"Critical"));
    goes(&path, &[("severity", "critical")], &["chat"], &["pager"]);
}

#[test]
#[should_panic(expected = "amtool broke")]
fn labels_that_are_none_are_no_verdict() {
    let (_folder, path) = file(GOOD);
    let _ = amtool_routes(&path, &[("no name", "a")]);
}
