//! Groups: partitions are divided among members, and nobody commits what is not theirs any more.

use std::collections::BTreeSet;
use std::time::Duration;

use streamhouse_core::{
    AgentRow, Assignment, Commit, Error, Member, MetadataStore, Partition, SqliteMetadata,
};

const TERM: Duration = Duration::from_secs(60);

fn metadata() -> SqliteMetadata {
    let metadata = SqliteMetadata::in_memory().expect("memory");
    metadata.create_topic("orders", 5).expect("a topic");
    metadata.create_topic("clicks", 2).expect("a topic");
    metadata
}

fn member(member_id: &str, topics: &[&str]) -> Member {
    Member {
        group_id: "analytics".to_owned(),
        member_id: member_id.to_owned(),
        topics: topics.iter().map(ToString::to_string).collect(),
    }
}

fn commit(generation: u64, offset: u64) -> Commit {
    let partition = Partition::new("orders", 0);
    Commit { group_id: "analytics".to_owned(), generation, partition, offset }
}

#[test]
fn every_partition_has_one_reader() {
    let metadata = metadata();
    let topics = ["orders", "clicks"];
    let join = |name| metadata.join(&member(name, &topics), TERM).expect("an assignment");
    let alone = join("a");
    assert_eq!(alone.partitions.len(), 7);
    // Saying that it is still there changes nothing.
    assert_eq!(join("a"), alone);

    let (_, _, third) = (join("b"), join("c"), join("c"));
    let all: Vec<Assignment> = ["a", "b", "c"].map(join).into();
    assert!(all.iter().all(|assignment| assignment.generation == third.generation));
    let sizes: Vec<usize> = all.iter().map(|assignment| assignment.partitions.len()).collect();
    assert_eq!(sizes, [3, 3, 1]);
    let read: BTreeSet<_> = all.iter().flat_map(|assignment| &assignment.partitions).collect();
    assert_eq!(read.len(), 7);

    metadata.leave("analytics", "b").expect("metadata");
    let left = [join("a"), join("c")];
    assert!(left[0].generation > third.generation);
    assert_eq!(left.iter().map(|assignment| assignment.partitions.len()).sum::<usize>(), 7);
}

#[test]
fn members_read_the_topics_that_they_asked_for() {
    let metadata = metadata();
    let join = |name, topics: &[&str]| metadata.join(&member(name, topics), TERM);
    join("a", &["orders"]).expect("an assignment");
    let second = join("b", &["orders", "clicks"]).expect("an assignment");
    let clicks = second.partitions.iter().filter(|partition| *partition.topic == *"clicks");
    assert_eq!((clicks.count(), second.partitions.len()), (2, 4));
    assert_eq!(join("c", &["refunds"]), Err(Error::UnknownPartition));
    // Who was refused is no member, and nothing was divided anew.
    assert_eq!(join("b", &["orders", "clicks"]), Ok(second));
}

#[test]
fn a_member_that_says_nothing_is_gone_after_its_term() {
    let metadata = metadata();
    let short = Duration::from_millis(30);
    metadata.join(&member("a", &["orders"]), short).expect("an assignment");
    let both = metadata.join(&member("b", &["orders"]), TERM).expect("an assignment");
    assert_eq!(both.partitions.len(), 2);
    std::thread::sleep(short * 2);
    let alone = metadata.join(&member("b", &["orders"]), TERM).expect("an assignment");
    assert_eq!(alone.partitions.len(), 5);
    assert!(alone.generation > both.generation);
}

#[test]
fn what_was_divided_anew_is_not_committed_by_who_read_it_before() {
    let metadata = metadata();
    let partition = Partition::new("orders", 0);
    let join = |name| metadata.join(&member(name, &["orders"]), TERM).expect("an assignment");
    let before = join("a").generation;
    assert_eq!(metadata.committed("analytics", &partition), Ok(None));
    assert_eq!(metadata.commit(&commit(before, 7)), Ok(()));
    let after = join("b").generation;
    assert_eq!(metadata.commit(&commit(before, 5)), Err(Error::Rebalanced));
    assert_eq!(metadata.committed("analytics", &partition), Ok(Some(7)));
    assert_eq!(metadata.commit(&commit(after, 9)), Ok(()));
    // Nor does anybody commit less than there is.
    assert_eq!(metadata.commit(&commit(after, 8)), Ok(()));
    assert_eq!(metadata.committed("analytics", &partition), Ok(Some(9)));
    assert_eq!(metadata.committed("audit", &partition), Ok(None));
}

#[test]
fn producers_are_routed_to_agents_of_their_group() {
    let metadata = metadata();
    let agent = |agent_id: &str, agent_group: &str| AgentRow {
        agent_id: agent_id.to_owned(),
        address: format!("{agent_id}:9090"),
        availability_zone: "us-east-1a".to_owned(),
        agent_group: agent_group.to_owned(),
    };
    let announce = |agent: &AgentRow, term| metadata.announce(agent, term).expect("metadata");
    assert_eq!(announce(&agent("a", "production"), TERM), 1);
    assert_eq!(announce(&agent("b", "production"), TERM), 2);
    assert_eq!(announce(&agent("b", "production"), TERM), 2);
    assert_eq!(announce(&agent("c", "canary"), TERM), 1);
    for (index, holder) in [(0, "a"), (1, "b"), (2, "c")] {
        let partition = Partition::new("orders", index);
        metadata.lease(&partition, holder, None, TERM).expect("metadata").expect("a free lease");
    }
    let routes = |group| {
        let routes = metadata.routes("orders", group).expect("routes");
        routes.into_iter().map(|route| route.map(|route| route.to_string())).collect::<Vec<_>>()
    };
    let (a, b, c) = ("a:9090".to_owned(), "b:9090".to_owned(), "c:9090".to_owned());
    assert_eq!(routes("production"), [Some(a), Some(b.clone()), None, None, None]);
    assert_eq!(routes("canary"), [None, None, Some(c), None, None]);
    assert_eq!(metadata.routes("refunds", "production"), Err(Error::UnknownPartition));
    metadata.retire("a").expect("metadata");
    assert_eq!(routes("production"), [None, Some(b), None, None, None]);
    assert_eq!(announce(&agent("b", "production"), TERM), 1);
}
