//! The strictest OpenMetrics parser; here, that it reads and refuses at all.
//! What the demo exposes is judged in real_prometheus.rs.

use serde_json::json;
use streamhouse_metrics_tests::{accepted, refused, strict_openmetrics};

#[test]
fn a_good_body() {
    let body = "# TYPE sent_records counter\n# UNIT sent_records records\n\
                # HELP sent_records A \\\"quoted\\\" help.\nsent_records_total{topic=\"a\\nb\"} 1\n# EOF\n";
    let families = accepted(strict_openmetrics(body));
    let sent = json!({
        "type": "counter", "unit": "records", "help": "A \"quoted\" help.", "samples": 1
    });
    assert_eq!(families, json!({ "sent_records": sent }));
}

#[test]
fn a_counter_without_total() {
    refused(strict_openmetrics("# TYPE sent counter\nsent 1\n# EOF\n"), "Clashing name");
}

#[test]
fn a_cut_body() {
    refused(strict_openmetrics("# TYPE sent counter\nsent_total 1\n"), "Missing # EOF");
}

#[test]
fn a_unit_that_is_not_in_the_name() {
    let body = "# TYPE sent counter\n# UNIT sent records\nsent_total 1\n# EOF\n";
    refused(strict_openmetrics(body), "Unit");
}

#[test]
fn a_histogram_whose_buckets_fall() {
    let body = "# TYPE d histogram\nd_bucket{le=\"1.0\"} 2\nd_bucket{le=\"+Inf\"} 1\n\
                d_count 1\nd_sum 1.0\n# EOF\n";
    refused(strict_openmetrics(body), "Bucket values out of order");
}
