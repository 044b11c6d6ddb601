//! What the observability guide of StreamHouse got wrong, put back into its specification, is found.
//!
//! Each row is an expression as the guide has it, what is found, and the piece that it is found in.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Panels and queries.
const QUERIES: &[(&str, &str, &str)] = &[
    // Different labels on both sides: nothing matches.
    (
        "100 * rate(streamhouse_producer_send_errors_total[5m]) / rate(streamhouse_producer_records_sent_total[5m])",
        "no-match",
        "/",
    ),
    (
        "rate(streamhouse_producer_records_sent_total[5m]) - rate(streamhouse_consumer_records_consumed_total[5m])",
        "no-match",
        "-",
    ),
    // A gauge that falls is no counter that starts again.
    ("rate(streamhouse_consumer_lag_records[5m])", "rate-of-gauge", "rate"),
    // One quantile for each process, and none at all.
    (
        "histogram_quantile(0.99, rate(streamhouse_producer_send_duration_seconds_bucket[5m]))",
        "per-instance",
        "rate(streamhouse_producer_send_duration_seconds_bucket[5m])",
    ),
    (
        "histogram_quantile(0.99, rate(streamhouse_agent_grpc_request_duration_seconds_bucket[5m]))",
        "per-instance",
        "rate(streamhouse_agent_grpc_request_duration_seconds_bucket[5m])",
    ),
    (
        "histogram_quantile(0.99, sum by (topic) (rate(streamhouse_producer_send_duration_seconds_bucket[5m])))",
        "quantile-input",
        "sum by (topic) (rate(streamhouse_producer_send_duration_seconds_bucket[5m]))",
    ),
    // Idle topics have no average.
    (
        "rate(streamhouse_producer_batch_size_records_sum[5m]) / rate(streamhouse_producer_batch_size_records_count[5m])",
        "idle-division",
        "/",
    ),
    // Commits and reads are not counted at the same instant.
    (
        "streamhouse_consumer_current_offset - streamhouse_consumer_last_committed_offset",
        "negative-difference",
        "-",
    ),
];

/// Alerts, with what their description says.
const ALERTS: &[(&str, &str, &str, &str)] = &[
    (
        "streamhouse_agent_active_partitions == 0",
        "Agent {{ $labels.instance }} has no active partition leases",
        "unseen-absence",
        "streamhouse_agent_active_partitions == 0",
    ),
    (
        "rate(streamhouse_consumer_records_consumed_total[5m]) == 0",
        "Consumer {{ $labels.group_id }} has not consumed any records for 10 minutes",
        "unseen-absence",
        "rate(streamhouse_consumer_records_consumed_total[5m]) == 0",
    ),
    (
        "up{job=\"streamhouse-agents\"} == 0",
        "Agent {{ $labels.instance }} is not responding",
        "unseen-absence",
        "up{job=\"streamhouse-agents\"} == 0",
    ),
    (
        "rate(streamhouse_producer_send_errors_total[5m]) > 10",
        "Sends from {{ $labels.instance }} fail",
        "per-series",
        "rate(streamhouse_producer_send_errors_total[5m]) > 10",
    ),
    // A process is named that has been added up. Another quantile than that of the corrected alert,
    // which is there already.
    (
        "histogram_quantile(0.95, sum by (topic, le) (rate(streamhouse_producer_send_duration_seconds_bucket[5m]))) > 0.1",
        "Sends from {{ $labels.instance }} are slow",
        "template-label",
        "instance",
    ),
    (
        "histogram_quantile(0.95, sum by (topic, le) (rate(streamhouse_producer_send_duration_seconds_bucket[5m]))) > 0.1",
        "P99 latency is {{ $value }}s on {{ $labels.topic }}",
        "value-format",
        "$value",
    ),
    (
        "histogram_quantile(0.99, rate(streamhouse_producer_send_duration_seconds_bucket[5m])) > 0.1",
        "Sends from {{ $labels.instance }} are slow",
        "per-instance",
        "rate(streamhouse_producer_send_duration_seconds_bucket[5m])",
    ),
];

#[test]
fn a_query_of_the_guide_is_found_out() {
    for (expr, id, piece) in QUERIES {
        let item = format!("[queries.guide]\nexpr = '{expr}'\nhelp = \"As in the guide\"\n");
        assert_eq!(findings(&item), [(id.to_string(), piece.to_string())], "{expr}");
    }
}

#[test]
fn a_legend_of_the_guide_makes_partitions_look_the_same() {
    let item = "[queries.guide]\nexpr = 'streamhouse_consumer_lag_records'\n\
                help = \"Lag by topic\"\nlegend = \"{{topic}} - {{group_id}}\"\n";
    let expected = ("legend".to_owned(), "{{topic}} - {{group_id}}".to_owned());
    assert_eq!(findings(item), [expected]);
}

#[test]
fn an_alert_of_the_guide_says_nothing_of_what_to_do() {
    let item = "[alerts.Guide]\nexpr = 'streamhouse_consumer_lag_records > 20000'\nfor = \"5m\"\n\
                severity = \"warning\"\nsummary = \"As in the guide\"\n";
    assert_eq!(findings(item), []);
    let text = specification().replace("published = ", "# ") + item;
    let found = found(&text).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    // One of them, eight alerts that there are, and three objectives.
    assert_eq!(found, ["no-runbook"; 12]);
}

#[test]
fn a_range_of_the_guide_is_too_short_for_its_own_scrape_interval() {
    let item = |range: &str| {
        format!(
            "[targets]\nscrape_interval = \"60s\"\n[queries.guide]\nhelp = \"Sent\"\n\
             expr = 'sum(rate(streamhouse_producer_records_sent_total[{range}]))'\n"
        )
    };
    assert_eq!(findings(&item("3m")), [("short-range".to_owned(), "3m".to_owned())]);
    assert_eq!(findings(&item("4m")), []);
}

#[test]
fn an_alert_of_the_guide_is_found_out() {
    for (expr, description, id, piece) in ALERTS {
        let item = format!(
            "[alerts.Guide]\nexpr = '{expr}'\nfor = \"5m\"\nseverity = \"warning\"\n\
             summary = \"As in the guide\"\ndescription = \"{description}\"\n"
        );
        assert_eq!(findings(&item), [(id.to_string(), piece.to_string())], "{expr}");
    }
}

/// StreamHouse's specification without what is generated beside it.
fn specification() -> String {
    let specification = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
    let text = fs::read_to_string(specification).unwrap();
    let is_elsewhere = |line: &&str| line.starts_with("markdown ") || line.starts_with("schema ");
    text.split_inclusive('\n').filter(|line| !is_elsewhere(line)).collect()
}

/// What is found in StreamHouse's specification with an item at its end, and in which piece of it.
#[track_caller]
fn findings(item: &str) -> Vec<(String, String)> {
    found(&format!("{}\n{item}", specification()))
}

/// What is found in a specification, and in which piece of it.
#[track_caller]
fn found(text: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.toml");
    fs::write(&path, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"))
        .args(["check", "--format", "json", "--spec"])
        .arg(&path)
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let findings = stdout.lines().map(|line| {
        let finding: Value = serde_json::from_str(line).unwrap();
        let number = |key: &str| finding[key].as_u64().unwrap() as usize;
        assert_eq!(number("line"), number("end_line"), "{finding}");
        let line = text.lines().nth(number("line") - 1).unwrap();
        let piece = &line[number("column") - 1..number("end_column") - 1];
        (finding["id"].as_str().unwrap().to_owned(), piece.to_owned())
    });
    findings.collect()
}
