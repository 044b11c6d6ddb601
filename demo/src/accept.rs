//! Which format a scraper would like best.

use streamhouse_metrics::Format;

/// The format for an `Accept` header.
///
/// The best liked one is taken, and of equals the one that says most: protobuf, then OpenMetrics.
/// Both are for those who ask for them by name; everybody else, a browser or curl, gets text. Nobody
/// is turned away.
pub(crate) fn format(accept: &str) -> Format {
    let [mut protobuf, mut openmetrics, mut text] = [0.0; 3];
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (mut quality, mut version) = (1.0, None);
        let (mut message, mut encoding) = (None, None);
        for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                // What is not a number between 0 and 1 is no wish at all.
                "q" => {
                    let wish: f64 = value.trim().parse().unwrap_or(0.0);
                    quality = if (0.0..=1.0).contains(&wish) { wish } else { 0.0 };
                }
                "version" => version = Some(value.trim().trim_matches('"')),
                "proto" => message = Some(value.trim().trim_matches('"')),
                "encoding" => encoding = Some(value.trim().trim_matches('"')),
                _ => {}
            }
        }
        match (media_type.as_str(), version) {
            ("application/vnd.google.protobuf", _)
                if message == Some("io.prometheus.client.MetricFamily")
                    && encoding == Some("delimited") =>
            {
                protobuf = f64::max(protobuf, quality);
            }
            ("application/openmetrics-text", None | Some("1.0.0")) => {
                openmetrics = f64::max(openmetrics, quality);
            }
            ("text/plain", None | Some("0.0.4")) => text = f64::max(text, quality),
            _ => {}
        }
    }
    if protobuf > 0.0 && protobuf >= openmetrics.max(text) {
        Format::Protobuf
    } else if openmetrics > 0.0 && openmetrics >= text {
        Format::OpenMetrics
    } else {
        Format::Prometheus
    }
}

#[cfg(test)]
mod tests {
    use super::format;
    use streamhouse_metrics::Format::{OpenMetrics, Prometheus, Protobuf};

    #[test]
    fn whoever_asks_for_a_format_gets_it() {
        let prometheus_2_42 = "application/openmetrics-text;version=1.0.0,\
                               application/openmetrics-text;version=0.0.1;q=0.75,\
                               text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let cases = [
            (prometheus_2_42, OpenMetrics),
            ("application/openmetrics-text", OpenMetrics),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.3", OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Prometheus),
            ("application/openmetrics-text;version=2.0.0,*/*;q=0.1", Prometheus),
            ("application/openmetrics-text;q=0.4,text/plain;q=0.5", Prometheus),
            ("application/openmetrics-text;q=0", Prometheus),
            ("application/openmetrics-text;q=high", Prometheus),
            ("text/plain", Prometheus),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Prometheus),
            ("*/*", Prometheus),
            ("", Prometheus),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;\
                 encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,\
                 application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,\
                 */*;q=0.1",
                Protobuf,
            ),
            ("application/vnd.google.protobuf", Prometheus),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;\
                 encoding=text",
                Prometheus,
            ),
            (";;,q=1,=", Prometheus),
        ];
        for (accept, expected) in cases {
            assert_eq!(format(accept), expected, "{accept}");
        }
    }
}
