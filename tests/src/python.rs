//! Judges in Python: the strictest OpenMetrics parser, and both versions of YAML.

use std::time::Duration;

use serde_json::Value;

use crate::workspace::own_file;
use crate::{Finished, Verdict, finish, tool};

/// Reads an OpenMetrics body by the strictest parser there is.
///
/// What it read is an object of families, each with `type`, `help`, `unit` and
/// the number of `samples`.
pub fn strict_openmetrics(body: &str) -> Verdict<Value> {
    judge("openmetrics.py", body)
}

/// Reads a YAML document by 1.1 and 1.2, which must read the same plain data.
pub fn yaml_1_1_and_1_2_agree(text: &str) -> Verdict<Value> {
    judge("yaml_versions.py", text)
}

fn judge(script: &str, input: &str) -> Verdict<Value> {
    let mut python = tool("python");
    python.arg(own_file("python").join(script));
    let Finished { code, stdout, stderr } =
        finish(python, input.as_bytes(), Duration::from_secs(60));
    match code {
        Some(0) => Ok(serde_json::from_str(&stdout).expect("a judge answers in JSON")),
        Some(3) => Err(stderr),
        _ => panic!("{script} broke: {code:?}\n{stderr}"),
    }
}
