//! What is registered with prometheus-client appears in the same body, in every format.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use streamhouse_metrics::__private::on::{Component, Kind, Number, Recorder};
use streamhouse_metrics::{Format, Registry};

use crate::support::{EMPTY, metric};

static OURS: Component = Component {
    name: "ours",
    sets: &[&[]],
    metrics: &[metric("ours_sent", Kind::Counter, Number::Integer, 0)],
    ..EMPTY
};

fn registry() -> Registry {
    let mut registry = Registry::new();
    Recorder::new(&mut registry, &OURS);
    let (restarts, celsius) = (Counter::<u64>::default(), Gauge::<i64>::default());
    restarts.inc_by(3);
    celsius.set(21);
    let foreign = registry.prometheus_client();
    foreign.register("restarts", "Restarts", restarts);
    foreign.register("celsius", "Temperature", celsius);
    registry
}

#[test]
fn openmetrics() {
    let expected = "\
# HELP ours_sent Help
# TYPE ours_sent counter
ours_sent_total 0
# HELP restarts Restarts.
# TYPE restarts counter
restarts_total 3
# HELP celsius Temperature.
# TYPE celsius gauge
celsius 21
# EOF
";
    assert_eq!(registry().to_text(), expected);
}

#[test]
fn prometheus_text() {
    let expected = "\
# HELP ours_sent_total Help
# TYPE ours_sent_total counter
ours_sent_total 0
# HELP restarts_total Restarts.
# TYPE restarts_total counter
restarts_total 3
# HELP celsius Temperature.
# TYPE celsius gauge
celsius 21
";
    let body = registry().encode(Format::Prometheus);
    assert_eq!(String::from_utf8(body).expect("text"), expected);
}

#[test]
fn protobuf() {
    let body = registry().encode(Format::Protobuf);
    let has = |name: &str| body.windows(name.len()).any(|window| window == name.as_bytes());
    assert!(has("ours_sent_total") && has("restarts_total") && has("celsius"));
}
