//! The writer as the command line drives it: beside other people's files, on a full disk, and
//! several times at once.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SHOP: &str = include_str!("specs/shop.toml");
const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-streamhouse-metrics");

/// A folder with a specification, at its true path, as messages show it.
fn workspace(specification: &str) -> TempDir {
    let folder = tempfile::tempdir_in(fs::canonicalize(std::env::temp_dir()).unwrap()).unwrap();
    fs::write(folder.path().join("metrics.toml"), specification).unwrap();
    folder
}

fn command(program: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The exit status, and what was said to people.
fn answer(output: Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    answer(command(PROGRAM, folder, arguments).output().unwrap())
}

/// What is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A file of somebody's own in the place of an output stops every way to run.
#[track_caller]
fn stays(specification: &str, arguments: &[&str], path: &str, shown: &str) {
    let folder = workspace(specification);
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "precious").unwrap();
    for how in [&[][..], &["--check"], &["--diff"]] {
        let arguments = [arguments, how].concat();
        let expected = format!("error: cannot replace {shown}\n");
        assert_eq!(run(folder.path(), &arguments), (2, expected), "{arguments:?}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    }
    let place = path.split('/').next().unwrap();
    assert_eq!(names(folder.path()).iter().filter(|name| *name != place).count(), 1);
    assert_eq!(
        names(file.parent().unwrap()).contains(&"MANIFEST".to_owned()),
        path.ends_with("MANIFEST")
    );
}

#[test]
fn work_in_the_place_of_an_output() {
    let own = "not known to be generated; move or delete what is there";
    for path in ["docs/metrics.md", "catalog.json", "prometheus/rules/shop.recording.yml"] {
        let path = format!("generated/{path}");
        stays(SHOP, &["gen"], &path, &format!("`{path}`: {own}"));
    }
    stays(SHOP, &["gen", "--out", "o1"], "o1/catalog.json", &format!("`o1/catalog.json`: {own}"));
    let list = "it is not the list of generated files; move or delete it";
    stays(SHOP, &["gen"], "generated/MANIFEST", &format!("`generated/MANIFEST`: {list}"));
    stays(SHOP, &["gen-docs"], "generated/MANIFEST", &format!("`generated/MANIFEST`: {list}"));
    let schema = format!("{SHOP}\n[generate]\nschema = \"./src/main.rs\"\n");
    stays(&schema, &["gen"], "src/main.rs", &format!("`src/main.rs`: {own}"));
}

/// Beside the outputs stands a whole project: none of it is in the way.
#[test]
fn outputs_beside_the_specification() {
    let folder = workspace(SHOP);
    fs::write(folder.path().join("main.rs"), "fn main() {}").unwrap();
    let (status, said) = run(folder.path(), &["gen", "--out", "."]);
    assert!(status == 0 && said.ends_with(" files written, 0 unchanged\n"), "{said}");
    assert_eq!(run(folder.path(), &["gen", "--out", ".", "--check"]).0, 0);
}

#[test]
fn a_schema_is_known_without_a_manifest() {
    let folder = workspace(&format!("{SHOP}\n[generate]\nschema = \"shop.schema.json\"\n"));
    let schema = folder.path().join("shop.schema.json");
    assert_eq!(run(folder.path(), &["gen"]).0, 0);
    let text = fs::read_to_string(&schema).unwrap();
    // As an older version wrote it.
    fs::write(&schema, text.replacen("\"type\": \"object\",", "", 1)).unwrap();
    assert_eq!(run(folder.path(), &["gen"]).0, 0);
    assert_eq!(fs::read_to_string(&schema).unwrap(), text);
}

#[test]
fn paths_may_start_here() {
    let folder = workspace(&format!("{SHOP}\n[generate]\nmarkdown = [\"./README.md\"]\n"));
    let marked = "<!-- streamhouse-metrics:alerts -->\n<!-- /streamhouse-metrics -->\n";
    let readme = folder.path().join("README.md");
    fs::write(&readme, marked).unwrap();
    let (status, said) = run(folder.path(), &["gen"]);
    assert_eq!(status, 0, "{said}");
    assert_ne!(fs::read_to_string(&readme).unwrap(), marked);
    assert_eq!(run(folder.path(), &["gen", "--check"]).0, 0);
}

/// The largest file that a process may write stands in for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk() {
    let folder = workspace(SHOP);
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" gen";
    let gen_in_small = command("sh", folder.path(), &["-c", script, PROGRAM]).output().unwrap();
    let (status, said) = answer(gen_in_small);
    assert_eq!(status, 2, "{said}");
    assert!(said.starts_with("error: cannot write `generated/"), "{said}");
    assert!(!said.contains(".tmp") && !said.contains(" at path "), "{said}");
    assert_eq!(names(folder.path()), ["metrics.toml"]);
}

/// A component that has a dashboard, as long as it is there.
const GONE: &str = "[gone.items]\ntype = \"gauge\"\nunit = \"items\"\nhelp = \"Items\"\n";

#[test]
fn runs_at_once_agree() {
    for round in 0..5 {
        let folder = workspace(&format!("{SHOP}\n{GONE}"));
        assert_eq!(run(folder.path(), &["gen"]).0, 0);
        fs::write(folder.path().join("metrics.toml"), SHOP).unwrap();
        let runs: Vec<_> =
            (0..4).map(|_| command(PROGRAM, folder.path(), &["gen"]).spawn().unwrap()).collect();
        for run in runs {
            let (status, said) = answer(run.wait_with_output().unwrap());
            assert_eq!(status, 0, "round {round}: {said}");
        }
        let (status, said) = run(folder.path(), &["gen", "--check"]);
        assert_eq!(status, 0, "round {round}: {said}");
    }
}
