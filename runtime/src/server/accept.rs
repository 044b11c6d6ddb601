//! Which format a scraper would like best.

use super::wish::Wish;
use crate::Format;

/// What we can serve, the richest first: protobuf alone carries native histograms, and OpenMetrics
/// has units and exemplars that text lacks. Who likes two equally well gets the richer one.
const FORMATS: [Format; 3] = [Format::Protobuf, Format::OpenMetrics, Format::Prometheus];

/// The format for an `Accept` header.
///
/// Protobuf and OpenMetrics are for those who ask for them by name; everybody else, a browser or
/// curl, gets text. Nobody is turned away.
pub(super) fn format(accept: &str) -> Format {
    let mut best = (Format::Prometheus, 0.0);
    for format in FORMATS {
        let wishes = accept.split(',').filter_map(wish).filter(|(wished, _)| *wished == format);
        let quality = wishes.map(|(_, quality)| quality).fold(0.0, f64::max);
        if quality > best.1 {
            best = (format, quality);
        }
    }
    best.0
}

/// The format that a media range names, and how much it is liked; none if it is none of ours.
fn wish(range: &str) -> Option<(Format, f64)> {
    let Wish { name, quality, parameters } = Wish::of(range)?;
    let parameter = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| *value)
    };
    let (version, message, encoding) =
        (parameter("version"), parameter("proto"), parameter("encoding"));
    let format = match (&*name, version, message, encoding) {
        // Protobuf without these could be any message in any shape.
        (
            "application/vnd.google.protobuf",
            _,
            Some("io.prometheus.client.MetricFamily"),
            Some("delimited"),
        ) => Format::Protobuf,
        ("application/openmetrics-text", None | Some("1.0.0"), ..) => Format::OpenMetrics,
        ("text/plain", None | Some("0.0.4"), ..) => Format::Prometheus,
        _ => return None,
    };
    Some((format, quality))
}

#[cfg(test)]
mod tests {
    use super::format;
    use crate::Format::{self, OpenMetrics, Prometheus, Protobuf};

    #[track_caller]
    fn check(cases: &[(&str, Format)]) {
        for (accept, expected) in cases {
            assert_eq!(format(accept), *expected, "{accept}");
        }
    }

    #[test]
    fn each_prometheus_gets_what_it_asks_for() {
        let prometheus_2_42 = "application/openmetrics-text;version=1.0.0,\
                               application/openmetrics-text;version=0.0.1;q=0.75,\
                               text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let with_native_histograms = "application/vnd.google.protobuf;\
                                      proto=io.prometheus.client.MetricFamily;encoding=delimited,\
                                      application/openmetrics-text;version=1.0.0;q=0.8,\
                                      application/openmetrics-text;version=0.0.1;q=0.75,\
                                      text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let with_text_first = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                               application/vnd.google.protobuf;\
                               proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,\
                               text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
        check(&[
            (prometheus_2_42, OpenMetrics),
            (with_native_histograms, Protobuf),
            (with_text_first, OpenMetrics),
        ]);
    }

    #[test]
    fn whoever_asks_for_protobuf_gets_it() {
        let asked = "application/vnd.google.protobuf; encoding=\"delimited\"; \
                     proto=io.prometheus.client.MetricFamily; Q=0.5";
        check(&[
            (asked, Protobuf),
            (&format!("{asked},application/openmetrics-text;q=0.5,text/plain;q=0.5"), Protobuf),
            (&format!("text/plain;q=0.5,{asked}"), Protobuf),
            (&format!("{asked},text/plain;q=0.6"), Prometheus),
            (&format!("{asked},application/openmetrics-text;q=0.6"), OpenMetrics),
            (&asked.replace("Q=0.5", "q=0"), Prometheus),
            (&asked.replace("\"delimited\"", "text"), Prometheus),
            (&asked.replace("MetricFamily", "Metric"), Prometheus),
            ("application/vnd.google.protobuf", Prometheus),
        ]);
    }

    #[test]
    fn whoever_asks_for_openmetrics_gets_it() {
        check(&[
            ("application/openmetrics-text", OpenMetrics),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.3", OpenMetrics),
            ("text/plain,application/openmetrics-text", OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Prometheus),
            ("application/openmetrics-text;version=2.0.0,*/*;q=0.1", Prometheus),
            ("application/openmetrics-text;q=0.4,text/plain;q=0.5", Prometheus),
            ("application/openmetrics-text;q=0", Prometheus),
            ("application/openmetrics-text;q=high", Prometheus),
        ]);
    }

    #[test]
    fn everybody_else_gets_text() {
        check(&[
            ("text/plain", Prometheus),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Prometheus),
            ("*/*", Prometheus),
            ("", Prometheus),
            (";;,q=1,=", Prometheus),
        ]);
    }
}
