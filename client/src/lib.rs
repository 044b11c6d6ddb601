//! StreamHouse's producer and consumer.

mod metrics;

pub use metrics::{ConsumerMetrics, ProducerMetrics};
