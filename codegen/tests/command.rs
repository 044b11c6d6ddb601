//! The command line as its users meet it: exit status, which stream says what, and the same bytes
//! wherever it runs.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SHOP: &str = include_str!("specs/shop.toml");

/// A folder with a specification.
fn workspace(specification: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("metrics.toml"), specification).unwrap();
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"));
    command.current_dir(folder).args(arguments);
    command
}

/// Runs the command and returns its exit status, stdout and stderr.
#[track_caller]
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(folder, arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Every file below a folder with its content, by path.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let below = self::files(&entry.path()).into_iter();
            files.extend(below.map(|(path, content)| (format!("{name}/{path}"), content)));
        } else {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn gen_says_what_it_wrote() {
    let folder = workspace(SHOP);
    let (status, stdout, stderr) = run(folder.path(), &["gen"]);
    let paths: Vec<_> = files(folder.path()).into_iter().map(|(path, _)| path).collect();
    let number = paths.len() - 1;
    let written = format!("metrics.toml: {number} files written, 0 unchanged\n");
    assert_eq!((status, &*stdout, &*stderr), (0, "", &*written));
    let up_to_date = format!("metrics.toml: {number} files up to date\n");
    let (status, stdout, stderr) = run(folder.path(), &["gen"]);
    assert_eq!((status, &*stdout, &*stderr), (0, "", &*up_to_date));
    let (status, stdout, stderr) = run(folder.path(), &["gen", "--check"]);
    assert_eq!((status, &*stdout, &*stderr), (0, "", &*up_to_date));
    assert_eq!(
        paths,
        [
            "generated/MANIFEST",
            "generated/alertmanager/alertmanager.yml",
            "generated/catalog.json",
            "generated/docker-compose.yml",
            "generated/docs/alerts.md",
            "generated/docs/metrics.md",
            "generated/docs/operations.md",
            "generated/docs/queries.md",
            "generated/docs/recording_rules.md",
            "generated/docs/runbooks/EmptyShelf.md",
            "generated/docs/runbooks/PaymentsFail.md",
            "generated/docs/runbooks/ShopClosed.md",
            "generated/docs/slos.md",
            "generated/grafana/dashboards/shop-checkout.json",
            "generated/grafana/dashboards/shop-on_call.json",
            "generated/grafana/dashboards/shop-overview.json",
            "generated/grafana/dashboards/shop-storage.json",
            "generated/grafana/provisioning/dashboards/shop.yml",
            "generated/grafana/provisioning/datasources/shop.yml",
            "generated/kubernetes/dashboards/shop-checkout.yml",
            "generated/kubernetes/dashboards/shop-on-call.yml",
            "generated/kubernetes/dashboards/shop-overview.yml",
            "generated/kubernetes/dashboards/shop-storage.yml",
            "generated/kubernetes/pod_monitors/shop-checkout.yml",
            "generated/kubernetes/pod_monitors/shop.yml",
            "generated/kubernetes/rules/shop-alerts-checkout.yml",
            "generated/kubernetes/rules/shop-alerts-storage.yml",
            "generated/kubernetes/rules/shop-recording.yml",
            "generated/kubernetes/service_monitors/shop-checkout.yml",
            "generated/kubernetes/service_monitors/shop.yml",
            "generated/mimir/rules/shop.alerts.checkout.yml",
            "generated/mimir/rules/shop.alerts.storage.yml",
            "generated/mimir/rules/shop.recording.yml",
            "generated/mixin/mixin.libsonnet",
            "generated/prometheus/prometheus.yml",
            "generated/prometheus/rules/shop.alerts.checkout.yml",
            "generated/prometheus/rules/shop.alerts.storage.yml",
            "generated/prometheus/rules/shop.recording.yml",
            "generated/prometheus/tests/shop.alerts.checkout.yml",
            "generated/prometheus/tests/shop.alerts.storage.yml",
            "generated/thanos/rules/shop.alerts.checkout.yml",
            "generated/thanos/rules/shop.alerts.storage.yml",
            "generated/thanos/rules/shop.recording.yml",
            "metrics.toml",
        ]
    );
}

#[test]
fn cargo_passes_the_subcommand_too() {
    let folder = workspace(SHOP);
    assert_eq!(run(folder.path(), &["streamhouse-metrics", "gen"]).0, 0);
    assert_eq!(run(folder.path(), &["gen", "--check"]).0, 0);
}

#[test]
fn check_of_outputs_shows_the_difference_and_writes_nothing() {
    let folder = workspace(SHOP);
    run(folder.path(), &["gen"]);
    let changed = SHOP.replace("Orders placed", "Orders taken");
    fs::write(folder.path().join("metrics.toml"), changed).unwrap();
    let before = files(folder.path());

    let (status, stdout, stderr) = run(folder.path(), &["gen", "--check"]);
    assert_eq!(status, 1);
    assert!(
        stdout.contains("--- a/generated/docs/metrics.md\n+++ b/generated/docs/metrics.md\n"),
        "{stdout}"
    );
    assert!(stdout.contains("\n+      \"description\": \"Orders taken"), "{stdout}");
    assert_eq!(stderr, "metrics.toml: 7 files stale; run `gen` and commit the result\n");

    let (status, difference, stderr) = run(folder.path(), &["gen", "--diff"]);
    assert_eq!((status, &*difference, &*stderr), (0, &*stdout, ""));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn only_some_outputs() {
    let folder = workspace(SHOP);
    let (status, _, stderr) = run(folder.path(), &["gen", "--only", "alerts", "catalog"]);
    let some = files(folder.path()).len() - 1;
    assert_eq!((status, stderr), (0, format!("metrics.toml: {some} files written, 0 unchanged\n")));
    assert_eq!(run(folder.path(), &["gen", "--only", "alerts,catalog", "--check"]).0, 0);
    assert_eq!(run(folder.path(), &["gen-alerts", "--check"]).0, 0);
    assert_eq!(run(folder.path(), &["gen-docs", "--check"]).0, 1);
    assert_eq!(
        run(folder.path(), &["gen-dashboards"]).2,
        "metrics.toml: 5 files written, 0 unchanged\n"
    );
    // The dashboards, too; the list of files is written each time.
    let unchanged = some - 1 + 4;
    let (_, _, stderr) = run(folder.path(), &["gen"]);
    let rest = files(folder.path()).len() - 1 - unchanged;
    let written = format!("metrics.toml: {rest} files written, {unchanged} unchanged\n");
    assert_eq!(stderr, written);
}

#[test]
fn dashboards_in_another_schema() {
    let bare = "namespace = \"bare\"\n[only.value]\ntype = \"gauge\"\nunit = \"items\"\n\
                help = \"A value\"\n";
    let folder = workspace(bare);
    run(folder.path(), &["gen"]);
    let classic = files(folder.path());
    let v2 = ["--grafana-schema", "v2"];
    let run = |command: &[&str]| run(folder.path(), &[command, &v2].concat());

    let (status, difference, stderr) = run(&["gen", "--check"]);
    assert_eq!(status, 1);
    assert!(difference.contains("\n+++ b/generated/grafana/v2/bare-only.json\n"), "{difference}");
    let remedy = "run `gen --grafana-schema v2` and commit the result";
    assert_eq!(stderr, format!("metrics.toml: 3 files stale; {remedy}\n"));
    assert_eq!(run(&["gen", "--diff"]), (0, difference, String::new()));
    assert_eq!(files(folder.path()), classic);

    let (status, _, stderr) = run(&["gen-dashboards"]);
    let written = "metrics.toml: 3 files written, 2 unchanged\n";
    assert_eq!((status, &*stderr), (0, written));
    assert_eq!(run(&["gen", "--check"]).0, 0);
    let resource = fs::read_to_string(folder.path().join("generated/grafana/v2/bare-only.json"));
    insta::assert_snapshot!("dashboard_of_schema_v2", resource.unwrap());

    // Whoever asks for them no more has them no more.
    let (status, _, stderr) = self::run(folder.path(), &["gen-dashboards"]);
    let removed = "metrics.toml: 1 file written, 2 removed, 2 unchanged\n";
    assert_eq!((status, &*stderr), (0, removed));
    assert_eq!(files(folder.path()), classic);

    let (status, _, stderr) = self::run(folder.path(), &["gen", "--grafana-schema", "v3"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("[possible values: classic, v2]"), "{stderr}");
}

#[test]
fn a_mistake_is_shown_and_nothing_is_written() {
    let folder = workspace(&SHOP.replace("\"counter\"", "\"conuter\""));
    let (status, stdout, stderr) = run(folder.path(), &["gen"]);
    assert_eq!((status, &*stdout), (1, ""));
    assert!(
        stderr.contains("metrics.toml:18:") && stderr.contains("did you mean `counter`?"),
        "{stderr}"
    );
    assert!(!stderr.contains('\x1b'), "colours without a terminal: {stderr:?}");
    assert!(!folder.path().join("generated").exists());
}

#[test]
fn check_for_programs() {
    let folder = workspace(&SHOP.replace("labels = [\"currency\"]", "labels = [\"curency\"]"));
    let (status, stdout, stderr) = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(status, 1);
    assert_eq!(stderr, "metrics.toml: 1 finding\n");
    let finding: Value = serde_json::from_str(stdout.trim_end()).unwrap();
    let field = |name: &str| finding[name].to_string();
    assert_eq!(field("file"), "\"metrics.toml\"");
    assert_eq!(
        [field("line"), field("column"), field("end_line"), field("end_column")],
        ["29", "12", "29", "19"]
    );
    assert_eq!([field("level"), field("id")], ["\"error\"", "\"unknown-label\""]);
    assert_eq!(field("label"), "null");

    let (status, stdout, _) = run(folder.path(), &["check", "--format", "github"]);
    assert_eq!(status, 1);
    let expected =
        "::error file=metrics.toml,line=29,col=12,endLine=29,endColumn=19,title=unknown-label::";
    assert!(stdout.starts_with(expected), "{stdout}");
    assert_eq!(stdout.lines().count(), 1);

    let (status, stdout, stderr) = run(folder.path(), &["check"]);
    assert_eq!((status, &*stdout), (1, ""));
    assert!(stderr.contains("did you mean `currency`?"), "{stderr}");
}

#[test]
fn check_without_findings() {
    let folder = workspace(SHOP);
    let (status, stdout, stderr) = run(folder.path(), &["check"]);
    assert_eq!((status, &*stdout), (0, ""));
    assert_eq!(stderr, "metrics.toml: 9 metrics, 3 alerts, 3 queries, 0 findings\n");
}

#[test]
fn wrong_usage_and_missing_files_are_status_2() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], said: &str| {
        let (status, stdout, stderr) = run(folder.path(), arguments);
        assert_eq!((status, &*stdout), (2, ""), "{arguments:?}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    };
    check(&["gen"], "cannot find `metrics.toml`: neither here nor in a folder above");
    check(&["gen", "--spec", "absent.toml"], "absent.toml");
    check(&["check", "--spec", "."], "directory");
    check(&["gen", "--only", "poems"], "invalid value 'poems'");
    check(&["frobnicate"], "unrecognized subcommand");
}

#[test]
fn answers_go_to_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let (status, schema, stderr) = run(folder.path(), &["schema"]);
    assert_eq!((status, &*stderr), (0, ""));
    assert!(serde_json::from_str::<Value>(&schema).unwrap().is_object());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (status, script, _) = run(folder.path(), &["completions", shell]);
        assert!(status == 0 && script.contains("gen-dashboards"), "{shell}");
    }
    let (status, help, _) = run(folder.path(), &["gen", "--help"]);
    assert!(status == 0 && help.contains("--only"), "{help}");
}

#[test]
fn a_reader_that_leaves_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["schema"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stderr)),
        (Some(0), "".into())
    );
}

#[test]
fn the_same_bytes_everywhere() {
    let here = workspace(SHOP);
    run(here.path(), &["gen"]);

    let elsewhere = workspace(&SHOP.replace('\n', "\r\n"));
    let below = elsewhere.path().join("some/folder");
    fs::create_dir_all(&below).unwrap();
    let status = command(&below, &["gen"])
        .envs([("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("HOME", "/nonexistent")])
        .envs([("CLICOLOR_FORCE", "1"), ("USER", "nobody")])
        .status()
        .unwrap();
    assert!(status.success());

    let generated = |folder: &TempDir| files(&folder.path().join("generated"));
    assert_eq!(generated(&here), generated(&elsewhere));
}

#[test]
fn files_beside_the_output_folder() {
    let settings = "[generate]\nmarkdown = [\"README.md\"]\nschema = \"editor/metrics.schema.json\"\n\n[labels]";
    let folder = workspace(&SHOP.replace("[labels]", settings));
    let readme = folder.path().join("README.md");
    fs::write(
        &readme,
        "# Shop\n\n<!-- streamhouse-metrics:alerts -->\n<!-- /streamhouse-metrics -->\n",
    )
    .unwrap();
    let (status, _, _) = run(folder.path(), &["gen"]);
    assert_eq!(status, 0);
    assert!(fs::read_to_string(&readme).unwrap().contains("| `EmptyShelf` | warning | 10m |"));
    let schema = fs::read_to_string(folder.path().join("editor/metrics.schema.json")).unwrap();
    assert_eq!(schema, run(folder.path(), &["schema"]).1);

    fs::write(&readme, "text\n<!-- streamhouse-metrics:alrets -->\n").unwrap();
    for command in ["gen-docs", "check"] {
        let (status, _, stderr) = run(folder.path(), &[command]);
        assert_eq!(status, 1);
        assert_eq!(stderr, "error: README.md:2: unknown part `alrets`; did you mean `alerts`?\n");
    }
    fs::remove_file(&readme).unwrap();
    let (status, _, stderr) = run(folder.path(), &["check"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("README.md`: no such file"), "{stderr}");
}

#[test]
fn a_kill_leaves_every_file_whole() {
    let (old, new) = (workspace(SHOP), workspace(&SHOP.replace("Corner", "Another")));
    run(old.path(), &["gen"]);
    run(new.path(), &["gen"]);
    let (old, new) = (files(&old.path().join("generated")), files(&new.path().join("generated")));

    let folder = workspace(SHOP);
    run(folder.path(), &["gen"]);
    for round in 0..40 {
        let title = if round % 2 == 0 { "Another" } else { "Corner" };
        fs::write(folder.path().join("metrics.toml"), SHOP.replace("Corner", title)).unwrap();
        let mut child = command(folder.path(), &["gen"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(500 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = files(&folder.path().join("generated"));
        let whole = found.iter().filter(|(path, _)| !path.contains("/.") && !path.starts_with('.'));
        let whole: Vec<_> = whole.collect();
        assert_eq!(whole.len(), old.len());
        for file in whole {
            assert!(old.contains(file) || new.contains(file), "{} is neither old nor new", file.0);
        }
    }
    assert_eq!(run(folder.path(), &["gen"]).0, 0);
    assert_eq!(files(&folder.path().join("generated")).len(), old.len());
}

/// A dashboard that selects what nobody chose.
const ORDERS: &str = r#"{
    "uid": "orders", "title": "Orders", "editable": false,
    "templating": { "list": [
        { "type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus" },
        { "type": "query", "name": "job", "label": "Job", "datasource": "$datasource", "refresh": 2,
          "query": "label_values(up, job)", "multi": true, "allValue": ".+" },
        { "type": "query", "name": "instance", "label": "Instance", "datasource": "$datasource",
          "refresh": 2, "query": "label_values(up, instance)", "multi": true, "allValue": ".+" }
    ] },
    "panels": [{
        "type": "timeseries", "title": "Shelves", "description": "What is left",
        "datasource": "$datasource", "fieldConfig": { "defaults": { "unit": "short" } },
        "targets": [{ "refId": "A", "expr": "shop_storage_shelf_items{job=~\"$job\"}" }]
    }]
}"#;

#[test]
fn dashboards_that_people_wrote_are_held_against_the_rules() {
    let folder = workspace(SHOP);
    let good = ORDERS.replace("$job\\\"", "$job\\\", instance=~\\\"$instance\\\"");
    fs::write(folder.path().join("good.json"), good).unwrap();
    fs::write(folder.path().join("bad.json"), ORDERS).unwrap();
    let (status, stdout, stderr) = run(folder.path(), &["lint-dashboard", "good.json"]);
    assert_eq!((status, &*stdout, &*stderr), (0, "", "1 dashboard, 0 findings\n"));
    let (status, stdout, stderr) = run(folder.path(), &["lint-dashboard", "good.json", "bad.json"]);
    let expected = r#"error[target-instance-rule]: `shop_storage_shelf_items{job=~"$job"}` has no matcher `instance=~"$instance"`
 --> bad.json: panel `Shelves`, query `A`

2 dashboards, 1 finding
"#;
    assert_eq!((status, &*stdout, &*stderr), (1, "", expected));
    let arguments = ["lint-dashboard", "bad.json", "--format", "json"];
    let (status, stdout, stderr) = run(folder.path(), &arguments);
    let finding: Value = serde_json::from_str(&stdout).unwrap();
    let of = ["file", "dashboard", "panel", "query", "level", "id"].map(|key| &finding[key]);
    assert_eq!(of, ["bad.json", "orders", "Shelves", "A", "error", "target-instance-rule"]);
    assert_eq!((status, &*stderr), (1, "1 dashboard, 1 finding\n"));
}

#[test]
fn what_is_no_dashboard_is_not_judged() {
    let folder = workspace(SHOP);
    for (text, status, why) in [
        (Some("{"), 1, "`a.json` is no JSON: EOF while parsing an object at line 1 column 1"),
        (
            Some("{\"apiVersion\": \"dashboard.grafana.app/v2\", \"spec\": {}}"),
            1,
            "`a.json` is no dashboard in the classic model: it has no `panels`",
        ),
        (None, 2, "cannot read `a.json`: "),
    ] {
        let path = folder.path().join("a.json");
        text.map_or_else(|| fs::remove_file(&path), |text| fs::write(&path, text)).unwrap();
        let (code, stdout, stderr) = run(folder.path(), &["lint-dashboard", "a.json"]);
        assert_eq!((code, &*stdout), (status, ""));
        assert!(stderr.starts_with(&format!("error: {why}")), "{stderr}");
    }
}
