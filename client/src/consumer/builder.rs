//! What a consumer can be told.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use streamhouse_core::{Assignment, Error, Log, Metadata, MetadataStore};

use super::Consumer;
use super::lag::Lookout;
use super::membership::Membership;
use crate::ConsumerMetrics;

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
    metadata_store: Option<Arc<dyn MetadataStore>>,
    object_store: Option<Arc<dyn ObjectStore>>,
    offset_reset: OffsetReset,
    session: Duration,
    max_records: usize,
    metrics: ConsumerMetrics,
}

impl Default for ConsumerBuilder {
    fn default() -> Self {
        Self {
            group_id: "default".to_owned(),
            topics: Vec::new(),
            metadata_store: None,
            object_store: None,
            offset_reset: OffsetReset::default(),
            session: Duration::from_secs(10),
            max_records: 500,
            metrics: ConsumerMetrics::unobserved(),
        }
    }
}

impl ConsumerBuilder {
    /// The group whose offsets are committed, and among whose members partitions are divided.
    pub fn group_id(mut self, group_id: impl Into<String>) -> Self {
        self.group_id = group_id.into();
        self
    }

    /// The topics to be read.
    pub fn topics(mut self, topics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.topics = topics.into_iter().map(Into::into).collect();
        self
    }

    /// Where it learns which objects hold which records, and agrees with the rest of its group.
    pub fn metadata_store(mut self, metadata_store: Arc<dyn MetadataStore>) -> Self {
        self.metadata_store = Some(metadata_store);
        self
    }

    /// Where records are kept.
    pub fn object_store(mut self, object_store: Arc<dyn ObjectStore>) -> Self {
        self.object_store = Some(object_store);
        self
    }

    /// Where to begin when nothing was committed.
    pub fn offset_reset(mut self, offset_reset: OffsetReset) -> Self {
        self.offset_reset = offset_reset;
        self
    }

    /// How long the group waits for a member that says nothing any more; a member says that it is
    /// there three times as often.
    pub fn session(mut self, session: Duration) -> Self {
        // Between these, clocks and stores keep up.
        self.session = session.clamp(Duration::from_millis(30), Duration::from_secs(86_400));
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

    /// The consumer, a member of its group, at the places where the group left off.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] without one of the stores or without topics,
    /// [`Error::UnknownPartition`] for a topic that there is not, and those of the stores.
    pub async fn build(self) -> Result<Consumer, Error> {
        let metadata = Metadata::new(self.metadata_store.ok_or(Error::Missing("metadata store"))?);
        let objects = self.object_store.ok_or(Error::Missing("object store"))?;
        let Self { group_id, topics, offset_reset, session, max_records, metrics, .. } = self;
        if topics.is_empty() {
            return Err(Error::Missing("topic"));
        }
        let log = Log::new(metadata.clone(), objects);
        let membership = Membership::join(group_id, topics, metadata, session).await?;
        let lookout = Lookout::start(log.clone(), session / 3);
        let mut consumer = Consumer {
            log,
            membership,
            assignment: Assignment::default(),
            offset_reset,
            max_records,
            metrics,
            positions: Vec::new(),
            lookout,
        };
        consumer.assign().await?;
        Ok(consumer)
    }
}
