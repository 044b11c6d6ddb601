//! Other programs, run with an end in sight.
//!
//! Input and output are files, so that neither a full pipe nor a grandchild
//! that holds one open can hang a test.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// A program that has ended, and what it said.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// Runs a program to its end on the given input.
///
/// A program that cannot be started or that is not done in time is a panic.
pub fn finish(command: Command, input: &[u8], patience: Duration) -> Finished {
    let mut stdin = file();
    stdin.write_all(input).expect("input can be written");
    let mut background = Background::reading(command, again(&stdin));

    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = background.ended() {
            return Finished {
                code: status.code(),
                stdout: background.stdout(),
                stderr: background.stderr(),
            };
        }
        assert!(
            Instant::now() < deadline,
            "not done after {patience:?}: {:?}\n{}",
            background.command,
            background.stderr(),
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// A program that runs until it is dropped.
#[derive(Debug)]
pub struct Background {
    command: Command,
    child: Child,
    stdout: NamedTempFile,
    stderr: NamedTempFile,
}

impl Background {
    /// Starts a program that reads nothing.
    pub fn start(command: Command) -> Self {
        Self::reading(command, Stdio::null())
    }

    fn reading(mut command: Command, stdin: Stdio) -> Self {
        let stdout = file();
        let stderr = file();
        command.stdin(stdin);
        command.stdout(again(&stdout));
        command.stderr(again(&stderr));
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot be started: {command:?}: {error}"));
        Self { command, child, stdout, stderr }
    }

    /// Its number, as the system knows it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Asks it to end, and gives it time for that; who takes longer is killed when this is dropped.
    pub fn terminate(&mut self, patience: Duration) {
        // Its number may be somebody else's by now.
        if self.ended().is_some() {
            return;
        }
        // Where nobody can be asked, the kill is all there is.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let deadline = Instant::now() + patience;
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it has written to standard output so far.
    pub fn stdout(&self) -> String {
        contents(&self.stdout)
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> String {
        contents(&self.stderr)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn file() -> NamedTempFile {
    NamedTempFile::new().expect("a temporary file can be made")
}

/// The same file with a position of its own, so that reading it disturbs no writer.
fn again(file: &NamedTempFile) -> Stdio {
    file.reopen().expect("a temporary file can be opened again").into()
}

fn contents(file: &NamedTempFile) -> String {
    let bytes = fs::read(file.path()).expect("a temporary file can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}
