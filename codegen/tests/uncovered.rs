//! Alerts that are not tested are found, also those that only seem to be.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

const ALERT: &str = r#"
namespace = "shop"

[labels]
store = { help = "Store", limit = 10 }

[checkout.depth]
type = "gauge"
unit = "items"
labels = ["store"]
help = "Orders that wait"

[alerts.Uneven]
expr = "stddev by (store) (shop_checkout_depth) > 10"
for = "5m"
severity = "warning"
summary = "Orders wait unevenly"
runbook = "https://runbooks.example/uneven"
"#;

/// What is found, an id and a message a line.
fn found(rest: &str) -> String {
    let checked = streamhouse_metrics_spec::check_text(&format!("{ALERT}{rest}")).unwrap();
    let diagnostics = match streamhouse_metrics_codegen::check(checked) {
        Ok(checked) => checked.diagnostics,
        Err(rejected) => rejected.diagnostics,
    };
    let line = |found: &streamhouse_metrics_spec::Diagnostic| {
        format!("{}: {}\n", found.rule.id, found.message)
    };
    diagnostics.iter().map(line).collect()
}

const NOTHING_FIRES: &str = r#"
[[alerts.Uneven.test]]
series = { 'shop_checkout_depth{store="a"}' = "1x10" }
at = "6m"
fires = []
"#;

const IT_FIRES: &str = r#"
[[alerts.Uneven.test]]
series = { 'shop_checkout_depth{store="a"}' = "1x10" }
at = "6m"
fires = [{ labels = { store = "a" }, value = 11 }]
"#;

#[test]
fn no_test_at_all() {
    let expected = "uncovered: no test can be made for `Uneven`: this aggregation\n";
    assert_eq!(found(""), expected);
}

#[test]
fn a_test_that_expects_nothing_would_pass_whatever_the_alert_is() {
    let expected = "uncovered: no test can be made for `Uneven`: no test makes it fire\n";
    assert_eq!(found(NOTHING_FIRES), expected);
    assert_eq!(found(IT_FIRES), "");
    assert_eq!(found(&format!("{NOTHING_FIRES}{IT_FIRES}")), "");
}

#[test]
fn texts_that_nobody_can_foresee() {
    let text = "description = '{{ range query \"up\" }}{{ end }}uneven'\n";
    let expected = "uncovered: no test can be made for `Uneven`: what a text is made of\n";
    assert_eq!(found(&format!("{text}{IT_FIRES}")), expected);
}

#[test]
fn a_value_that_only_the_texts_show() {
    let text = "description = '{{ $value | humanize }} items'\n";
    let expected = "uncovered: no test can be made for `Uneven`: \
                    its texts show a `value`, which a test does not say\n";
    assert_eq!(found(&format!("{text}{IT_FIRES}").replace(", value = 11", "")), expected);
}
