//! Grafana's own types, by which the TypeScript compiler judges dashboards.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::workspace::own_file;
use crate::{Finished, Verdict, finish, scratch_folder, tool};

/// Judges dashboards in the classic model, given by name and JSON text.
///
/// Each becomes one TypeScript file of its name, so that a refusal says which;
/// all are judged in one run, since starting the compiler costs the most.
pub fn grafana_types<'a>(dashboards: impl IntoIterator<Item = (&'a str, &'a str)>) -> Verdict {
    let grafana = own_file("grafana").canonicalize().expect("tests/grafana is there");
    let dashboard_type = json!(grafana.join("dashboard"));

    let scratch = scratch_folder();
    let mut files = Vec::new();
    for (name, text) in dashboards {
        let file = format!("{name}.ts");
        let source = format!(
            "import type {{ ClassicDashboard }} from {dashboard_type};\n\
             ({text}) satisfies ClassicDashboard;\n"
        );
        fs::write(scratch.path().join(&file), source).expect("a scratch file can be written");
        files.push(file);
    }
    assert!(!files.is_empty(), "there is no dashboard to judge");
    let project = json!({ "extends": grafana.join("tsconfig.json"), "files": files });
    fs::write(scratch.path().join("tsconfig.json"), project.to_string())
        .expect("a scratch file can be written");

    let mut compiler = tool("tsc");
    compiler.args(["--pretty", "false", "--project"]).arg(scratch.path());
    compiler.current_dir(scratch.path());
    let Finished { code, stdout, stderr } = finish(compiler, b"", Duration::from_secs(120));
    match code {
        Some(0) => Ok(()),
        // A complaint with a place is about a dashboard, any other about the compiler's use.
        Some(_) if stdout.lines().any(|line| line.contains(".ts(")) => Err(stdout),
        _ => panic!("tsc broke: {code:?}\n{stdout}{stderr}"),
    }
}
