//! StreamHouse's own specification against the guide's reference: the golden test of naming.

use std::path::Path;

use streamhouse_metrics_spec::catalog::Condition;
use streamhouse_metrics_spec::load;

/// Name, type and labels of each of the guide's 22 metrics.
const GUIDE: &str = "\
streamhouse_producer_records_sent_total counter topic, partition
streamhouse_producer_bytes_sent_total counter topic
streamhouse_producer_send_duration_seconds histogram topic
streamhouse_producer_batch_flush_duration_seconds histogram topic
streamhouse_producer_batch_size_records histogram topic
streamhouse_producer_batch_size_bytes histogram topic
streamhouse_producer_send_errors_total counter topic, error_type
streamhouse_producer_pending_records gauge topic, partition
streamhouse_consumer_records_consumed_total counter topic, partition, group_id
streamhouse_consumer_bytes_consumed_total counter topic, group_id
streamhouse_consumer_poll_duration_seconds histogram topic
streamhouse_consumer_lag_records gauge topic, partition, group_id
streamhouse_consumer_lag_seconds gauge topic, partition, group_id
streamhouse_consumer_last_committed_offset gauge topic, partition, group_id
streamhouse_consumer_current_offset gauge topic, partition, group_id
streamhouse_agent_active_partitions gauge topic
streamhouse_agent_lease_renewals_total counter status
streamhouse_agent_records_written_total counter topic, partition
streamhouse_agent_write_latency_seconds histogram topic
streamhouse_agent_active_connections gauge -
streamhouse_agent_grpc_requests_total counter method, status
streamhouse_agent_grpc_request_duration_seconds histogram method
";

/// Name, `for` and severity of each of the guide's 7 alerts.
const ALERTS: &str = "\
HighConsumerLag 5m warning
CriticalConsumerLag 5m critical
HighProducerErrorRate 5m warning
HighProducerLatency 5m warning
AgentDown 1m critical
NoActivePartitions 5m warning
ConsumerStalled 10m warning
";

#[test]
fn streamhouse_exposes_the_guides_names() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
    let checked = load(&path).expect("valid");
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let catalog = checked.catalog;
    let mut metrics = String::new();
    for (_, metric) in catalog.metrics() {
        let mut labels: Vec<_> = catalog.labels_of(metric).map(|label| &*label.name).collect();
        if labels.is_empty() {
            labels.push("-");
        }
        metrics +=
            &format!("{} {} {}\n", metric.exposed(), metric.kind.as_str(), labels.join(", "));
    }
    assert_eq!(metrics, GUIDE);
    let alert = |alert: &streamhouse_metrics_spec::catalog::Alert| {
        format!(
            "{} {} {}\n",
            alert.name,
            alert.wait.as_deref().unwrap_or("-"),
            alert.severity.as_str()
        )
    };
    // The guide has no alert about a metric that is missing, and no objectives.
    let follows =
        |condition: &Condition| matches!(condition, Condition::Absent(_) | Condition::Burn { .. });
    let of_the_guide = catalog.alerts.iter().filter(|alert| !follows(&alert.condition));
    assert_eq!(of_the_guide.map(alert).collect::<String>(), ALERTS);
}

#[test]
fn latency_thresholds_are_bucket_bounds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
    let catalog = load(&path).expect("valid").catalog;
    let (_, metric) =
        catalog.metrics().find(|(_, metric)| metric.key == "send_duration_seconds").expect("there");
    let bounds: Vec<_> = metric.buckets.iter().map(|bound| bound.le()).collect();
    let expected = "0.001 0.002 0.004 0.008 0.016 0.032 0.064 0.1 0.128 0.256 0.512 1.024 2.048 4.096 8.192 16.384";
    assert_eq!(bounds.join(" "), expected);
}
