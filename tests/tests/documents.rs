//! What the documents say: every command is tried, every link leads somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use streamhouse_metrics_spec::render::{Style, render_all};
use streamhouse_metrics_spec::{Diagnostic, Sources, check_text};
use streamhouse_metrics_tests::{
    cargo, finish, generated, generated_files, scratch_folder, workspace_root,
};

/// Commands that run here as they stand.
const RUN_HERE: &[&str] = &["cargo xtask gen --check", "cargo xtask check"];

/// Commands that are tried otherwise, and where.
const TRIED_ELSEWHERE: &[(&str, &str)] = &[
    ("cargo xtask test", "it runs this; below, .ci/run is shown to call it"),
    ("cargo xtask test --long", "it takes a quarter of an hour; each run tries the same in short"),
    ("cargo xtask demo", "below, with an end"),
    ("cargo xtask demo --chaos", "demo.rs runs it until alerts fire"),
    ("cargo xtask preview", "preview.rs tries what it refuses; a load of minutes is for people"),
    ("cargo xtask preview --from http://localhost:9090", "as above"),
    ("cargo xtask gen", "gen --check runs the same code; elsewhere.rs lets it write"),
    ("cargo xtask bench", "it takes minutes and the peers of benches/; .ci/run lints that crate"),
    ("cargo xtask bench --quick", "as above"),
    ("cargo xtask bench --system", "as above"),
    ("cargo xtask bench specification", "below, for one round"),
    (
        "cargo xtask query 'sum by (topic) (rate(streamhouse_producer_records_sent_total[5m]))'",
        "below, as one argument",
    ),
    ("cargo streamhouse-metrics", "elsewhere.rs installs and runs it"),
    ("cargo run --features metrics", "below, as a crate of the README's own samples"),
    ("cargo test --features metrics", "as above"),
    (
        "curl -G http://localhost:9090/api/v1/query --data-urlencode 'query=up{job=\"streamhouse-agents\"}'",
        "demo.rs asks a real Prometheus",
    ),
    (
        "curl -G http://localhost:9090/api/v1/query --data-urlencode \
         'query=streamhouse_producer_records_sent_total'",
        "as above",
    ),
    ("curl http://localhost:8080/health", "demo.rs asks an agent of the demo"),
    ("curl http://localhost:8080/metrics", "as above"),
    (
        "cargo run --package streamhouse-client --features metrics --example producer_with_metrics",
        "below",
    ),
    ("cargo streamhouse-metrics gen", "elsewhere.rs installs and runs it"),
    ("cargo xtask gen-dashboards", "dashboards_v2.rs runs it"),
    ("cargo streamhouse-metrics gen --grafana-schema v2", "dashboards_v2.rs runs it as an xtask"),
    (
        "curl -u admin -H 'Content-Type: application/json' -d @generated/grafana/v2/streamhouse-overview.json \
         http://localhost:3000/apis/dashboard.grafana.app/v2/namespaces/default/dashboards",
        "there is no Grafana; dashboards_v2.rs has its types judge the file",
    ),
    (
        "jsonnet -m . -e '(import \"mixin/mixin.libsonnet\").grafanaDashboards'",
        "mixin.rs evaluates it",
    ),
    (
        "jsonnet -S -e 'std.manifestYamlDoc((import \"mixin/mixin.libsonnet\").prometheusAlerts)'",
        "as above",
    ),
    (
        "jsonnet -S -e 'std.manifestYamlDoc((import \"mixin/mixin.libsonnet\").prometheusRules)'",
        "as above",
    ),
    (
        "cargo streamhouse-metrics lint-dashboard dashboards/*.json",
        "command.rs of the package runs it",
    ),
    ("cargo install streamhouse-metrics-codegen", "elsewhere.rs installs it from its folder"),
];

#[test]
fn every_command_in_the_documents_is_tried() {
    let known = RUN_HERE.iter().chain(TRIED_ELSEWHERE.iter().map(|(command, _)| command));
    let known: BTreeSet<&str> = known.copied().collect();
    let mut shown = BTreeSet::new();
    for document in documents() {
        let text = read(&document);
        for command in commands(&text) {
            assert!(
                known.contains(&*command),
                "{}: `{command}` is tried nowhere",
                document.display()
            );
            shown.insert(command);
        }
    }
    for command in RUN_HERE {
        assert!(shown.contains(*command), "no document shows `{command}` any more");
        let arguments = command.split(' ').skip(1);
        let mut run = cargo();
        run.args(arguments);
        let finished = finish(run, b"", Duration::from_secs(300));
        assert_eq!(
            finished.code,
            Some(0),
            "`{command}` fails:\n{}{}",
            finished.stdout,
            finished.stderr
        );
    }
}

#[test]
fn the_demo_derives_records_serves_and_ends() {
    let mut demo = cargo();
    demo.args(["xtask", "demo", "--listen", "127.0.0.1:0", "--for", "3s"]);
    let finished = finish(demo, b"", Duration::from_secs(600));
    assert_eq!(finished.code, Some(0), "{}{}", finished.stdout, finished.stderr);
    let lines = finished.stdout.lines();
    let served = lines.filter_map(|line| line.strip_prefix("serving http://127.0.0.1:"));
    let served = served.filter_map(|line| line.split_once("/metrics  (").map(|(_, name)| name));
    assert!(served.eq(["producers)", "consumers)", "agent-1)"]), "{}", finished.stdout);
    assert!(finished.stdout.contains("generated/"), "it does not say where the outputs are");
}

#[test]
fn the_demo_sums_up_for_programs() {
    let mut demo = cargo();
    demo.args(["xtask", "demo", "--listen", "127.0.0.1:0", "--for", "3s", "--agents", "3"]);
    demo.args(["--format", "json"]);
    let finished = finish(demo, b"", Duration::from_secs(600));
    assert_eq!(finished.code, Some(0), "{}{}", finished.stdout, finished.stderr);
    let summary = finished.stdout.lines().find(|line| line.starts_with('{')).expect("an object");
    let summary: serde_json::Value = serde_json::from_str(summary).expect("JSON");
    assert!(summary["all"]["sent_per_second"].as_f64().is_some_and(|sent| sent > 0.0));
    assert_eq!(summary["agents"]["partitions"], 9.0, "all leases are held");
}

#[test]
fn the_benchmark_prints_ratios() {
    let mut bench = cargo();
    bench.args(["xtask", "bench", "specification", "--rounds", "1"]);
    let finished = finish(bench, b"", Duration::from_secs(600));
    assert_eq!(finished.code, Some(0), "{}{}", finished.stdout, finished.stderr);
    for column in ["ratio to an empty crate", "time ratio to the size before"] {
        assert!(finished.stdout.contains(column), "{}", finished.stdout);
    }
}

#[test]
fn the_merge_check_is_the_test_command_of_the_readme() {
    let merge_check = read(&workspace_root().join(".ci/run"));
    assert_eq!(merge_check.lines().last(), Some("cargo xtask test"));
    assert!(read(&workspace_root().join("README.md")).contains("```sh\ncargo xtask test\n```"));
}

#[test]
fn the_specifications_in_the_documents_are_right() {
    let mut specifications = 0;
    // Pages about lints show what is wrong on purpose, and have a test of their own.
    let lints = workspace_root().join("docs/lints");
    for document in documents().into_iter().filter(|document| !document.starts_with(&lints)) {
        for block in blocks(&read(&document), "toml") {
            if block.contains("namespace =") {
                let checked = check_text(&block).unwrap_or_else(|rejected| {
                    panic!(
                        "{}:\n{}",
                        document.display(),
                        shown(&rejected.diagnostics, &rejected.sources)
                    )
                });
                let found = shown(&checked.diagnostics, &checked.sources);
                assert_eq!(found, "", "{}", document.display());
                specifications += 1;
            }
        }
    }
    assert!(specifications >= 2, "the documents show no specification any more");
}

#[test]
fn the_samples_of_the_readme_are_one_crate() {
    let readme = read(&workspace_root().join("README.md"));
    let toml = blocks(&readme, "toml");
    let features = toml.iter().find(|block| block.starts_with("[features]")).expect("features");
    let root = workspace_root().display();
    let path = format!("streamhouse-metrics = {{ path = \"{root}/runtime\" }}");
    let features = features.replace("streamhouse-metrics = \"0.1\"", &path);
    let scratch = scratch_folder();
    let write =
        |file: &str, text: &str| fs::write(scratch.path().join(file), text).expect("writable");
    fs::create_dir(scratch.path().join("src")).expect("a folder can be made");
    let package =
        "[package]\nname = \"sample\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    write("Cargo.toml", &format!("{package}{features}\n"));
    write("metrics.toml", &toml[0]);
    write("src/main.rs", &blocks(&readme, "rust")[0]);
    fs::copy(workspace_root().join("Cargo.lock"), scratch.path().join("Cargo.lock"))
        .expect("a lock file");
    let commands =
        [&["run", "--features", "metrics"][..], &["test", "--features", "metrics"], &["run"]];
    for arguments in commands {
        let mut run = Command::new(env!("CARGO"));
        run.current_dir(scratch.path()).args(arguments);
        run.env("CARGO_TARGET_DIR", workspace_root().join("target/elsewhere"));
        let finished = finish(run, b"", Duration::from_secs(600));
        assert_eq!(finished.code, Some(0), "{arguments:?}\n{}", finished.stderr);
    }
}

#[test]
fn the_example_shows_what_a_producer_exposes() {
    let mut run = cargo();
    run.args(["run", "--package", "streamhouse-client", "--features", "metrics"]);
    run.args(["--example", "producer_with_metrics"]);
    let finished = finish(run, b"", Duration::from_secs(600));
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let sample = "streamhouse_producer_batch_size_records_sum{topic=\"orders\"} 1000.0\n";
    assert!(finished.stdout.contains(sample), "{}", finished.stdout);
}

#[test]
fn every_package_carries_its_licences() {
    for package in ["spec", "macros", "runtime", "codegen"] {
        let mut list = cargo();
        list.args(["package", "--list", "--allow-dirty", "--manifest-path"]);
        list.arg(workspace_root().join(package).join("Cargo.toml"));
        let finished = finish(list, b"", Duration::from_secs(60));
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            assert!(
                finished.stdout.lines().any(|line| line == file),
                "{package}: no {file}\n{}",
                finished.stderr
            );
        }
    }
}

#[test]
fn the_readme_shows_a_real_diagnostic() {
    let readme = read(&workspace_root().join("README.md"));
    let sample = &blocks(&readme, "toml")[0];
    let rejected =
        check_text(&sample.replacen("[\"topic\"", "[\"topci\"", 1)).expect_err("misspelt");
    let expected = shown(&rejected.diagnostics, &rejected.sources);
    assert!(
        blocks(&readme, "text").iter().any(|block| block == expected.trim_end_matches('\n')),
        "\n{expected}"
    );
}

#[test]
fn the_readme_shows_real_answers() {
    let readme = read(&workspace_root().join("README.md"));
    let ask = |expr: &str| {
        let mut run = cargo();
        run.args(["xtask", "query", expr]);
        finish(run, b"", Duration::from_secs(300))
    };
    let shell = blocks(&readme, "sh");
    let asked = shell.iter().find_map(|block| block.trim().strip_prefix("cargo xtask query '"));
    let answer = ask(asked.expect("a question").trim_end_matches('\''));
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    assert!(answer.stdout.contains("records/s"), "{}", answer.stdout);

    let shown = blocks(&readme, "text").into_iter().find(|block| block.contains("[no-match]"));
    let shown = shown.expect("an answer");
    let expr = shown.lines().find_map(|line| line.strip_prefix("1 | ")).expect("its question");
    let answer = ask(expr);
    assert_eq!(answer.code, Some(1));
    assert!(answer.stdout.ends_with(&format!("\n{shown}\n")), "{}", answer.stdout);
}

#[test]
fn every_link_leads_somewhere() {
    let mut checked = 0;
    for document in documents() {
        let text = read(&document);
        for target in links(&text) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = match file {
                "" => document.clone(),
                file => document.parent().expect("in a folder").join(file),
            };
            assert!(path.exists(), "{}: `{target}` leads nowhere", document.display());
            if !anchor.is_empty() {
                let known = anchors(&read(&path));
                assert!(
                    known.contains(anchor),
                    "{}: `{target}` has no such anchor",
                    document.display()
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 30, "only {checked} links were found");
}

/// As somebody follows them whose page it is.
#[test]
fn every_alert_leads_to_its_runbook() {
    let catalog = generated("catalog.json");
    let catalog: serde_json::Value = serde_json::from_str(&catalog).expect("JSON");
    let specification = streamhouse_metrics_spec::load(&workspace_root().join("metrics.toml"));
    let specification = specification.expect("metrics.toml is in order").catalog;
    let published = specification.generate.published.as_deref().expect("an address");
    let rules: String = generated_files(".yml").into_iter().map(|(_, text)| text).collect();
    let alerts = catalog["alerts"].as_array().expect("a list");
    assert_eq!(alerts.len(), 20);
    for alert in alerts {
        let name = alert["name"].as_str().expect("a name");
        let address = format!("{published}/docs/runbooks/{name}.md");
        assert!(rules.contains(&format!("runbook_url: \"{address}\"")), "{name}");
        let page = read(&workspace_root().join(format!("generated/docs/runbooks/{name}.md")));
        assert!(page.contains(alert["expr"].as_str().expect("an expression")), "{name}");
    }
}

/// Every Markdown file for readers, hand-written or generated.
fn documents() -> Vec<PathBuf> {
    let root = workspace_root();
    let mut documents = Vec::new();
    for folder in ["", "docs", "docs/lints", "generated/docs", "generated/docs/runbooks"] {
        let entries = fs::read_dir(root.join(folder)).expect("a folder of documents");
        let paths = entries.map(|entry| entry.expect("readable").path());
        documents
            .extend(paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")));
    }
    assert!(documents.len() > 6, "{documents:?}");
    documents
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let opened = text.split(&fence).skip(1);
    opened.filter_map(|rest| Some(rest.split_once("\n```")?.0.to_owned())).collect()
}

fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    render_all(diagnostics, sources, Style::Plain)
}

/// Commands in shell blocks and in code spans.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language) };
        } else if fence == Some("sh") {
            commands.push(line.trim().to_owned());
        } else if fence.is_none() {
            let spans = line.split('`').skip(1).step_by(2);
            let whole =
                |span: &&str| span.starts_with("cargo ") && !span.contains(char::is_uppercase);
            commands.extend(spans.filter(whole).map(str::to_owned));
        }
    }
    commands
}

/// Targets of links outside code blocks.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced {
            let ends = line.match_indices("](").filter_map(|(at, _)| {
                let target = &line[at + 2..];
                Some(target[..target.find(')')?].to_owned())
            });
            links.extend(ends);
        }
    }
    links
}

/// Names that a link into a document can use: headings as GitHub spells them, and explicit ones.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept =
                heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            anchors.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
        for (at, marker) in line.match_indices("<a id=\"") {
            let rest = &line[at + marker.len()..];
            anchors.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    anchors
}
