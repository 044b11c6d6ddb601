//! The demo as a process, with its agents as processes of their own.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

fn demo(arguments: &[&str]) -> Command {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_streamhouse-demo"));
    demo.args(["--listen", "127.0.0.1:0"]).args(arguments);
    demo
}

#[test]
fn three_agents_are_summed_up_for_programs() {
    let output = demo(&["--for", "3s", "--format", "json", "--agents", "3"]).output();
    let output = output.expect("the demo runs");
    assert!(output.status.success(), "{output:?}");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("nothing but JSON");
    assert_eq!(summary["agents"]["partitions"], 9.0, "all leases are held");
    // Producers know all agents that lead anything.
    assert_eq!(summary["agents"]["connections"], 6.0);
    for quantile in ["p50_send_seconds", "p95_send_seconds", "p99_send_seconds"] {
        assert!(summary["all"][quantile].as_f64().is_some_and(|seconds| seconds > 0.0));
    }
    assert!(summary["alerts"].is_array(), "{summary}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_a_termination_end_it_in_order() {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = demo(&[]);
        let mut child = command
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the demo starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let mut shown = lines.by_ref().map_while(Result::ok);
        assert!(shown.any(|line| line.starts_with("sent ")), "it shows values");
        let told = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        let last = lines.map_while(Result::ok).last();
        assert!(last.is_some_and(|line| line.starts_with("ended; ")), "{signal}");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{signal}");
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 0, "its folder is gone after {signal}");
    }
}

#[test]
fn nothing_outlives_a_demo_that_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = demo(&["--agents", "2"])
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the demo starts");
    let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    let lines = lines.map_while(Result::ok).take_while(|line| !line.starts_with("sent "));
    // Two agents, and Prometheus where it is installed.
    let others = lines.filter_map(|line| {
        let (words, rest) = line.split_once("http://")?;
        let address: SocketAddr = rest.split('/').next()?.parse().ok()?;
        (line.contains("(agent-") || words.starts_with("Prometheus")).then_some(address)
    });
    let others: Vec<SocketAddr> = others.collect();
    assert!(others.len() >= 2, "{others:?}");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let deadline = Instant::now() + Duration::from_secs(20);
    while others.iter().any(|address| TcpStream::connect(address).is_ok()) {
        assert!(Instant::now() < deadline, "some of {others:?} still answer");
        sleep(Duration::from_millis(100));
    }
}
