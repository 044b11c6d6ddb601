//! What is deleted: segments that are too old, and objects that are none.

use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use object_store::path::Path;

use super::{FOLDER, Log};
use crate::Error;

impl Log {
    /// Deletes the oldest segments of each partition, as long as so many records are left.
    ///
    /// # Errors
    ///
    /// Those of the metadata and of the object store; what is forgotten and not deleted is swept.
    pub async fn retain(&self, records: u64) -> Result<(), Error> {
        for partition in self.metadata.ask(|metadata| metadata.partitions()).await? {
            let expired =
                self.metadata.ask(move |metadata| metadata.expire(&partition, records)).await?;
            for object in expired {
                self.objects.delete(&Path::parse(object)?).await?;
            }
        }
        Ok(())
    }

    /// Deletes objects that no segment names and that were last written longer ago than any append
    /// takes; says how many. So each cluster needs a folder or bucket of its own.
    ///
    /// # Errors
    ///
    /// Those of the metadata and of the object store.
    pub async fn sweep(&self, age: Duration) -> Result<u64, Error> {
        let before = SystemTime::now().checked_sub(age).ok_or(Error::Rejected)?;
        // First what is there, then what has a name: what comes in between has both.
        let found: Vec<_> = self.objects.list(Some(&Path::from(FOLDER))).try_collect().await?;
        let named = self.metadata.ask(|metadata| metadata.objects()).await?;
        let mut deleted = 0;
        for object in found {
            let is_old = SystemTime::from(object.last_modified) < before;
            if is_old && !named.contains(object.location.as_ref()) {
                self.objects.delete(&object.location).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}
