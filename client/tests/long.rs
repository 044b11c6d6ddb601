//! Agents are killed, over and over, while records are sent.
//!
//! `cargo xtask test --long` does it in full, and every other run of the tests the same in short.
#![cfg(unix)]

mod cluster;

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use streamhouse_client::{Delivery, Producer};
use tokio::time::sleep;

use crate::cluster::open;

/// The full size under `cargo xtask test --long`, which says so to its tests, and otherwise the short
/// one.
fn full_or<T>(full: T, short: T) -> T {
    if env::var_os("STREAMHOUSE_LONG").is_some() { full } else { short }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_under_load() {
    let kills = full_or(50, 4);
    let folder = tempfile::tempdir().expect("a folder");
    let stores = open(folder.path());
    // Two at any time: the second one is there when the first is killed.
    let mut agents = vec![agent_process(folder.path(), 0), agent_process(folder.path(), 1)];
    let builder = stores.producer().batch_size(50).linger(Duration::from_millis(2));
    let producer = Arc::new(builder.max_pending(2_000).build().await.expect("a producer"));
    let is_over = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(send_until(Arc::clone(&producer), Arc::clone(&is_over)));
    for round in 0..kills {
        sleep(Duration::from_millis(200 + 37 * (round as u64 % 9))).await;
        drop(agents.remove(0));
        agents.push(agent_process(folder.path(), round + 2));
    }
    is_over.store(true, Ordering::Relaxed);
    let sent = load.await.expect("no panic");
    producer.flush().await;

    let mut read: HashMap<String, usize> = HashMap::new();
    for value in stores.read_all().await {
        *read.entry(value).or_default() += 1;
    }
    let (mut acknowledged, mut failed) = (0, 0);
    for (number, delivery) in sent.into_iter().enumerate() {
        match delivery.await {
            Ok(_) => {
                acknowledged += 1;
                assert!(read.contains_key(&number.to_string()), "record {number} is lost");
            }
            Err(_) => failed += 1,
        }
    }
    let again = read.values().filter(|times| **times > 1).count();
    println!(
        "{kills} kills: {acknowledged} records acknowledged, none lost, {again} there twice, \
         {failed} failed"
    );
    assert!(acknowledged > 1_000, "{acknowledged} acknowledged");
}

/// A process that is killed when this is dropped: by SIGKILL, so that nothing of it runs any more.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // One that is gone already need not be killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn send_until(producer: Arc<Producer>, is_over: Arc<AtomicBool>) -> Vec<Delivery> {
    let mut sent = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        for _ in 0..20 {
            let value = sent.len().to_string();
            sent.push(producer.send("orders", None, value.as_bytes(), None).await.expect("queued"));
        }
        sleep(Duration::from_millis(1)).await;
    }
    sent
}

/// A process with an agent, which says when it is ready.
fn agent_process(folder: &Path, number: usize) -> Killed {
    let mut child = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "a_process_with_an_agent", "--ignored", "--nocapture"])
        .env("FOLDER", folder)
        .env("AGENT", number.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.contains("ready"))), "it is ready");
    Killed(child)
}

#[tokio::test]
#[ignore = "the process that another test starts and kills"]
async fn a_process_with_an_agent() {
    let folder = env::var_os("FOLDER").expect("a folder");
    let number = env::var("AGENT").expect("a number");
    let stores = open(Path::new(&folder));
    let agent = stores.agent(&format!("agent-{number}")).build().await.expect("an agent");
    agent.start().await.expect("a free port");
    println!("ready");
    // Should the test be killed itself, this one hears of it.
    let end = tokio::task::spawn_blocking(|| std::io::stdin().lines().for_each(drop));
    end.await.expect("no panic");
}
