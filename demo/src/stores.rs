//! What all processes share: a folder with metadata and objects.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use streamhouse_client::{MetadataStore, SqliteMetadata};

/// The topics, each with its number of partitions.
pub(crate) const TOPICS: [(&str, u32); 3] = [("orders", 4), ("payments", 2), ("clicks", 3)];

/// Opens the metadata, with the topics in it.
pub(crate) fn metadata(folder: &Path) -> io::Result<Arc<dyn MetadataStore>> {
    let metadata =
        SqliteMetadata::open(folder.join("metadata.sqlite")).map_err(io::Error::other)?;
    for (topic, partitions) in TOPICS {
        metadata.create_topic(topic, partitions).map_err(io::Error::other)?;
    }
    Ok(Arc::new(metadata))
}

/// Opens the objects.
pub(crate) fn objects(folder: &Path) -> io::Result<LocalFileSystem> {
    let folder = folder.join("objects");
    fs::create_dir_all(&folder)?;
    Ok(LocalFileSystem::new_with_prefix(folder)?)
}
