//! Object stores by configuration.

use std::sync::Arc;

use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, parse_url_opts};
use url::Url;

/// The object store at an address: `file:///srv/streamhouse`, `memory:///`, or, with the feature
/// `s3`, `s3://bucket/folder`.
///
/// Options are those of the crate `object_store` for that kind of store, such as `aws_region`,
/// `aws_endpoint` and `aws_access_key_id`; S3's are also the environment's variables of these names,
/// in capitals. A folder of the file system is made when something is written.
///
/// # Errors
///
/// Where the address is none, or options are missing or unknown. What they are is not in the error's
/// text.
///
/// ```
/// let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
/// let objects = streamhouse_core::objects("memory:///", options)?;
/// # Ok::<(), object_store::Error>(())
/// ```
pub fn objects(
    address: &str,
    options: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>,
) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    let generic = |source| object_store::Error::Generic { store: "address", source };
    let url = Url::parse(address).map_err(|error| generic(Box::new(error)))?;
    // Options that are about something else are not an error of the others.
    let options =
        options.into_iter().map(|(name, value)| (name.as_ref().to_lowercase(), value.into()));
    let (store, path) = parse_url_opts(&url, options)?;
    Ok(Arc::new(PrefixStore::new(store, path)))
}
