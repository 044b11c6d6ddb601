//! The strictest OpenMetrics parser; first, that it reads and refuses at all. Then what only few
//! recorders expose: exemplars, and metrics about the metrics. What the demo exposes is judged in
//! demo.rs.

use std::time::Duration;

use serde_json::json;
use streamhouse_metrics::{Format, Registry, StreamhouseMetrics};
use streamhouse_metrics_tests::{
    accepted, promtool_check_metrics, refused, samples, strict_openmetrics, strict_openmetrics_each,
};

use wire::TopicPartition;

/// A metric of every kind; protobuf.rs records all of them.
#[derive(StreamhouseMetrics)]
#[metrics(component = "wire", spec = "tests/protobuf.toml")]
pub struct WireMetrics(pub WireRecorder);

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
fn many_bodies_of_which_one_is_bad_or_cut() {
    let (good, bad) = ("# TYPE sent counter\nsent_total 1\n# EOF\n", "sent 1 2 3 4\n# EOF\n");
    assert_eq!(accepted(strict_openmetrics_each(&good.repeat(3))), 3);
    refused(strict_openmetrics_each(&[good, bad, good].concat()), "Invalid line");
    let cut = good.trim_end_matches("# EOF\n");
    refused(
        strict_openmetrics_each(&[good, cut, good].concat()),
        "Received metadata after samples",
    );
    refused(strict_openmetrics_each(&[good, cut].concat()), "the last body has no end");
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

#[test]
fn an_exemplar_of_a_summary() {
    let body = "# TYPE d summary\nd_count 1 # {trace_id=\"7\"} 1.0\nd_sum 1.0\n# EOF\n";
    refused(strict_openmetrics(body), "can have exemplars");
}

#[test]
fn exemplars_and_metrics_about_the_metrics() {
    let registry = recorded();
    let body = registry.to_text();
    let families = accepted(strict_openmetrics(&body));
    for own in ["sample_wire_metrics_overflow", "sample_wire_metrics_errors"] {
        assert_eq!(families[own]["type"], "counter");
        assert_eq!(families[own]["samples"], 2);
    }

    let samples = accepted(samples(Format::OpenMetrics, body.as_bytes()));
    let mut found: Vec<_> = samples
        .iter()
        .filter(|sample| sample.exemplar.is_some() || sample.name.contains("_metrics_"))
        .map(|sample| json!([sample.name, sample.labels, sample.value, sample.exemplar]))
        .collect();
    found.sort_by_key(serde_json::Value::to_string);
    let trace = json!({ "trace_id": "4bf9 # {2f}" });
    let drawn = [
        json!(["sample_wire_classic_seconds_bucket", { "le": "+Inf" }, 2.0, {}]),
        json!(["sample_wire_classic_seconds_bucket", { "le": "1.0" }, 1.0, trace]),
        json!(["sample_wire_metrics_errors_total", { "reason": "invalid_exemplar" }, 1.0, null]),
        json!(["sample_wire_metrics_errors_total", { "reason": "invalid_value" }, 3.0, null]),
        json!(["sample_wire_metrics_overflow_total", { "label": "partition" }, 2.0, null]),
        json!(["sample_wire_metrics_overflow_total", { "label": "topic" }, 0.0, null]),
        json!([
            "sample_wire_sent_records_total",
            { "topic": "orders", "partition": "0" },
            6.0,
            trace
        ]),
    ];
    assert_eq!(found, drawn);
}

#[test]
fn without_exemplars_the_same_is_text() {
    let text = String::from_utf8(recorded().encode(Format::Prometheus)).expect("text is UTF-8");
    accepted(promtool_check_metrics(&text));
    let samples = accepted(samples(Format::Prometheus, text.as_bytes()));
    assert!(samples.iter().all(|sample| sample.exemplar.is_none()));
    let sent = samples.iter().filter(|sample| sample.name == "sample_wire_sent_records_total");
    assert_eq!(sent.map(|sample| sample.value).sum::<f64>(), 17.0);
}

/// A registry with exemplars, with more partitions than may be, and with values that are none.
fn recorded() -> Registry {
    let mut registry = Registry::new();
    let metrics = WireMetrics::new(&mut registry);
    let trace = [("trace_id", "4bf9 # {2f}")];
    let orders = TopicPartition { topic: "orders", partition: 0 };
    metrics.sent_records(orders).inc_by_with_exemplar(5, &trace);
    metrics.sent_records(orders).inc_by_with_exemplar(1, &[("2nd", "7")]);
    for partition in 1..12 {
        metrics.sent_records(TopicPartition { partition, ..orders }).inc();
    }
    let classic = metrics.classic_seconds();
    classic.observe_with_exemplar(Duration::from_millis(750), &trace);
    classic.observe_with_exemplar(Duration::from_secs(7), &[]);
    [f64::NAN, f64::INFINITY, -1.0]
        .into_iter()
        .for_each(|seconds| classic.observe_seconds(seconds));
    registry
}
