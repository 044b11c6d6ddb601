//! A server in a process of its own: its memory, its descriptors and its end are its own too.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child as Process, Command, Stdio};

/// Another process, and where it serves; it ends with the test.
pub(crate) struct Child {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
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
