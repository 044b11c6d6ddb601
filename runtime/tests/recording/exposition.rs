//! The same recordings, drawn in both formats and through `prometheus_client`.

use std::time::Duration;

use prometheus_client::encoding::text;
use streamhouse_metrics::__private::on::{
    Component, Counter, Gauge, Histogram, Info, Kind, Metric, Number, Recorder, Slot, Value,
};
use streamhouse_metrics::{Format, Registry};

use crate::support::{EMPTY, Labels, closed, metric, open, plain, text as labelled};

static SERVICE: Component = Component {
    name: "app_service",
    labels: &[
        open("topic", 10),
        closed("outcome", &["ok", "error"]),
        open("partition", 10),
        closed("mode", &["a", "b"]),
    ],
    sets: &[&[], &[0], &[0, 2], &[0, 1], &[1, 3]],
    metrics: &[
        metric("app_service_records", Kind::Counter, Number::Integer, 2),
        Metric {
            help: "Time of a call",
            unit: Some("seconds"),
            buckets: &[(0.001, "0.001"), (0.1, "0.1"), (1.0, "1.0")],
            ..metric("app_service_call_seconds", Kind::Histogram, Number::Duration, 1)
        },
        metric("app_service_calls", Kind::Counter, Number::Integer, 3),
        Metric {
            unit: Some("joules"),
            ..metric("app_service_energy_joules", Kind::Counter, Number::Float, 0)
        },
        metric("app_service_connections", Kind::Gauge, Number::Integer, 0),
        Metric {
            const_labels: &[("region", "eu")],
            ..metric("app_service_modes", Kind::Counter, Number::Integer, 4)
        },
        Metric {
            const_labels: &[("version", "1.2")],
            ..metric("app_service_build", Kind::Info, Number::Integer, 0)
        },
        Metric {
            buckets: &[(1.0, "1.0"), (16.0, "16.0")],
            ..metric("app_service_batch_records", Kind::Histogram, Number::Integer, 0)
        },
        metric("app_service_never_set", Kind::Gauge, Number::Float, 0),
        metric("app_service_load_ratio", Kind::Gauge, Number::Float, 1),
    ],
    ..EMPTY
};

fn record(recorder: &Recorder) {
    let orders = Labels::<2, _>([Value::Text("orders"), Value::Unsigned(3)], 0);
    let sent: Counter<'_, u64, _> = recorder.get(orders, Slot::new(0));
    sent.inc_by(5);
    let clicks = Labels::<2, _>([Value::Text("clicks"), Value::Unsigned(0)], 0);
    let sent: Counter<'_, u64, _> = recorder.get(clicks, Slot::new(0));
    sent.inc();
    sent.inc();

    let seconds: Histogram<'_, Duration, _> = labelled::<1, _>(recorder, 1, "orders");
    for milliseconds in [1, 100, 101, 2500] {
        seconds.observe(Duration::from_millis(milliseconds));
    }

    let failed = Labels::<3, _>([Value::Text("orders")], 1);
    let failed: Counter<'_, u64, _> = recorder.get(failed, Slot::new(2));
    failed.inc();

    let energy: Counter<'_, f64, _> = plain::<0, _>(recorder, 3);
    energy.inc_by(0.5);
    energy.inc_by(1.0);

    let connections: Gauge<'_, i64, _> = plain::<0, _>(recorder, 4);
    connections.set(-3);

    let modes: Counter<'_, u64, _> = recorder.get(Labels::<4, _>([], 2), Slot::new(5));
    modes.inc_by(7);

    let build: Info<'_, _> = plain::<0, _>(recorder, 6);
    build.set();

    let load: Gauge<'_, f64, _> = labelled::<1, _>(recorder, 9, "orders");
    load.set(0.25);
}

#[test]
fn openmetrics() {
    let mut registry = Registry::new();
    record(&Recorder::new(&mut registry, &SERVICE));
    let expected = r#"# HELP app_service_records Help
# TYPE app_service_records counter
app_service_records_total{topic="orders",partition="3"} 5
app_service_records_total{topic="clicks",partition="0"} 2
# HELP app_service_call_seconds Time of a call
# TYPE app_service_call_seconds histogram
# UNIT app_service_call_seconds seconds
app_service_call_seconds_sum{topic="orders"} 2.702
app_service_call_seconds_count{topic="orders"} 4
app_service_call_seconds_bucket{le="0.001",topic="orders"} 1
app_service_call_seconds_bucket{le="0.1",topic="orders"} 2
app_service_call_seconds_bucket{le="1.0",topic="orders"} 3
app_service_call_seconds_bucket{le="+Inf",topic="orders"} 4
# HELP app_service_calls Help
# TYPE app_service_calls counter
app_service_calls_total{topic="orders",outcome="ok"} 0
app_service_calls_total{topic="orders",outcome="error"} 1
# HELP app_service_energy_joules Help
# TYPE app_service_energy_joules counter
# UNIT app_service_energy_joules joules
app_service_energy_joules_total 1.5
# HELP app_service_connections Help
# TYPE app_service_connections gauge
app_service_connections -3
# HELP app_service_modes Help
# TYPE app_service_modes counter
app_service_modes_total{region="eu",outcome="ok",mode="a"} 0
app_service_modes_total{region="eu",outcome="ok",mode="b"} 0
app_service_modes_total{region="eu",outcome="error",mode="a"} 7
app_service_modes_total{region="eu",outcome="error",mode="b"} 0
# HELP app_service_build Help
# TYPE app_service_build info
app_service_build_info{version="1.2"} 1
# HELP app_service_batch_records Help
# TYPE app_service_batch_records histogram
app_service_batch_records_sum 0.0
app_service_batch_records_count 0
app_service_batch_records_bucket{le="1.0"} 0
app_service_batch_records_bucket{le="16.0"} 0
app_service_batch_records_bucket{le="+Inf"} 0
# HELP app_service_load_ratio Help
# TYPE app_service_load_ratio gauge
app_service_load_ratio{topic="orders"} 0.25
# EOF
"#;
    assert_eq!(registry.to_text(), expected);
}

#[test]
fn prometheus_text() {
    let mut registry = Registry::new();
    record(&Recorder::new(&mut registry, &SERVICE));
    let body = String::from_utf8(registry.encode(Format::Prometheus)).unwrap();
    let described: Vec<&str> = body.lines().filter(|line| line.starts_with("# ")).collect();
    let expected = "\
# HELP app_service_records_total Help
# TYPE app_service_records_total counter
# HELP app_service_call_seconds Time of a call
# TYPE app_service_call_seconds histogram
# HELP app_service_calls_total Help
# TYPE app_service_calls_total counter
# HELP app_service_energy_joules_total Help
# TYPE app_service_energy_joules_total counter
# HELP app_service_connections Help
# TYPE app_service_connections gauge
# HELP app_service_modes_total Help
# TYPE app_service_modes_total counter
# HELP app_service_build_info Help
# TYPE app_service_build_info gauge
# HELP app_service_batch_records Help
# TYPE app_service_batch_records histogram
# HELP app_service_load_ratio Help
# TYPE app_service_load_ratio gauge";
    assert_eq!(described.join("\n"), expected);

    // The samples are those of OpenMetrics.
    let samples = |body: &str| -> Vec<String> {
        body.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(samples(&body), samples(&registry.to_text()));
}

#[test]
fn prometheus_client_writes_the_same_bytes() {
    let mut ours = Registry::new();
    record(&Recorder::new(&mut ours, &SERVICE));
    let mut theirs = prometheus_client::registry::Registry::default();
    record(&Recorder::new(&mut theirs, &SERVICE));

    let mut body = String::new();
    text::encode(&mut body, &theirs).unwrap();
    assert_eq!(body, ours.to_text());
}

#[test]
fn a_sub_registry_adds_its_prefix_and_labels() {
    let mut registry = prometheus_client::registry::Registry::default();
    let labelled = registry
        .sub_registry_with_prefix("outer")
        .sub_registry_with_label(("zone".into(), "b".into()));
    record(&Recorder::new(labelled, &SERVICE));

    let mut body = String::new();
    text::encode(&mut body, &registry).unwrap();
    for line in [
        "# UNIT outer_app_service_call_seconds seconds",
        r#"outer_app_service_records_total{zone="b",topic="orders",partition="3"} 5"#,
        r#"outer_app_service_build_info{zone="b",version="1.2"} 1"#,
        r#"outer_app_service_connections{zone="b"} -3"#,
    ] {
        assert!(body.lines().any(|found| found == line), "{line}\n\n{body}");
    }
}

#[test]
fn one_buffer_serves_every_scrape() {
    let mut registry = Registry::new();
    record(&Recorder::new(&mut registry, &SERVICE));
    let mut body = b"kept\n".to_vec();
    registry.encode_into(Format::OpenMetrics, &mut body);
    assert_eq!(body, format!("kept\n{}", registry.to_text()).into_bytes());
}

#[test]
fn every_bound_is_written_as_prometheus_client_writes_it() {
    static BOUNDS: Component = Component {
        name: "bounds",
        labels: &[],
        sets: &[&[]],
        metrics: &[Metric {
            buckets: &[
                (1e-7, "1e-7"),
                (1e-6, "0.000001"),
                (2.5e-5, "0.000025"),
                (0.001, "0.001"),
                (0.5, "0.5"),
                (1.0, "1.0"),
                (16384.0, "16384.0"),
                (1_638_400.0, "1638400.0"),
                (1e16, "10000000000000000.0"),
                (1e20, "100000000000000000000.0"),
                (1e21, "1e21"),
                (1.5e300, "1.5e300"),
            ],
            ..metric("bounds", Kind::Histogram, Number::Float, 0)
        }],
        ..EMPTY
    };
    let mut ours = Registry::new();
    Recorder::new(&mut ours, &BOUNDS);
    let mut theirs = prometheus_client::registry::Registry::default();
    Recorder::new(&mut theirs, &BOUNDS);
    let mut body = String::new();
    text::encode(&mut body, &theirs).unwrap();
    assert_eq!(body, ours.to_text());
}
