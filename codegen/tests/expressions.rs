//! Alerts and queries that cannot work are refused, with carets in the file.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::process::{Command, Output};

const SHOP: &str = r#"
namespace = "shop"

[labels]
currency = { help = "Currency of an order", values = ["eur", "usd"] }
queue    = { help = "Name of a queue", limit = 100 }

[checkout.orders]
type   = "counter"
unit   = "items"
labels = ["currency"]
help   = "Orders placed"

[checkout.depth]
type   = "gauge"
unit   = "items"
labels = ["queue"]
help   = "Orders that wait"
"#;

/// Checks the shop with something more, and returns the exit status and what was said.
#[track_caller]
fn check(more: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("metrics.toml"), format!("{SHOP}{more}")).unwrap();
    let Output { status, stderr, .. } =
        Command::new(env!("CARGO_BIN_EXE_cargo-streamhouse-metrics"))
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .arg("check")
            .output()
            .unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_mistake_is_shown_within_the_file() {
    let (status, said) = check(
        r#"
[queries.trend]
expr = """
rate(
  shop_checkout_depth{queue=\"a\"}[5m] \
)
"""
help = "How fast the queue grows"
"#,
    );
    let expected = r#"
error[rate-of-gauge]: `rate` of a gauge: each time it falls counts as a restart
  --> metrics.toml:22:1
   |
22 | rate(
   | ^^^^
   |
   = help: write `deriv`
"#;
    assert_eq!((status, said.contains(expected.trim_start())), (1, true), "{said}");

    let (_, said) = check(
        "
[alerts.Waits]
expr        = 'shop_checkout_depth{queue=\"a\"} > 1 and on (currency) shop_checkout_orders_total'
summary     = 'Orders wait'
description = 'Too many orders wait'
severity    = 'warning'
",
    );
    assert!(said.contains("error[no-match]: only the right side has a label `currency`"), "{said}");
}

#[test]
fn what_is_no_expression_is_refused() {
    let (status, said) = check("[queries.broken]\nexpr = 'sum(up'\nhelp = 'Broken'\n");
    assert_eq!(status, 1);
    assert!(said.contains("error[query-syntax]: expected `,` or `)`"), "{said}");
}

#[test]
fn what_is_right_to_be_silent_is() {
    let alert = |allow: &str| {
        format!(
            "[alerts.Always]\nexpr = 'vector(1)'\nsummary = 'S'\ndescription = 'D'\nseverity = 'info'\nallow = [{allow}]\n"
        )
    };
    let (status, said) = check(&alert(""));
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("warning[always-fires]"), "{said}");
    let (_, said) = check(&alert("{ lint = 'always-fires', reason = 'a watchdog' }"));
    assert!(!said.contains("always-fires"), "{said}");
    let (_, said) = check(&alert(
        "{ lint = 'always-fires', reason = 'on purpose' }, { lint = 'no-match', reason = 'no' }",
    ));
    assert!(said.contains("warning[unused-allow]: nothing here needs `no-match`"), "{said}");

    let lints = "[lints]\nrate-of-gauge = 'warn'\n";
    let query = "[queries.trend]\nexpr = 'rate(shop_checkout_depth[5m])'\nhelp = 'Trend'\n";
    let (status, said) = check(&format!("{lints}{query}"));
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("warning[rate-of-gauge]"), "{said}");
}

/// Of other systems' metrics nothing is known, so nothing is found.
#[test]
fn nothing_is_said_about_what_is_not_known() {
    let queries = "[queries.others]
expr = 'sum by (pod) (rate(container_cpu_usage_seconds_total[5m])) / on (pod) group_left (node) kube_pod_info'
help = 'Of others'
";
    let (status, said) = check(queries);
    assert_eq!((status, &*said), (0, "metrics.toml: 2 metrics, 0 alerts, 1 query, 0 findings\n"));
}
