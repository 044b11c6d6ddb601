//! A server that has no file descriptors left, in a process of its own.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child as Process, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::ask;

/// Another process, and where it serves.
pub(crate) struct Child {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

/// Runs an ignored test of this program after some shell, until it says where it serves.
pub(crate) fn child(test: &str, shell: &str) -> Child {
    let script = format!("{shell} exec \"$0\" \"$@\"");
    let mut process = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    // The first words of a line may be the test harness's.
    let address = lines.by_ref().find_map(|line| {
        let line = line.unwrap();
        line.split_once("serving ").map(|(_, address)| address.parse().unwrap())
    });
    // Whatever else it says must find somebody who reads it.
    std::thread::spawn(move || lines.for_each(drop));
    Child { process, address: address.expect("it serves") }
}

#[test]
fn without_descriptors_it_waits_and_recovers() {
    let Child { mut process, address } = child("ending::serving_until_terminated", "ulimit -n 64;");
    let clients: Vec<_> = (0..200).filter_map(|_| TcpStream::connect(address).ok()).collect();
    assert!(clients.len() > 100, "the backlog takes {}", clients.len());
    let before = seconds_of_work(process.id());
    std::thread::sleep(Duration::from_secs(1));
    let work = seconds_of_work(process.id()) - before;
    assert!(work < 0.5, "it works {work} s of 1 s while there is nothing to do");
    drop(clients);
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(ask(address, "GET /metrics", ""));
    assert_eq!(answer.status, 200);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    process.kill().unwrap();
    process.wait().unwrap();
}

/// How long a process has been working, in user and kernel mode.
fn seconds_of_work(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Behind the name, which is in parentheses; a tick is a hundredth of a second.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
