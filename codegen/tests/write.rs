//! The writer against disks that are in the way, and runs that were killed.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::{Path, PathBuf};

use streamhouse_metrics_codegen::output::{
    Base, Change, Failure, Folders, Output, Plan, Selection, difference, lock, write,
};
use tempfile::TempDir;

/// A folder with `generated` in it, and what should be there.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn plan(
        &self,
        outputs: &[(&'static str, &str, &str)],
        selection: &[&str],
    ) -> Result<Plan, Failure> {
        let outputs = outputs.iter().map(|&(maker, path, text)| Output {
            maker,
            base: Base::OutputFolder,
            path: path.to_owned(),
            text: text.to_owned(),
        });
        let selection = Selection::new(selection.iter().copied());
        Plan::new(outputs.collect(), &self.folders(), &selection)
    }

    fn folders(&self) -> Folders {
        Folders {
            spec: self.folder.path().to_owned(),
            output: self.path("generated"),
            sources: vec![self.path("metrics.toml"), self.path("generated/included.toml")],
        }
    }

    fn write(&self, outputs: &[(&'static str, &str, &str)]) -> Result<Plan, Failure> {
        let lock = lock(&self.folders());
        let plan = self.plan(outputs, &[])?;
        write(&plan, &lock)?;
        Ok(plan)
    }

    /// What stops a plan or its writing, with the folder's own name left out.
    fn failure(&self, outputs: &[(&'static str, &str, &str)]) -> String {
        let failure = self.write(outputs).map(|_| ()).unwrap_err();
        assert!(!failure.is_input);
        failure.message.replace(&*self.folder.path().to_string_lossy(), "desk")
    }

    /// Every file and folder below the output folder.
    fn listing(&self) -> Vec<String> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                found.push(path.clone());
                if path.is_dir() && !path.is_symlink() {
                    walk(&path, found);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path("generated"), &mut found);
        let base = self.path("generated");
        let mut names: Vec<_> = found
            .iter()
            .map(|path| path.strip_prefix(&base).unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }
}

const ONE: (&str, &str, &str) = ("docs", "docs/one.md", "one\n");
const TWO: (&str, &str, &str) = ("alerts", "two.yml", "two\n");

/// A manifest with some lines.
fn listing(lines: &str) -> String {
    format!("# Generated from metrics.toml, not edited: by a test.\n{lines}")
}

#[test]
fn unchanged_files_are_untouched() {
    let desk = Desk::new();
    desk.write(&[ONE, TWO]).unwrap();
    let modified = || fs::metadata(desk.path("generated/two.yml")).unwrap().modified().unwrap();
    let before = modified();
    let plan = desk.write(&[("docs", "docs/one.md", "new\n"), TWO]).unwrap();
    assert_eq!((plan.written(), plan.removed(), plan.unchanged), (1, 0, 2));
    assert_eq!(desk.read("generated/docs/one.md"), "new\n");
    assert_eq!(modified(), before);
}

#[test]
fn a_stale_file_goes_with_its_folder() {
    let desk = Desk::new();
    desk.write(&[ONE, TWO]).unwrap();
    let stale = desk.plan(&[TWO], &[]).unwrap();
    assert!(!stale.is_current());
    let shown = difference(&stale);
    assert!(
        shown.contains("--- a/generated/docs/one.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n"),
        "{shown}"
    );
    write(&stale, &lock(&desk.folders())).unwrap();
    assert_eq!(desk.listing(), ["MANIFEST", "two.yml"]);
    assert!(desk.plan(&[TWO], &[]).unwrap().is_current());
}

#[test]
fn a_foreign_file_is_reported_and_left() {
    let desk = Desk::new();
    desk.write(&[ONE]).unwrap();
    fs::write(desk.path("generated/docs/mine.md"), "mine").unwrap();
    fs::write(desk.path("generated/.gitattributes"), "* linguist-generated").unwrap();
    let plan = desk.write(&[ONE]).unwrap();
    assert_eq!(plan.foreign, [desk.path("generated/docs/mine.md")]);
    assert!(!plan.is_current());
    assert_eq!(desk.read("generated/docs/mine.md"), "mine");
}

#[test]
fn selected_outputs_leave_the_others_alone() {
    let desk = Desk::new();
    desk.write(&[ONE, TWO]).unwrap();
    fs::write(desk.path("generated/mine"), "").unwrap();
    assert!(desk.plan(&[ONE], &["docs"]).unwrap().is_current());
    let Plan { changes, .. } = desk.plan(&[], &["docs"]).unwrap();
    let removed: Vec<_> = changes.iter().map(|Change { path, .. }| path.clone()).collect();
    assert_eq!(removed, [desk.path("generated/docs/one.md")]);
}

#[test]
fn leftovers_of_a_killed_run_go() {
    let desk = Desk::new();
    desk.write(&[ONE]).unwrap();
    fs::write(desk.path("generated/docs/.streamhouse-metrics-Ab3.tmp"), "half a fi").unwrap();
    assert!(desk.plan(&[ONE], &[]).unwrap().is_current());
    desk.write(&[ONE]).unwrap();
    assert_eq!(desk.listing(), ["MANIFEST", "docs", "docs/one.md"]);
}

#[test]
fn a_run_killed_half_way_loses_track_of_nothing() {
    let desk = Desk::new();
    desk.write(&[ONE]).unwrap();
    // Killed after the manifest of both was written, before the old file went.
    let manifest = desk.read("generated/MANIFEST") + "alerts two.yml\n";
    fs::write(desk.path("generated/MANIFEST"), manifest).unwrap();
    fs::write(desk.path("generated/two.yml"), "two\n").unwrap();
    desk.write(&[("catalog", "three.json", "{}\n")]).unwrap();
    assert_eq!(desk.listing(), ["MANIFEST", "three.json"]);
}

#[test]
fn a_file_in_place_of_the_output_folder() {
    let desk = Desk::new();
    fs::write(desk.path("generated"), "precious").unwrap();
    assert_eq!(desk.failure(&[ONE]), "cannot write into `desk/generated`: is not a folder");
    assert_eq!(desk.read("generated"), "precious");
}

#[test]
fn a_file_in_place_of_a_folder() {
    let desk = Desk::new();
    desk.write(&[TWO]).unwrap();
    fs::write(desk.path("generated/docs"), "precious").unwrap();
    let changed = ("alerts", "two.yml", "changed\n");
    assert_eq!(
        desk.failure(&[changed, ONE]),
        "cannot replace `desk/generated/docs`: is not a folder"
    );
    assert_eq!(
        (desk.read("generated/docs"), desk.read("generated/two.yml")),
        ("precious".into(), "two\n".into())
    );
}

#[test]
fn a_directory_in_place_of_a_file() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("generated/two.yml")).unwrap();
    assert_eq!(desk.failure(&[TWO]), "cannot replace `desk/generated/two.yml`: is a directory");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("generated")).unwrap();
    fs::write(desk.path("precious"), "precious").unwrap();
    std::os::unix::fs::symlink(desk.path("precious"), desk.path("generated/two.yml")).unwrap();
    std::os::unix::fs::symlink(desk.folder.path(), desk.path("generated/docs")).unwrap();
    assert_eq!(desk.failure(&[TWO]), "cannot replace `desk/generated/two.yml`: is a symbolic link");
    assert_eq!(desk.failure(&[ONE]), "cannot replace `desk/generated/docs`: is a symbolic link");
    assert_eq!(desk.read("precious"), "precious");
}

#[test]
fn no_path_leaves_the_folder() {
    let desk = Desk::new();
    for path in ["../escape", "/escape", "a/../../escape", ""] {
        assert!(
            desk.failure(&[("docs", path, "")]).ends_with("the path leaves its folder"),
            "{path}"
        );
    }
    fs::create_dir_all(desk.path("generated")).unwrap();
    fs::write(desk.path("precious"), "precious").unwrap();
    fs::write(desk.path("generated/MANIFEST"), listing("docs ../precious\n")).unwrap();
    assert!(desk.failure(&[]).ends_with("the path leaves its folder"));
    assert_eq!(desk.read("precious"), "precious");
}

#[test]
fn one_place_is_for_one_output() {
    let desk = Desk::new();
    assert_eq!(
        desk.failure(&[ONE, ONE]),
        "cannot write `desk/generated/docs/one.md`: two outputs have this place"
    );
}

#[test]
fn a_broken_manifest_removes_nothing() {
    let desk = Desk::new();
    desk.write(&[ONE]).unwrap();
    fs::write(desk.path("generated/MANIFEST"), listing("docs docs/one.md\n=======\n")).unwrap();
    assert_eq!(
        desk.failure(&[TWO]),
        "cannot replace `desk/generated/MANIFEST`: `=======` is no maker and path; delete the file to start anew"
    );
    assert_eq!(desk.read("generated/docs/one.md"), "one\n");
}

/// A folder that takes no new files, whoever runs the test: `/proc/self` is one for root, too.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files() {
    let desk = Desk::new();
    let output = Output {
        maker: "docs",
        base: Base::OutputFolder,
        path: "one.md".into(),
        text: "one".into(),
    };
    let folders = Folders { spec: desk.path(""), output: "/proc/self".into(), sources: vec![] };
    let plan = Plan::new(vec![output], &folders, &Selection::new(["docs"])).unwrap();
    let message = write(&plan, &lock(&folders)).unwrap_err().message;
    assert_eq!(
        message,
        "cannot write `/proc/self/MANIFEST`: No such file or directory (os error 2)"
    );
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write(&[TWO]).unwrap();
    let mode =
        || fs::metadata(desk.path("generated/two.yml")).unwrap().permissions().mode() & 0o777;
    assert_ne!(mode() & 0o044, 0, "new files are readable like any other");
    fs::set_permissions(desk.path("generated/two.yml"), fs::Permissions::from_mode(0o640)).unwrap();
    desk.write(&[("alerts", "two.yml", "changed\n")]).unwrap();
    assert_eq!(mode(), 0o640);
}

#[test]
fn the_work_of_others_stays() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("generated/docs")).unwrap();
    fs::write(desk.path("generated/docs/one.md"), "# Our own words\n").unwrap();
    fs::write(desk.path("generated/two.yml"), "groups: []\n").unwrap();
    assert_eq!(
        desk.failure(&[ONE, TWO]),
        "cannot replace `desk/generated/docs/one.md`, `desk/generated/two.yml`: not known to be generated; move or delete what is there"
    );
    assert_eq!(desk.listing(), ["docs", "docs/one.md", "two.yml"]);
    assert_eq!(desk.read("generated/docs/one.md"), "# Our own words\n");
    // Once out of the way, all is well.
    fs::remove_file(desk.path("generated/docs/one.md")).unwrap();
    fs::remove_file(desk.path("generated/two.yml")).unwrap();
    desk.write(&[ONE, TWO]).unwrap();
}

#[test]
fn files_that_say_so_need_no_manifest() {
    let desk = Desk::new();
    let page = |text: &str| format!("<!-- Generated from metrics.toml, not edited. -->\n{text}");
    let (old, new) = (page("old"), page("new"));
    desk.write(&[("docs", "one.md", &old), ("catalog", "two.json", "{}\n")]).unwrap();
    fs::remove_file(desk.path("generated/MANIFEST")).unwrap();
    desk.write(&[("docs", "one.md", &new), ("catalog", "two.json", "{}\n")]).unwrap();
    assert_eq!(desk.read("generated/one.md"), new);
    assert_eq!(desk.listing(), ["MANIFEST", "one.md", "two.json"]);
}

#[test]
fn the_manifest_of_others_stays() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("generated")).unwrap();
    for manifest in ["", "include README.md\n", "Manifest-Version: 1.0\n"] {
        fs::write(desk.path("generated/MANIFEST"), manifest).unwrap();
        assert_eq!(
            desk.failure(&[ONE]),
            "cannot replace `desk/generated/MANIFEST`: it is not the list of generated files; move or delete it"
        );
        assert_eq!(desk.read("generated/MANIFEST"), manifest);
    }
}

#[test]
fn no_output_takes_the_place_of_the_manifest() {
    let desk = Desk::new();
    assert_eq!(
        desk.failure(&[("docs", "MANIFEST", "one\n")]),
        "cannot write `desk/generated/MANIFEST`: two outputs have this place"
    );
}

/// Not even one that an earlier run is said to have written.
#[test]
fn files_of_the_specification_stay() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("generated")).unwrap();
    fs::write(desk.path("generated/included.toml"), "[labels]\n").unwrap();
    let manifest = listing("docs included.toml\n");
    let expected =
        "cannot replace `desk/generated/included.toml`: it is a file of the specification";
    for outputs in [&[("docs", "included.toml", "one\n")][..], &[]] {
        fs::write(desk.path("generated/MANIFEST"), &manifest).unwrap();
        assert_eq!(desk.failure(outputs), expected);
        assert_eq!(desk.read("generated/included.toml"), "[labels]\n");
    }
}

/// It is met before the first file is replaced, and no folder is left behind.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_too_long() {
    let desk = Desk::new();
    let name = "a".repeat(300);
    let check = |path: &str, expected: &str| {
        let message = desk.failure(&[ONE, ("dashboards", path, "{}\n")]);
        assert_eq!(message, format!("cannot {expected}: File name too long (os error 36)"));
        assert!(!desk.path("generated").exists());
    };
    let file = format!("grafana/{name}.json");
    check(&file, &format!("write `desk/generated/{file}`"));
    check(&format!("{name}/one.json"), &format!("create `desk/generated/{name}`"));
}

#[test]
fn a_stale_file_that_went_by_itself() {
    let desk = Desk::new();
    desk.write(&[ONE, TWO]).unwrap();
    let plan = desk.plan(&[TWO], &[]).unwrap();
    fs::remove_file(desk.path("generated/docs/one.md")).unwrap();
    write(&plan, &lock(&desk.folders())).unwrap();
    assert_eq!(desk.listing(), ["MANIFEST", "two.yml"]);
}

#[test]
fn a_path_may_start_here() {
    let desk = Desk::new();
    for path in ["./docs/one.md", "././docs/one.md", "docs/./one.md"] {
        let plan = desk.write(&[("docs", path, "one\n")]).unwrap();
        assert!(plan.foreign.is_empty());
        assert_eq!(desk.read("generated/docs/one.md"), "one\n");
    }
}

#[test]
fn files_of_the_specification_are_not_foreign() {
    let desk = Desk::new();
    desk.write(&[ONE]).unwrap();
    fs::write(desk.path("generated/included.toml"), "[labels]\n").unwrap();
    assert!(desk.plan(&[ONE], &[]).unwrap().is_current());
}
