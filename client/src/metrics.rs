//! What the client records.

use streamhouse_metrics::StreamhouseMetrics;

/// What a producer records.
#[derive(StreamhouseMetrics)]
#[metrics(component = "producer")]
pub struct ProducerMetrics(pub(crate) ProducerRecorder);

/// What a consumer records.
#[derive(StreamhouseMetrics)]
#[metrics(component = "consumer")]
pub struct ConsumerMetrics(pub(crate) ConsumerRecorder);
