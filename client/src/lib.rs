//! StreamHouse's producer and consumer.
//!
//! ```text
//! send ──▶ Queue ──▶ sender thread ──▶ Transport ──▶ agent ──▶ Transport ──▶ poll
//!          (batches)  (retries)                                              (positions, lag)
//! ```
//!
//! Both speak to an agent through [`Transport`] and know nothing else of it. Both record into the
//! metrics that their builder was given; without the crate's feature `metrics` the same calls
//! compile to nothing.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use streamhouse_agent::{Agent, MemoryStore};
//! use streamhouse_client::{Consumer, ConsumerMetrics, Producer, ProducerMetrics};
//! use streamhouse_metrics::Registry;
//!
//! let agent = Agent::builder().build(Arc::new(MemoryStore::new([("orders", 1)], 1_000)));
//! agent.start();
//!
//! let mut registry = Registry::new();
//! let producer = Producer::builder()
//!     .metrics(ProducerMetrics::new(&mut registry))
//!     .build(agent.connect());
//! let mut consumer = Consumer::builder()
//!     .group_id("analytics")
//!     .topics(["orders"])
//!     .metrics(ConsumerMetrics::new(&mut registry))
//!     .build(agent.connect())?;
//!
//! let delivery = producer.send("orders", Some(b"user123"), b"order_data")?;
//! assert_eq!(delivery.wait(), Ok(0));
//! let records = consumer.poll(Duration::from_secs(1))?;
//! assert_eq!(*records[0].record.value, *b"order_data");
//! assert_eq!(consumer.lag("orders", 0), Some(0));
//! # Ok::<_, streamhouse_client::Error>(())
//! ```

// A metric that nobody records is an error here, not a warning.
#![deny(dead_code)]

mod consumer;
mod grpc;
mod lock;
mod metrics;
mod producer;

pub use consumer::{Consumer, ConsumerBuilder, ConsumerRecord, OffsetReset};
pub use grpc::GrpcTransport;
pub use metrics::{ConsumerMetrics, ProducerMetrics};
pub use producer::{Delivery, Producer, ProducerBuilder};
pub use streamhouse_agent::{Error, Partition, Record, Transport};
