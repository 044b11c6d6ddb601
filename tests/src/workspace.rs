//! Where the tests find what they judge and what they judge it by.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The folder of the whole project.
pub fn workspace_root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("this package lies in its workspace")
}

/// The command line of a judge, as `cargo xtask test` wrote it down.
pub fn tool(name: &str) -> Command {
    let place = workspace_root().join("target/tools/where").join(name);
    let words = fs::read_to_string(&place)
        .unwrap_or_else(|_| panic!("`{name}` is not here yet: `cargo xtask test` fetches it"));
    let mut words = words.lines();
    let mut command = Command::new(words.next().unwrap_or(name));
    command.args(words);
    command
}

/// A cargo of its own on this workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace_root());
    cargo
}

/// The place of a committed output.
pub fn generated_file(path: &str) -> PathBuf {
    let file = workspace_root().join("generated").join(path);
    assert!(file.is_file(), "there is no generated/{path}: `cargo xtask gen` makes it");
    file
}

/// The text of a committed output.
pub fn generated(path: &str) -> String {
    read(&generated_file(path))
}

/// Every committed output whose name ends so, as path and text; at least one.
pub fn generated_files(ending: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![workspace_root().join("generated")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| {
            panic!("{}: {error}; `cargo xtask gen` makes it", folder.display())
        });
        for entry in entries {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                files.push((path.clone(), read(&path)));
            }
        }
    }
    assert!(!files.is_empty(), "there is no *{ending} in generated/: `cargo xtask gen` makes it");
    files
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A file that stands beside this package's sources.
pub(crate) fn own_file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder that goes when it is dropped.
pub fn scratch_folder() -> TempDir {
    tempfile::tempdir().expect("a scratch folder can be made")
}

/// A loopback address that nobody listens on.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address")
}
