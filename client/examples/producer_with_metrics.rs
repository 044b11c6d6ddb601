//! A producer, and what a scrape of it finds.
//!
//! `cargo run --package streamhouse-client --features metrics --example producer_with_metrics`

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::memory::InMemory;
use streamhouse_agent::Agent;
use streamhouse_client::{MetadataStore, Producer, ProducerMetrics, SqliteMetadata};
use streamhouse_metrics::Registry;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let metadata_store: Arc<dyn MetadataStore> = Arc::new(SqliteMetadata::in_memory()?);
    let object_store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    metadata_store.create_topic("orders", 3)?;
    let agent = Agent::builder()
        .address("127.0.0.1:0")
        .metadata_store(metadata_store.clone())
        .object_store(object_store)
        .build()
        .await?;
    agent.start().await?;

    let mut registry = Registry::default();
    let producer = Producer::builder()
        .metadata_store(metadata_store)
        .metrics(ProducerMetrics::new(&mut registry))
        .build()
        .await?;
    for number in 0..1_000 {
        let (key, value) = (format!("user{}", number % 10), format!("order {number}"));
        producer.send("orders", Some(key.as_bytes()), value.as_bytes(), None).await?;
    }
    producer.flush().await;
    print!("{}", registry.to_text());
    agent.stop().await;
    Ok(())
}
