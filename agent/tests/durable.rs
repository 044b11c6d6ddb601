//! A store that outlives its process: what is acknowledged is read, and nothing else.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};
use streamhouse_agent::{
    DurableStore, Error, MetadataStore, NewSegment, Partition, Record, SqliteMetadata, Store,
};

const TERM: Duration = Duration::from_secs(60);

fn records(values: &[&str]) -> Vec<Record> {
    let record = |value: &&str| Record { key: None, value: value.as_bytes().into() };
    values.iter().map(record).collect()
}

fn orders() -> Partition {
    Partition::new("orders", 0)
}

/// A store in a folder, as each process opens it.
fn open(folder: &Path) -> DurableStore {
    let metadata = SqliteMetadata::open(folder.join("metadata.sqlite")).expect("a file of SQLite");
    let objects = LocalFileSystem::new_with_prefix(folder).expect("a folder");
    let store = DurableStore::new(Arc::new(metadata), Arc::new(objects)).expect("a store");
    store.create_topic("orders", 1).expect("a topic");
    store
}

/// Every record of a partition, read in pieces.
fn read_all(store: &DurableStore) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    loop {
        let next = all.last().map_or(0, |(offset, _)| offset + 1);
        let fetched = store.read(&orders(), next, 7).expect("what was written is read");
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

#[test]
fn what_one_process_wrote_another_one_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    assert_eq!(store.append(&orders(), "a", &records(&["x"])), Err(Error::NotLeader));
    assert_eq!(store.lease(&orders(), "a", TERM), Ok(true));
    assert_eq!(store.append(&orders(), "a", &records(&["x", "y"])), Ok(0));
    let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    for value in &many {
        store.append(&orders(), "a", &records(&[value])).expect("an offset");
    }
    assert_eq!(store.commit("readers", &orders(), 3), Ok(()));
    drop(store);

    let store = open(folder.path());
    let all = read_all(&store);
    assert!(all.iter().map(|(offset, _)| *offset).eq(0..42));
    assert!(
        all.iter()
            .map(|(_, value)| &**value)
            .eq(["x", "y"].into_iter().chain(many.iter().map(|value| &**value)))
    );
    assert_eq!(store.committed("readers", &orders()), Ok(Some(3)));
    assert_eq!(store.committed("others", &orders()), Ok(None));
    let unknown = Partition::new("refunds", 0);
    assert_eq!(store.read(&unknown, 0, 1), Err(Error::UnknownPartition));
    assert_eq!(store.commit("readers", &unknown, 0), Err(Error::UnknownPartition));
    assert_eq!(store.lease(&unknown, "a", TERM), Err(Error::UnknownPartition));
}

#[test]
fn a_lease_moves_when_its_holder_is_gone_and_the_old_one_writes_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (open(folder.path()), open(folder.path()));
    assert_eq!(one.lease(&orders(), "one", Duration::from_millis(50)), Ok(true));
    assert_eq!(one.append(&orders(), "one", &records(&["a"])), Ok(0));
    assert_eq!(two.lease(&orders(), "two", TERM), Ok(false));
    thread::sleep(Duration::from_millis(60));
    assert_eq!(two.lease(&orders(), "two", TERM), Ok(true));
    // It does not know yet that its term is over.
    assert_eq!(one.append(&orders(), "one", &records(&["b"])), Err(Error::NotLeader));
    assert_eq!(two.append(&orders(), "two", &records(&["c"])), Ok(1));
    two.release(&orders(), "two");
    assert_eq!(one.lease(&orders(), "one", TERM), Ok(true));
    assert_eq!(one.append(&orders(), "one", &records(&["d"])), Ok(2));
    let values: Vec<_> = read_all(&two).into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["a", "c", "d"]);
}

#[test]
fn a_row_is_refused_in_an_epoch_that_is_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let metadata = SqliteMetadata::open(folder.path().join("metadata.sqlite")).expect("a file");
    metadata.create_topic("orders", 1).expect("a topic");
    let epoch = |holder, term| metadata.lease(&orders(), holder, term).expect("metadata");
    let append = |holder, epoch, object| {
        let written = std::time::SystemTime::now();
        let segment = NewSegment { partition: &orders(), object, records: 2, written };
        metadata.append(&segment, holder, epoch)
    };
    let first = epoch("one", Duration::ZERO).expect("a free lease");
    let second = epoch("one", TERM).expect("one that is over");
    assert!(second > first);
    assert_eq!(epoch("one", TERM), Some(second), "a lease that is renewed is the same one");
    assert_eq!(epoch("two", TERM), None);
    assert_eq!(append("one", first, "a"), Err(Error::NotLeader));
    assert_eq!(append("two", second, "a"), Err(Error::NotLeader));
    assert_eq!(append("one", second, "a"), Ok(0));
    assert_eq!(append("one", second, "b"), Ok(2));
    // An object is of one segment, and a row that is refused moves no offset.
    assert_eq!(append("one", second, "b"), Err(Error::Storage));
    assert_eq!(append("one", second, "c"), Ok(4));
}

#[test]
fn a_torn_segment_is_found_and_never_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let metadata = SqliteMetadata::open(folder.path().join("metadata.sqlite")).expect("a file");
    let metadata: Arc<dyn MetadataStore> = Arc::new(metadata);
    let store = DurableStore::new(Arc::clone(&metadata), Arc::clone(&objects)).expect("a store");
    store.create_topic("orders", 1).expect("a topic");
    assert_eq!(store.lease(&orders(), "a", TERM), Ok(true));
    for value in ["a", "b"] {
        store.append(&orders(), "a", &records(&[value; 100])).expect("an offset");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let path = metadata.segments(&orders(), 100, 1).expect("rows").0.remove(0).object.into();
    runtime.block_on(async {
        let whole = objects.get(&path).await.expect("an object").bytes().await.expect("bytes");
        objects.put(&path, whole.slice(..whole.len() - 3).into()).await.expect("a torn one");
    });
    // Another store has not seen it whole.
    let store = DurableStore::new(metadata, objects).expect("a store");
    assert_eq!(store.read(&orders(), 0, 100).map(|fetched| fetched.records.len()), Ok(100));
    assert_eq!(store.read(&orders(), 100, 1), Err(Error::Storage));
}

#[test]
fn objects_that_no_row_names_are_swept() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    assert_eq!(store.lease(&orders(), "a", TERM), Ok(true));
    store.append(&orders(), "a", &records(&["kept"])).expect("an offset");
    let orphan = folder.path().join("segments/orders/0/orphan");
    std::fs::write(&orphan, "what a process left that died").expect("a file");
    assert_eq!(store.sweep(Duration::from_secs(3600)), Ok(0), "it may be on its way");
    thread::sleep(Duration::from_millis(20));
    assert_eq!(store.sweep(Duration::ZERO), Ok(1));
    assert!(!orphan.exists());
    assert_eq!(read_all(&store).len(), 1);
}

#[test]
fn what_is_too_old_is_gone_and_its_readers_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    assert_eq!(store.lease(&orders(), "a", TERM), Ok(true));
    for value in ["0", "1", "2", "3"] {
        store.append(&orders(), "a", &records(&[value; 10])).expect("an offset");
    }
    // As many as are asked for, and what else their segments hold.
    store.retain(15).expect("old segments go");
    let fetched = store.read(&orders(), 0, 100).expect("what is left");
    assert_eq!((fetched.records[0].offset, fetched.records.len(), fetched.end), (20, 20, 40));
    let folder = folder.path().join("segments/orders/0");
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 2);
    store.retain(0).expect("all segments go");
    assert_eq!(store.read(&orders(), 0, 100).map(|fetched| fetched.end), Ok(40));
    assert_eq!(store.append(&orders(), "a", &records(&["4"])), Ok(40));
}

/// How often an agent is killed: often enough to hit it between its two steps, over all runs.
const KILLS: usize = 8;

#[cfg(unix)]
#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged = Vec::new();
    for round in 0..KILLS {
        let (mut child, lines) = writer(folder.path(), round);
        let kill = Instant::now() + Duration::from_millis(40 + 35 * round as u64);
        let mut lines = lines.map(|line| line.expect("text"));
        for line in lines.by_ref() {
            acknowledged.extend(acknowledgement(&line));
            if Instant::now() > kill {
                break;
            }
        }
        // SIGKILL: nothing of it runs any more.
        child.kill().expect("a running process");
        child.wait().expect("its end");
        // What it said before that holds as well.
        acknowledged.extend(lines.filter_map(|line| acknowledgement(&line)));
    }
    assert!(acknowledged.len() > KILLS * 3, "{} batches in all", acknowledged.len());
    let store = open(folder.path());
    let all = read_all(&store);
    // Without gaps, so that a reader goes on wherever it is.
    assert!(all.iter().map(|(offset, _)| *offset).eq(0..all.len() as u64));
    for (offset, value) in &acknowledged {
        assert_eq!(all[*offset as usize].1, *value, "what {offset} was acknowledged for");
    }
    // A batch that was not acknowledged may have been written; none was written twice.
    let mut values: Vec<_> = all.iter().map(|(_, value)| value).collect();
    let written = values.len();
    values.sort();
    values.dedup();
    assert_eq!(values.len(), written);
    println!("{} acknowledged, {written} written, {KILLS} kills", acknowledged.len());
}

/// The offset and the value of a record that a process says to be written.
fn acknowledgement(line: &str) -> Option<(u64, String)> {
    let (offset, value) = line.strip_prefix("written ")?.split_once(' ')?;
    Some((offset.parse().ok()?, value.to_owned()))
}

/// A process that writes until it is killed.
fn writer(folder: &Path, round: usize) -> (Child, std::io::Lines<impl BufRead>) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_process_that_writes", "--ignored", "--nocapture"])
        .env("FOLDER", folder)
        .env("ROUND", round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    (child, lines)
}

#[test]
#[ignore = "the process that another test starts and kills"]
fn a_process_that_writes() {
    use std::io::Write as _;
    let folder = std::env::var_os("FOLDER").expect("a folder");
    let round = std::env::var("ROUND").expect("a number");
    let store = open(Path::new(&folder));
    let holder = format!("agent-{round}");
    // The one before was killed, and its lease is over soon.
    while store.lease(&orders(), &holder, Duration::from_millis(100)) != Ok(true) {
        thread::sleep(Duration::from_millis(5));
    }
    for number in 0.. {
        let values = [0, 1, 2].map(|part| format!("{round}/{number}/{part}"));
        let batch = records(&values.each_ref().map(|value| &**value));
        match store.append(&orders(), &holder, &batch) {
            Ok(first) => {
                let mut out = std::io::stdout().lock();
                for (offset, value) in (first..).zip(&values) {
                    writeln!(out, "written {offset} {value}").expect("somebody reads it");
                }
                out.flush().expect("somebody reads it");
            }
            Err(Error::NotLeader) => {}
            Err(error) => panic!("{error}"),
        }
        store.lease(&orders(), &holder, Duration::from_millis(100)).expect("metadata");
    }
}
