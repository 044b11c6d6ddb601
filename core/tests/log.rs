//! A log that outlives its process: what is acknowledged is read, and nothing else.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};
use streamhouse_core::{
    Error, Log, Metadata, MetadataStore, NewSegment, Partition, Record, SqliteMetadata,
};
use tokio::time::sleep;

const TERM: Duration = Duration::from_secs(60);

fn records(values: &[&str]) -> Vec<Record> {
    values
        .iter()
        .map(|value| Record::copied(SystemTime::UNIX_EPOCH, None, value.as_bytes()))
        .collect()
}

fn orders() -> Partition {
    Partition::new("orders", 0)
}

/// A log in a folder, as each process opens it.
struct Opened {
    metadata: Arc<dyn MetadataStore>,
    log: Log,
}

fn open(folder: &Path) -> Opened {
    let metadata = SqliteMetadata::open(folder.join("metadata.sqlite")).expect("a file of SQLite");
    let objects = LocalFileSystem::new_with_prefix(folder).expect("a folder");
    Opened::over(Arc::new(metadata), Arc::new(objects))
}

impl Opened {
    fn over(metadata: Arc<dyn MetadataStore>, objects: Arc<dyn ObjectStore>) -> Self {
        metadata.create_topic("orders", 1).expect("a topic");
        Self { log: Log::new(Metadata::new(Arc::clone(&metadata)), objects), metadata }
    }

    fn lease(&self, holder: &str, term: Duration) -> Option<u64> {
        self.metadata.lease(&orders(), holder, None, term).expect("metadata")
    }

    async fn append(&self, holder: &str, epoch: u64, values: &[&str]) -> Result<u64, Error> {
        self.log.append(&orders(), holder, epoch, records(values)).await
    }

    /// Every record of the partition, read in pieces.
    async fn read_all(&self) -> Vec<(u64, String)> {
        let mut all = Vec::new();
        loop {
            let next = all.last().map_or(0, |(offset, _)| offset + 1);
            let fetched =
                self.log.read(&orders(), next, 7).await.expect("what was written is read");
            if fetched.records.is_empty() {
                assert_eq!(fetched.end, next);
                assert_eq!(fetched.next_written, None);
                return all;
            }
            assert_eq!(
                fetched.next_written.is_some(),
                fetched.end > next + fetched.records.len() as u64
            );
            all.extend(fetched.records.into_iter().map(|stored| {
                (stored.offset, String::from_utf8_lossy(&stored.record.value).into_owned())
            }));
        }
    }
}

#[tokio::test]
async fn what_one_process_wrote_another_one_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = open(folder.path());
    assert_eq!(one.append("a", 1, &["x"]).await, Err(Error::NotLeader));
    let epoch = one.lease("a", TERM).expect("a free lease");
    // Two segments cannot begin at one offset.
    assert_eq!(one.append("a", epoch, &[]).await, Err(Error::Rejected));
    assert_eq!(one.append("a", epoch, &["x", "y"]).await, Ok(0));
    let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    for value in &many {
        one.append("a", epoch, &[value]).await.expect("an offset");
    }
    drop(one);

    let two = open(folder.path());
    let all = two.read_all().await;
    assert!(all.iter().map(|(offset, _)| *offset).eq(0..42));
    let expected = ["x", "y"].into_iter().chain(many.iter().map(|value| &**value));
    assert!(all.iter().map(|(_, value)| &**value).eq(expected));
    let unknown = Partition::new("refunds", 0);
    assert_eq!(two.log.read(&unknown, 0, 1).await, Err(Error::UnknownPartition));
    assert_eq!(two.metadata.lease(&unknown, "a", None, TERM), Err(Error::UnknownPartition));
}

#[test]
fn many_may_open_it_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("metadata.sqlite");
        let open = || {
            std::thread::spawn({
                let path = path.clone();
                move || SqliteMetadata::open(path).map(drop)
            })
        };
        let opening: Vec<_> = (0..16).map(|_| open()).collect();
        for opened in opening {
            assert_eq!(opened.join().expect("no panic"), Ok(()));
        }
    }
}

#[tokio::test]
async fn topics_may_be_called_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    for topic in ["..", "a/b", "%2F", "ü ?*", "a#b", "segments"] {
        let partition = Partition::new(topic, 0);
        opened.metadata.create_topic(topic, 1).expect("a topic");
        let epoch = opened.metadata.lease(&partition, "a", None, TERM).expect("metadata");
        let epoch = epoch.expect("a free lease");
        let appended = opened.log.append(&partition, "a", epoch, records(&["x"])).await;
        assert_eq!(appended, Ok(0), "{topic}");
        // Another process does not have it in memory.
        let read = open(folder.path()).log.read(&partition, 0, 1).await;
        assert_eq!(read.map(|read| read.records.len()), Ok(1), "{topic}");
    }
    assert_eq!(opened.metadata.create_topic("", 1), Err(Error::Rejected));
    assert_eq!(opened.metadata.create_topic("none", 0), Err(Error::Rejected));
    opened.log.retain(u64::MAX).await.expect("nothing goes");
    opened.log.retain(0).await.expect("all of it goes");
    assert_eq!(opened.log.sweep(Duration::ZERO).await, Ok(0));
    // Nothing was written anywhere else.
    let names = std::fs::read_dir(folder.path()).expect("a folder");
    let names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    let is_known = |name: &std::ffi::OsString| {
        name.to_string_lossy().starts_with("metadata.sqlite") || *name == *"segments"
    };
    assert!(names.iter().all(is_known), "{names:?}");
}

#[tokio::test]
async fn a_lease_moves_when_its_holder_is_gone_and_the_old_one_writes_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (open(folder.path()), open(folder.path()));
    let first = one.lease("one", Duration::from_millis(100)).expect("a free lease");
    assert_eq!(one.append("one", first, &["a"]).await, Ok(0));
    assert_eq!(two.lease("two", TERM), None);
    sleep(Duration::from_millis(110)).await;
    let second = two.lease("two", TERM).expect("a lease that is over");
    // It does not know yet that its term is over.
    assert_eq!(one.append("one", first, &["b"]).await, Err(Error::NotLeader));
    assert_eq!(two.append("two", second, &["c"]).await, Ok(1));
    two.metadata.release(&orders(), "two").expect("metadata");
    let third = one.lease("one", TERM).expect("a lease that was given back");
    assert_eq!(one.append("one", third, &["d"]).await, Ok(2));
    let values: Vec<_> = two.read_all().await.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["a", "c", "d"]);
    // What was refused left no object.
    let folder = folder.path().join("segments/orders/0");
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 3);
}

#[test]
fn a_row_is_refused_in_an_epoch_that_is_over() {
    let metadata = SqliteMetadata::in_memory().expect("memory");
    metadata.create_topic("orders", 1).expect("a topic");
    let epoch = |holder, term| metadata.lease(&orders(), holder, None, term).expect("metadata");
    let append = |holder, epoch, object: &str| {
        let (object, written) = (object.to_owned(), SystemTime::now());
        let segment = NewSegment { partition: orders(), object, records: 2, written };
        metadata.append(&segment, holder, epoch)
    };
    let renew = |epoch| metadata.lease(&orders(), "one", Some(epoch), TERM).expect("metadata");
    let first = epoch("one", Duration::ZERO).expect("a free lease");
    let second = epoch("one", TERM).expect("one that is over");
    assert!(second > first);
    assert_eq!(renew(second), Some(second), "a lease that is renewed is the same one");
    assert_eq!(renew(first), None, "that one is over");
    assert_eq!(epoch("two", TERM), None);
    // Whoever was started anew under a name takes over from whoever had it.
    let (forerunner, second) = (second, epoch("one", TERM).expect("one of its name"));
    assert_eq!(append("one", forerunner, "z"), Err(Error::NotLeader));
    assert_eq!(renew(forerunner), None);
    assert_eq!(append("one", first, "a"), Err(Error::NotLeader));
    assert_eq!(append("two", second, "a"), Err(Error::NotLeader));
    assert_eq!(append("one", second, "a"), Ok(0));
    assert_eq!(append("one", second, "b"), Ok(2));
    // An object is of one segment, and a row that is refused moves no offset.
    assert_eq!(append("one", second, "b"), Err(Error::Storage));
    assert_eq!(append("one", second, "c"), Ok(4));
}

#[tokio::test]
async fn a_torn_segment_is_found_and_never_served() {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let metadata: Arc<dyn MetadataStore> = Arc::new(SqliteMetadata::in_memory().expect("memory"));
    let one = Opened::over(Arc::clone(&metadata), Arc::clone(&objects));
    let epoch = one.lease("a", TERM).expect("a free lease");
    for value in ["a", "b"] {
        one.append("a", epoch, &[value; 100]).await.expect("an offset");
    }
    let path = metadata.segments(&orders(), 100, 1).expect("rows").0.remove(0).object.into();
    let whole = objects.get(&path).await.expect("an object").bytes().await.expect("bytes");
    objects.put(&path, whole.slice(..whole.len() - 3).into()).await.expect("a torn one");
    // Another log has not seen it whole.
    let other = Opened::over(metadata, objects);
    let read = other.log.read(&orders(), 0, 100).await;
    assert_eq!(read.map(|fetched| fetched.records.len()), Ok(100));
    assert_eq!(other.log.read(&orders(), 100, 1).await, Err(Error::Storage));
}

#[tokio::test]
async fn objects_that_no_row_names_are_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let epoch = opened.lease("a", TERM).expect("a free lease");
    opened.append("a", epoch, &["kept"]).await.expect("an offset");
    let orphan = folder.path().join("segments/orders/0/orphan");
    std::fs::write(&orphan, "what a process left that died").expect("a file");
    assert_eq!(opened.log.sweep(Duration::from_secs(3600)).await, Ok(0), "it may be on its way");
    sleep(Duration::from_millis(20)).await;
    assert_eq!(opened.log.sweep(Duration::ZERO).await, Ok(1));
    assert!(!orphan.exists());
    assert_eq!(opened.read_all().await.len(), 1);
}

#[tokio::test]
async fn what_is_too_old_is_gone_and_its_readers_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let epoch = opened.lease("a", TERM).expect("a free lease");
    for value in ["0", "1", "2", "3"] {
        opened.append("a", epoch, &[value; 10]).await.expect("an offset");
    }
    // As many as are asked for, and what else their segments hold.
    opened.log.retain(15).await.expect("old segments go");
    let fetched = opened.log.read(&orders(), 0, 100).await.expect("what is left");
    assert_eq!((fetched.records[0].offset, fetched.records.len(), fetched.end), (20, 20, 40));
    let folder = folder.path().join("segments/orders/0");
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 2);
    opened.log.retain(0).await.expect("all segments go");
    let read = opened.log.read(&orders(), 0, 100).await;
    assert_eq!(read.map(|fetched| fetched.end), Ok(40));
    assert_eq!(opened.append("a", epoch, &["4"]).await, Ok(40));
}
