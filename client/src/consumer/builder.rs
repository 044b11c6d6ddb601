//! What a consumer can be told.

use std::sync::Arc;

use streamhouse_agent::{Error, Partition, Transport};

use super::Consumer;
use super::position::Position;
use crate::ConsumerMetrics;
use crate::metrics::consumer::TopicPartitionGroupId;

/// Where a group begins that has never committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the oldest record that is kept.
    #[default]
    Earliest,
    /// At the next record that is written.
    Latest,
}

/// Configures a [`Consumer`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ConsumerBuilder {
    group_id: String,
    topics: Vec<String>,
    offset_reset: OffsetReset,
    max_records: usize,
    metrics: ConsumerMetrics,
}

impl Default for ConsumerBuilder {
    fn default() -> Self {
        Self {
            group_id: "default".to_owned(),
            topics: Vec::new(),
            offset_reset: OffsetReset::default(),
            max_records: 500,
            metrics: ConsumerMetrics::unobserved(),
        }
    }
}

impl ConsumerBuilder {
    /// The group whose offsets are committed.
    pub fn group_id(mut self, group_id: impl Into<String>) -> Self {
        self.group_id = group_id.into();
        self
    }

    /// The topics to be read.
    pub fn topics(mut self, topics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.topics = topics.into_iter().map(Into::into).collect();
        self
    }

    /// Where to begin when nothing was committed.
    pub fn offset_reset(mut self, offset_reset: OffsetReset) -> Self {
        self.offset_reset = offset_reset;
        self
    }

    /// The most records that one poll returns.
    pub fn max_records(mut self, max_records: usize) -> Self {
        self.max_records = max_records.max(1);
        self
    }

    /// What it records into.
    pub fn metrics(mut self, metrics: impl Into<ConsumerMetrics>) -> Self {
        self.metrics = metrics.into();
        self
    }

    /// The consumer, at the place where its group left off.
    pub fn build(self, transport: impl Transport + 'static) -> Result<Consumer, Error> {
        let mut positions = Vec::new();
        for topic in &self.topics {
            for index in 0..transport.partitions(topic)? {
                let partition = Partition::new(topic.as_str(), index);
                positions.push(self.position(partition, &transport)?);
            }
        }
        let Self { group_id, topics, max_records, metrics, .. } = self;
        Ok(Consumer {
            group_id,
            topics,
            transport: Arc::new(transport),
            metrics,
            max_records,
            positions,
        })
    }

    fn position(&self, partition: Partition, transport: &dyn Transport) -> Result<Position, Error> {
        let committed = transport.committed(&self.group_id, &partition)?;
        let next = match (committed, self.offset_reset) {
            (Some(committed), _) => committed,
            (None, OffsetReset::Earliest) => 0,
            // A fetch of nothing says where the partition ends.
            (None, OffsetReset::Latest) => transport.fetch(&partition, 0, 0)?.end,
        };
        let metrics = self.metrics.bind(TopicPartitionGroupId {
            topic: &partition.topic,
            partition: partition.index,
            group_id: &self.group_id,
        });
        Ok(Position::new(partition, next, committed, metrics))
    }
}
