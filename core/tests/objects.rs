//! Object stores by their addresses.

use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use streamhouse_core::objects;

const NONE: [(&str, &str); 0] = [];

#[tokio::test]
async fn a_folder_and_memory_are_stores() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("file://{}", folder.path().display());
    for address in [&*file, "memory:///", "memory:///below"] {
        let store = objects(address, NONE).expect("a store");
        let path = Path::from("segments/a");
        store.put(&path, "written".into()).await.expect("it is written");
        let read = store.get(&path).await.expect("it is there").bytes().await.expect("bytes");
        assert_eq!(&*read, b"written", "{address}");
    }
    let written = std::fs::read(folder.path().join("segments/a")).expect("a file");
    assert_eq!(written, b"written");
}

#[test]
fn what_is_no_address_is_refused() {
    for address in ["", "segments", "gopher://host/segments"] {
        assert!(objects(address, NONE).is_err(), "{address}");
    }
    // Known, but not built in.
    assert_eq!(objects("s3://bucket/folder", NONE).is_ok(), cfg!(feature = "s3"));
}
