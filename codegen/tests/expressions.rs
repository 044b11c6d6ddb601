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
fn a_text_that_prometheus_cannot_fill_in_is_refused() {
    let check = |description: &str| {
        check(&format!(
            "
[alerts.Waits]
expr        = 'max by (queue) (shop_checkout_depth) > 10'
for         = '5m'
runbook     = 'https://shop.example'
summary     = 'Orders wait'
severity    = 'warning'
description = {description}
"
        ))
    };
    for (description, expected) in [
        (
            r#""\"{{ $labels.queue }}\": {{ $value | humanise }}""#,
            r#"
26 | description = "\"{{ $labels.queue }}\": {{ $value | humanise }}"
   |                                                     ^^^^^^^^
   |
   = help: did you mean `humanize`?
"#,
        ),
        (
            "'{{ if gt $value 100 }}Many{{ else }}Some{{ end }} wait'",
            "
26 | description = '{{ if gt $value 100 }}Many{{ else }}Some{{ end }} wait'
   |                                ^^^
   |
   = help: write `100.0`
",
        ),
        (
            "'{{ $labels.queue }} at {{ now }}'",
            "
26 | description = '{{ $labels.queue }} at {{ now }}'
   |                                          ^^^
   |
   = help: do without it, or say `target_prometheus = \"3.6\"`
",
        ),
        (
            "'{{ with $labels }}{{ .currency }} waits{{ end }}'",
            "
26 | description = '{{ with $labels }}{{ .currency }} waits{{ end }}'
   |                                      ^^^^^^^^
   |
   = help: it keeps `queue`
",
        ),
    ] {
        let (_, said) = check(description);
        assert!(said.contains(expected), "{said}");
    }
    for description in [
        "'{{ with $labels.queue }}{{ . }}{{ else }}none{{ end }}: {{ printf \"%.0f\" $value }}'",
        "'{{ range query \"up\" }}{{ .Labels.instance }} {{ end }}{{ $labels.queue }}'",
    ] {
        let (_, said) = check(description);
        assert!(!said.contains("[template"), "{said}");
    }
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

/// What another system exposes is declared, or found to be unknown.
#[test]
fn metrics_of_others_are_declared() {
    let query = "[queries.others]
expr = 'sum by (pod) (rate(container_cpu_usage_seconds_total[5m])) / on (pod) group_left (node) kube_pod_info'
help = 'Of others'
";
    let (status, said) = check(query);
    assert_eq!(status, 1);
    assert!(
        said.contains("error[unknown-metric]: nothing exposes a metric `kube_pod_info`"),
        "{said}"
    );
    assert!(
        said.contains("= help: declare another system's metric: `[external.\"kube_pod_info\"]`"),
        "{said}"
    );

    let externals = "
[external.container_cpu_usage_seconds_total]
type   = 'counter'
unit   = 'seconds'
labels = ['pod', 'container']

[external.kube_pod_info]
type   = 'info'
labels = ['pod', 'node']

[external.kube_pod_status_phase]
type   = 'gauge'
labels = ['pod', 'phase']
values = { phase = ['Pending', 'Running', 'Failed'] }
";
    let (status, said) = check(&format!("{externals}{query}"));
    assert_eq!((status, &*said), (0, "metrics.toml: 2 metrics, 0 alerts, 1 query, 0 findings\n"));

    let wrong = "[queries.wrong]
expr = 'rate(kube_pod_status_phase{phase=\"Runing\"}[5m])'
help = 'Wrong'
";
    let (_, said) = check(&format!("{externals}{wrong}"));
    assert!(said.contains("error[label-value]: `phase` is never `Runing`"), "{said}");
    assert!(said.contains("error[rate-of-gauge]"), "{said}");
}

#[test]
fn targets_have_labels_of_their_own() {
    let query = "[queries.orders]
expr = 'sum by (cluster, queue) (rate(shop_checkout_orders_total{namespace=\"a\"}[5m]))'
help = 'Orders'
";
    // A label of the specification is no target's, unless it says so; others may be.
    let (_, said) = check(query);
    assert!(said.contains("error[metric-label]: nothing here has a label `queue`"), "{said}");
    let (status, said) = check(&format!("[targets]\nlabels = ['queue']\n{query}"));
    assert_eq!(status, 0, "{said}");
    let (_, said) = check(&format!("[targets]\nlabels = ['queue']\nopen = false\n{query}"));
    assert!(said.contains("error[metric-label]: nothing here has a label `cluster`"), "{said}");
    assert!(said.contains("has no label `namespace`"), "{said}");
}

#[test]
fn the_same_twice_is_found_but_for_what_is_in_quotes() {
    let query = |name: &str, expr: &str| {
        format!("[queries.{name}]\nexpr = '{expr}'\nhelp = \"Orders that wait\"\n")
    };
    let first = query("first", "shop_checkout_depth{queue=\"a b\"}");
    let (_, said) =
        check(&(first.clone() + &query("second", "shop_checkout_depth { queue=\"a b\" }")));
    assert!(
        said.contains("warning[duplicate-expression]: the query `first` is the same"),
        "{said}"
    );
    let (_, said) = check(&(first + &query("second", "shop_checkout_depth{queue=\"a  b\"}")));
    assert!(!said.contains("duplicate-expression"), "{said}");
}

#[test]
fn a_tier_that_waits_longer_is_no_duplicate() {
    let alert = |tier: &str| {
        check(&format!(
            "
[alerts.Waits]
metric   = 'checkout.depth'
above    = 10
for      = '5m'
severity = 'warning'
summary  = 'Orders wait'
runbook  = 'https://shop.example'

[alerts.Waits.tiers.WaitsLong]
above    = 10
summary  = 'Orders wait for long'
{tier}"
        ))
    };
    let (status, said) = alert("for = '1h'\nseverity = 'critical'");
    assert_eq!((status, said.contains("duplicate-expression")), (0, false), "{said}");
    let same = "warning[duplicate-expression]: the alert `Waits` is the same";
    for tier in ["for = '1h'\nseverity = 'warning'", "severity = 'critical'"] {
        let (_, said) = alert(tier);
        assert!(said.contains(same), "{said}");
    }
    let (_, said) = alert(
        "for = '1h'
severity = 'critical'
[alerts.Another]
expr     = 'shop_checkout_depth > 10'
for      = '2h'
severity = 'info'
summary  = 'Orders wait, says somebody else'",
    );
    assert!(said.contains(same), "{said}");
}

#[test]
fn a_quantile_is_at_least_its_part_of_the_first_bucket() {
    let alert = |bound: &str| {
        let (_, said) = check(&format!(
            "
[checkout.latency_seconds]
type    = 'histogram'
unit    = 'seconds'
buckets = [1]
help    = 'How long orders take'

[alerts.Slow]
metric   = 'checkout.latency_seconds'
quantile = 0.99
{bound}
for      = '5m'
severity = 'warning'
summary  = 'Orders take long'
runbook  = 'https://shop.example'"
        ));
        let findings = said.lines().filter_map(|line| line.split_once("]: "));
        findings.map(|(id, _)| format!("{id}]\n")).collect::<String>()
    };
    assert_eq!(alert("above = 0.5"), "warning[always-fires]\n");
    assert_eq!(alert("below = 0.5"), "error[never-fires]\n");
    assert_eq!(alert("above = 0.995"), "warning[quantile-bucket]\n");
}
