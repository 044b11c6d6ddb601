//! The formats in which a registry can be read.

/// A format of the exposition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// OpenMetrics 1.0 text, which every Prometheus since 2.5 asks for first.
    #[default]
    OpenMetrics,
    /// Prometheus text 0.0.4, which is what `promtool check metrics` judges.
    Prometheus,
    /// Prometheus's protobuf, length-delimited: the one format with native histograms.
    Protobuf,
}

impl Format {
    /// The `Content-Type` under which the format must be served.
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Format::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Format::Protobuf => {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; \
                 encoding=delimited"
            }
        }
    }

    /// The line that ends a body, if the format has one.
    pub(crate) const fn end(self) -> &'static str {
        match self {
            Format::OpenMetrics => "# EOF\n",
            Format::Prometheus | Format::Protobuf => "",
        }
    }
}
