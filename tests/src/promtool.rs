//! promtool, Prometheus's own judge of rule files and of the text format.

use std::path::Path;
use std::time::Duration;

use crate::{Finished, Verdict, finish, tool};

/// Judges a rule file; its lints count.
pub fn promtool_check_rules(path: &Path) -> Verdict {
    assert!(path.is_file(), "there is no rule file {}", path.display());
    let mut promtool = tool("promtool");
    promtool.args(["check", "rules", "--lint=all", "--lint-fatal"]);
    promtool.arg(path);
    verdict(finish(promtool, b"", Duration::from_secs(60)))
}

/// Judges a configuration of Prometheus, and the rule files that it names.
pub fn promtool_check_config(path: &Path) -> Verdict {
    let mut promtool = tool("promtool");
    promtool.args(["check", "config"]).arg(path);
    verdict(finish(promtool, b"", Duration::from_secs(60)))
}

/// Runs a file of rule tests.
pub fn promtool_test_rules(path: &Path) -> Verdict {
    let mut promtool = tool("promtool");
    promtool.args(["test", "rules"]).arg(path);
    verdict(finish(promtool, b"", Duration::from_secs(60)))
}

/// Judges a body in the text format 0.0.4; it does not know OpenMetrics.
pub fn promtool_check_metrics(body: &str) -> Verdict {
    let mut promtool = tool("promtool");
    promtool.args(["check", "metrics"]);
    verdict(finish(promtool, body.as_bytes(), Duration::from_secs(60)))
}

fn verdict(finished: Finished) -> Verdict {
    let Finished { code, stdout, stderr } = finished;
    match code {
        Some(0) => Ok(()),
        // 1 is an error in the input, 3 a finding of a lint.
        Some(1 | 3) => Err(stdout + &stderr),
        _ => panic!("promtool broke: {code:?}\n{stderr}"),
    }
}
