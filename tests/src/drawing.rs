//! What asks a Prometheus everything that dashboards ask, before they are drawn.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::workspace::own_file;
use crate::{Finished, finish, scratch_folder, tool, workspace_root};

const PATIENCE: Duration = Duration::from_secs(120);

/// Asks what dashboards ask, given by name and JSON text.
pub fn drawing_answers(prometheus: SocketAddr, dashboards: &[(&str, &str)]) -> Finished {
    let scratch = scratch_folder();
    let mut ask = Command::new("node");
    ask.arg(programs().join("main.js")).arg("--from").arg(format!("http://{prometheus}"));
    ask.arg("--pages").arg(scratch.path().join("pages"));
    for (name, text) in dashboards {
        let file = scratch.path().join(format!("{name}.json"));
        fs::write(&file, text).expect("a scratch file can be written");
        ask.arg(file);
    }
    finish(ask, b"", PATIENCE)
}

/// Runs the tests that stand beside its sources.
pub fn drawing_unit_tests() -> Finished {
    let mut node = Command::new("node");
    node.arg("--test").arg(programs());
    finish(node, b"", PATIENCE)
}

/// The folder that it was compiled into, which needs right types.
fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let folder = workspace_root().join("target/drawing/answers");
        let mut compiler = tool("tsc");
        compiler.args(["--pretty", "false", "--project"]).arg(own_file("drawing/answers"));
        compiler.arg("--outDir").arg(&folder);
        let Finished { code, stdout, stderr } = finish(compiler, b"", PATIENCE);
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        folder
    })
}
