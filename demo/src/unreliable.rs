//! An object store with the manners of one that is far away: it takes its time, and fails now and
//! then; when it is told to, it fails half of the time and takes much longer.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::time::sleep;

use crate::random::Random;

/// A folder as if it were behind a network that is not perfect.
///
/// Only writes suffer: they are what an agent does with it.
#[derive(Debug)]
pub(crate) struct UnreliableStore {
    objects: LocalFileSystem,
    random: Mutex<Random>,
    has_errors: AtomicBool,
}

impl UnreliableStore {
    pub(crate) fn new(objects: LocalFileSystem, random: Random) -> Self {
        Self { objects, random: Mutex::new(random), has_errors: AtomicBool::new(false) }
    }

    /// Whether it fails half of the time from now on.
    pub(crate) fn set_errors(&self, has_errors: bool) {
        self.has_errors.store(has_errors, Relaxed);
    }

    /// Spends the time of a write, which may be in vain.
    async fn suffer(&self) -> Result<()> {
        let (failures, longest) = match self.has_errors.load(Relaxed) {
            true => (2, Duration::from_millis(200)),
            false => (25, Duration::from_millis(4)),
        };
        let (fails, share) = {
            let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
            // The product of two numbers leans towards zero.
            (random.one_in(failures), random.below(1_000) * random.below(1_000))
        };
        sleep(longest * share as u32 / 1_000_000).await;
        match fails {
            true => Err(Error::Generic { store: "unreliable", source: "it failed".into() }),
            false => Ok(()),
        }
    }
}

#[async_trait::async_trait]
impl ObjectStore for UnreliableStore {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.suffer().await?;
        self.objects.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.suffer().await?;
        self.objects.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.objects.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.objects.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.objects.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.objects.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.objects.copy_opts(from, to, options).await
    }
}

impl fmt::Display for UnreliableStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unreliable {}", self.objects)
    }
}
