//! A workspace elsewhere, with a namespace and a specification of its own: it gets everything by
//! one dependency and a three-line xtask, or by one `cargo install`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use streamhouse_metrics_tests::{
    Finished, accepted, finish, promtool_check_rules, scratch_folder, workspace_root,
};

const SPECIFICATION: &str = r#"
namespace = "shop"
title     = "Corner shop"

[labels]
currency = { help = "Currency of an order", values = ["eur", "usd"] }

[checkout.orders]
type   = "counter"
unit   = "items"
labels = ["currency"]
help   = "Orders placed"

[alerts.NoOrders]
expr        = "sum(rate(shop_checkout_orders_total[1h])) == 0"
for         = "1h"
severity    = "info"
summary     = "Nobody buys anything"
description = "No order within an hour"
"#;

const PROGRAM: &str = r#"
use streamhouse_metrics::{Registry, StreamhouseMetrics};

#[derive(StreamhouseMetrics)]
#[metrics(component = "checkout")]
struct CheckoutMetrics(CheckoutRecorder);

fn main() {
    let mut registry = Registry::new();
    let metrics = CheckoutMetrics::new(&mut registry);
    metrics.orders(checkout::Currency::Eur).inc_by(3);
    print!("{}", registry.to_text());
}
"#;

const XTASK: &str = "\
fn main() -> std::process::ExitCode {
    streamhouse_metrics_codegen::main()
}
";

#[test]
fn a_workspace_elsewhere_gets_everything() {
    let scratch = scratch_folder();
    let folder = scratch.path();
    lay_out(folder);

    let xtask = |arguments: &[&str]| {
        cargo(folder, &["run", "--quiet", "--package", "xtask", "--"], arguments)
    };
    assert_eq!(succeeded(xtask(&["check"])), "");
    succeeded(xtask(&["gen"]));
    succeeded(xtask(&["gen", "--check"]));
    let docs = fs::read_to_string(folder.join("generated/docs/metrics.md")).expect("generated");
    assert!(docs.contains("`shop_checkout_orders_total`"), "{docs}");
    assert!(!docs.to_lowercase().contains("streamhouse_"), "{docs}");
    assert!(folder.join("generated/grafana/dashboards/shop-checkout.json").is_file());
    accepted(promtool_check_rules(
        &folder.join("generated/prometheus/rules/shop.alerts.checkout.yml"),
    ));

    // The service itself records under the same names.
    let scrape = succeeded(cargo(folder, &["run", "--quiet", "--package", "shop"], &[]));
    assert_eq!(
        scrape,
        "# HELP shop_checkout_orders Orders placed\n# TYPE shop_checkout_orders counter\n\
         shop_checkout_orders_total{currency=\"eur\"} 3\nshop_checkout_orders_total{currency=\"usd\"} 0\n\
         # EOF\n"
    );

    // A mistake reads the same from the command line and from the derive, and touches no output.
    fs::write(folder.join("metrics.toml"), SPECIFICATION.replace("\"items\"", "\"itms\""))
        .expect("writable");
    let gen_said = xtask(&["gen"]);
    assert_eq!(gen_said.code, Some(1));
    let derive_said = cargo(folder, &["check", "--quiet", "--package", "shop"], &[]);
    let diagnostic = "error[unknown-unit]: unknown unit `itms`";
    assert!(gen_said.stderr.contains(diagnostic), "{}", gen_said.stderr);
    assert!(derive_said.stderr.contains(diagnostic), "{}", derive_said.stderr);
    assert_eq!(
        fs::read_to_string(folder.join("generated/docs/metrics.md")).expect("still there"),
        docs
    );

    // The installed command is the same one.
    fs::write(folder.join("metrics.toml"), SPECIFICATION).expect("writable");
    let codegen = workspace_root().join("codegen");
    let install =
        ["install", "--quiet", "--debug", "--offline", "--locked", "--root", "installed", "--path"];
    succeeded(cargo(folder, &install, &[&codegen.to_string_lossy()]));
    let installed = folder.join("installed/bin");
    let mut command = Command::new(env!("CARGO"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([installed].into_iter().chain(std::env::split_paths(&path)));
    command.current_dir(folder).env("PATH", path.expect("a path")).args([
        "streamhouse-metrics",
        "gen",
        "--check",
    ]);
    succeeded(finish(command, b"", Duration::from_secs(60)));
}

/// Writes a workspace of two crates: a service, and its xtask.
fn lay_out(folder: &Path) {
    let root = workspace_root().display();
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    let package = |name: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n")
    };
    write("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"xtask\"]\nresolver = \"3\"\n");
    write("metrics.toml", SPECIFICATION);
    write(
        "shop/Cargo.toml",
        &format!(
            "{}\n[features]\ndefault = [\"metrics\"]\nmetrics = [\"streamhouse-metrics/metrics\"]\n\n\
             [dependencies]\nstreamhouse-metrics = {{ path = \"{root}/runtime\" }}\n",
            package("shop")
        ),
    );
    write("shop/src/main.rs", PROGRAM);
    write(
        "xtask/Cargo.toml",
        &format!(
            "{}\n[dependencies]\nstreamhouse-metrics-codegen = {{ path = \"{root}/codegen\" }}\n",
            package("xtask")
        ),
    );
    write("xtask/src/main.rs", XTASK);
    // The versions that this repository has locked and fetched.
    fs::copy(workspace_root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
}

/// A cargo of its own in the scratch workspace; what it compiles is kept for the next run.
fn cargo(folder: &Path, command: &[&str], arguments: &[&str]) -> Finished {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).args(command).args(arguments);
    cargo.env("CARGO_TARGET_DIR", workspace_root().join("target/elsewhere"));
    finish(cargo, b"", Duration::from_secs(600))
}

/// What a command said that went well.
fn succeeded(finished: Finished) -> String {
    assert_eq!(finished.code, Some(0), "{}\n{}", finished.stdout, finished.stderr);
    finished.stdout
}
