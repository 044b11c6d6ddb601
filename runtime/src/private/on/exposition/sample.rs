//! A body that a real Prometheus judges, until the registry can write one.

use std::time::Duration;

use super::foreign::Foreign;
use super::native::{self, SCHEMA};
use super::protobuf::{Encoded, Exemplar, FamilyKind, Head, Histogram, Label, Native, family};

/// A protobuf body with every kind of metric.
pub fn sample() -> Vec<u8> {
    let mut body = Vec::new();
    let head =
        |name, kind| Head { name, help: "A \"quoted\" \\ help\nof two lines", kind, unit: None };
    let none = || std::iter::empty::<(&str, &str)>();
    let exemplar = Exemplar {
        labels: &[("trace_id", "4bf92f3577b34da6")],
        value: 0.75,
        timestamp: Some(Duration::from_millis(1_700_000_000_250)),
    };

    let mut encoded = Vec::new();
    ("topic", "a\"b\\c\nd").write(&mut encoded);
    ("partition", "3").write(&mut encoded);
    let sent = Head { unit: Some("records"), ..head("sent_records_total", FamilyKind::Counter) };
    family(&mut body, &sent, |metrics| {
        metrics.counter([Encoded(&encoded)].into_iter(), 5.0, None);
        metrics.counter([("topic", "plain")].into_iter(), 0.0, Some(&exemplar));
    });
    family(&mut body, &head("lag", FamilyKind::Gauge), |metrics| metrics.gauge(none(), -1.5));

    let classic = Histogram {
        sum: 9.5,
        count: 4,
        buckets: &[(0.5, 1), (1.0, 3)],
        exemplars: &[None, Some(exemplar), None],
        native: None,
    };
    family(&mut body, &head("classic_seconds", FamilyKind::Histogram), |metrics| {
        metrics.histogram(none(), &classic);
    });
    // 100 observations of 0.25 s, 60 of 2 s, 39 of 1000 s and one of nothing.
    let native = [(0.25, 100), (2.0, 60), (1000.0, 39)];
    let native = native.map(|(value, count)| (native::index(value), count));
    let native = Native { schema: SCHEMA, zero_threshold: 1e-9, zero_count: 1, buckets: &native };
    let native = Histogram { count: 200, sum: 39_145.0, native: Some(native), ..classic };
    family(&mut body, &head("native_seconds", FamilyKind::Histogram), |metrics| {
        metrics.histogram(none(), &native);
    });

    let foreign = "# HELP build Build\n# TYPE build info\nbuild_info{version=\"1.2\"} 1\n\
                   # HELP old Old\n# TYPE old unknown\nold 3\n";
    Foreign::parse(foreign).write_protobuf(&mut body);
    body
}
