//! A cargo on the fixtures, and what its compiler said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use streamhouse_metrics_tests::{Finished, finish};

/// The workspace of the fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Where they are built: aside, since the surrounding cargo may hold the lock of its own folder.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures")
}

/// What a cargo of its own said, which no setting of the surrounding cargo reaches.
///
/// The workspace is given the root's lock file and stays offline: it may use what the root uses.
pub(crate) fn cargo(workspace: &Path, arguments: &[&str]) -> Finished {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs::copy(lock, workspace.join("Cargo.lock")).expect("the root has a lock file");

    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        // RUSTUP_TOOLCHAIN stays: it is how rustup hands on which compiler to run.
        let settings = ["CARGO_", "RUSTC", "RUSTFLAGS", "RUSTDOC"];
        if settings.iter().any(|start| name.starts_with(start)) && name != "CARGO_HOME" {
            cargo.env_remove(&*name);
        }
    }
    cargo.current_dir(workspace);
    cargo.env("CARGO_NET_OFFLINE", "true");
    cargo.env("CARGO_TARGET_DIR", target());
    cargo.args(arguments);
    finish(cargo, b"", Duration::from_secs(600))
}

/// The messages of a `cargo check`, `clippy` or `build`.
pub(crate) fn messages(workspace: &Path, arguments: &str) -> Messages {
    let arguments = format!("{arguments} --keep-going --message-format=json");
    let words: Vec<_> = arguments.split_whitespace().collect();
    let Finished { code, stdout, stderr } = cargo(workspace, &words);
    let messages: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("every line is a message"))
        .collect();
    // Without this last message cargo has not come as far as compiling.
    let finished = messages.last().is_some_and(|last| last["reason"] == "build-finished");
    assert!(finished, "cargo {arguments}: {stderr}");
    Messages { succeeded: code == Some(0), messages }
}

/// What cargo and the compiler reported.
pub(crate) struct Messages {
    /// Whether everything was built.
    pub(crate) succeeded: bool,
    messages: Vec<Value>,
}

/// An error or a warning of the compiler.
#[derive(Debug)]
pub(crate) struct Diagnostic<'a> {
    /// `error` or `warning`.
    pub(crate) level: &'a str,
    /// The lint's name or the error's code, if it has one.
    pub(crate) code: &'a str,
    /// The headline.
    pub(crate) message: &'a str,
    /// The source text that it points at.
    pub(crate) place: &'a str,
    /// The line which that is part of.
    line: &'a str,
    /// Where it is: file, line and column.
    position: String,
    /// The same column, counted from zero.
    column: usize,
    /// As the user sees it.
    pub(crate) rendered: &'a str,
}

impl Messages {
    /// What the compiler says about a target, without its closing summary.
    pub(crate) fn of(&self, target: &str) -> Vec<Diagnostic<'_>> {
        let about_target = self.messages.iter().filter(|message| {
            message["reason"] == "compiler-message" && message["target"]["name"] == target
        });
        let diagnostics = about_target.map(|message| {
            let message = &message["message"];
            let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
            let span = spans.iter().find(|span| span["is_primary"] == true).unwrap_or(&Value::Null);
            let line = text(&span["text"][0]["text"]);
            let column = |name: &str| span[name].as_u64().unwrap_or(1) as usize - 1;
            let position = (&span["line_start"], &span["column_start"]);
            let position = format!("{}:{}:{}", text(&span["file_name"]), position.0, position.1);
            Diagnostic {
                level: text(&message["level"]),
                code: text(&message["code"]["code"]),
                message: text(&message["message"]),
                place: line.get(column("column_start")..column("column_end")).unwrap_or(line),
                line,
                position,
                column: column("column_start"),
                rendered: text(&message["rendered"]),
            }
        });
        diagnostics.filter(|diagnostic| !diagnostic.is_summary()).collect()
    }

    /// Whether a target needed no building; it must have succeeded.
    pub(crate) fn is_fresh(&self, target: &str) -> bool {
        let artifact = self.messages.iter().find(|message| {
            message["reason"] == "compiler-artifact" && message["target"]["name"] == target
        });
        let artifact = artifact.expect("the target was built");
        artifact["fresh"].as_bool().expect("cargo says whether it was fresh")
    }
}

impl Diagnostic<'_> {
    /// What the user sees of an error of ours; of one of rustc's, whose words change from release
    /// to release, the code and where it points.
    pub(crate) fn picture(&self) -> String {
        let Self { level, code, place, line, position, column, rendered, .. } = self;
        if code.is_empty() {
            return (*rendered).to_owned();
        }
        let indent = " ".repeat(*column);
        let carets = "^".repeat(place.len());
        format!("{level}[{code}]\n --> {position}\n  |\n  | {line}\n  | {indent}{carets}\n")
    }

    /// Lines such as "aborting due to 2 previous errors" and "2 warnings emitted".
    fn is_summary(&self) -> bool {
        let of_many = self.message.starts_with("Some errors have detailed explanations");
        self.level == "failure-note"
            || of_many
            || self.message.starts_with("aborting due to")
            || self.message.ends_with("warnings emitted")
            || self.message.ends_with("warning emitted")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
