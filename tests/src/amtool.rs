//! amtool, Alertmanager's own judge of its configuration.

use std::path::Path;
use std::time::Duration;

use crate::{Finished, Verdict, finish, tool};

/// Judges a configuration of Alertmanager, and the templates that it names.
pub fn amtool_check_config(path: &Path) -> Verdict {
    assert!(path.is_file(), "there is no configuration {}", path.display());
    let mut amtool = tool("amtool");
    amtool.arg("check-config").arg(path);
    verdict(finish(amtool, b"", Duration::from_secs(60))).map(drop)
}

/// The receivers of an alert with these labels, in the order of the routes.
pub fn amtool_routes(path: &Path, labels: &[(&str, &str)]) -> Verdict<Vec<String>> {
    let said = routes(path, labels, &[])?;
    Ok(said.trim_end().split(',').map(str::to_owned).collect())
}

/// Judges whether an alert with these labels goes to these receivers, in this order, and to nobody
/// else.
pub fn amtool_verify_receivers(
    path: &Path,
    labels: &[(&str, &str)],
    receivers: &[&str],
) -> Verdict {
    assert!(!receivers.is_empty(), "every alert has a receiver");
    routes(path, labels, &[format!("--verify.receivers={}", receivers.join(","))]).map(drop)
}

fn routes(path: &Path, labels: &[(&str, &str)], verify: &[String]) -> Verdict<String> {
    assert!(path.is_file(), "there is no configuration {}", path.display());
    let mut amtool = tool("amtool");
    amtool.args(["config", "routes", "test"]).args(verify);
    amtool.arg(format!("--config.file={}", path.display()));
    // Quoted as matchers are, since that is how they are read.
    amtool.args(labels.iter().map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    }));
    verdict(finish(amtool, b"", Duration::from_secs(60)))
}

/// What it said, if it had no complaint about the configuration.
fn verdict(finished: Finished) -> Verdict<String> {
    let Finished { code, stdout, stderr } = finished;
    match code {
        Some(0) => Ok(stdout),
        // It ends like this whatever is wrong; labels that it cannot read are our fault.
        Some(1) if !stderr.contains("Failed to parse labels") => Err(stdout + &stderr),
        _ => panic!("amtool broke: {code:?}\n{stderr}"),
    }
}
