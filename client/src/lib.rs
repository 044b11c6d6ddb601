//! StreamHouse's producer and consumer.
//!
//! ```text
//! send ──▶ Lane ──▶ sender ──▶ agent ──▶ object store ──▶ poll
//!        (batches)  (retries)                          (positions, lag)
//! ```
//!
//! A producer sends to the agents that lead a topic's partitions, over gRPC; a consumer reads
//! straight from the object store. Who leads, which objects there are and how far a group is, both
//! learn from the [`MetadataStore`]. Both record into the metrics that their builder was given;
//! without the crate's feature `metrics` the same calls compile to nothing.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use object_store::ObjectStore;
//! use object_store::memory::InMemory;
//! use streamhouse_agent::Agent;
//! use streamhouse_client::{
//!     Consumer, ConsumerMetrics, MetadataStore, Producer, ProducerMetrics, SqliteMetadata,
//! };
//! use streamhouse_metrics::Registry;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let metadata: Arc<dyn MetadataStore> = Arc::new(SqliteMetadata::in_memory()?);
//! let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
//! metadata.create_topic("orders", 1)?;
//!
//! let agent = Agent::builder()
//!     .address("127.0.0.1:0")
//!     .metadata_store(metadata.clone())
//!     .object_store(objects.clone())
//!     .build()
//!     .await?;
//! agent.start().await?;
//!
//! let mut registry = Registry::new();
//! let producer = Producer::builder()
//!     .metadata_store(metadata.clone())
//!     .metrics(ProducerMetrics::new(&mut registry))
//!     .build()
//!     .await?;
//! let mut consumer = Consumer::builder()
//!     .group_id("analytics")
//!     .topics(["orders"])
//!     .metadata_store(metadata)
//!     .object_store(objects)
//!     .metrics(ConsumerMetrics::new(&mut registry))
//!     .build()
//!     .await?;
//!
//! let delivery = producer.send("orders", Some(b"user123"), b"order_data", None).await?;
//! assert_eq!(delivery.await?.offset, 0);
//! let records = consumer.poll(Duration::from_secs(1)).await?;
//! assert_eq!(*records[0].record.value, *b"order_data");
//! assert_eq!(consumer.lag("orders", 0).await?, 0);
//! # Ok(())
//! # }
//! ```

// A metric that nobody records is an error here, not a warning.
#![deny(dead_code)]

mod consumer;
mod metrics;
mod producer;
mod transport;

pub use consumer::{Consumer, ConsumerBuilder, ConsumerRecord, OffsetReset};
pub use metrics::{ConsumerMetrics, ProducerMetrics};
pub use producer::{Delivered, Delivery, Producer, ProducerBuilder};
pub use streamhouse_core::{Error, MetadataStore, Partition, Record, SqliteMetadata, Transport};
