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

/// What is found: of each finding its id, the text at its place, its message and its help.
fn found(rest: &str) -> String {
    found_in(&format!("{ALERT}{rest}"))
}

fn found_in(text: &str) -> String {
    let checked = streamhouse_metrics_spec::check_text(text).unwrap();
    let (diagnostics, sources) = match streamhouse_metrics_codegen::check(checked) {
        Ok(checked) => (checked.diagnostics, checked.sources),
        Err(rejected) => (rejected.diagnostics, rejected.sources),
    };
    let line = |found: &streamhouse_metrics_spec::Diagnostic| {
        let at = sources.text(found.span);
        let help = found.help.as_deref().unwrap_or_default();
        format!("{} at `{at}`: {}\n  help: {help}\n", found.rule.id, found.message)
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
    let expected = "\
uncovered at `stddev`: no test can be made for `Uneven`: the aggregation `stddev` is not reproduced
  help: write `[[alerts.Uneven.test]]`
";
    assert_eq!(found(""), expected);
}

/// Checks where in another condition it stands that no test can be made, and why.
#[track_caller]
fn check(expr: &str, at: &str, why: &str) {
    let whole = ALERT.replace("stddev by (store) (shop_checkout_depth) > 10", expr);
    assert_ne!(whole, ALERT);
    let expected = format!(
        "uncovered at `{at}`: no test can be made for `Uneven`: {why}\n  help: \
         write `[[alerts.Uneven.test]]`\n"
    );
    assert_eq!(found_in(&whole), expected, "{expr}");
}

#[test]
fn the_smallest_piece_that_no_test_can_be_made_of() {
    check(
        " \\n shop_checkout_depth > 1 and predict_linear(shop_checkout_depth[1h], 60) > 10 ",
        "predict_linear",
        "the function `predict_linear` is not reproduced",
    );
    check(
        "shop_checkout_depth - shop_checkout_depth offset 1h > 10",
        "1h",
        "the offset `1h` is not reproduced",
    );
    check(
        "max_over_time(shop_checkout_depth[1h:5m]) > 10",
        "shop_checkout_depth[1h:5m]",
        "the subquery `shop_checkout_depth[1h:5m]` is not reproduced",
    );
    check("shop_checkout_depth atan2 2 > 1", "atan2", "the operator `atan2` is not reproduced");
    check(
        "shop_checkout_depth > 1 and (shop_checkout_depth > bool 5) == 0.5",
        "(shop_checkout_depth > bool 5) == 0.5",
        "this is a value that cannot be had",
    );
}

#[test]
fn a_test_that_expects_nothing_would_pass_whatever_the_alert_is() {
    let expected = "uncovered at `Uneven`: no test makes `Uneven` fire
  help: write an `[[alerts.Uneven.test]]` whose `fires` is not empty
";
    assert_eq!(found(NOTHING_FIRES), expected);
    assert_eq!(found(IT_FIRES), "");
    assert_eq!(found(&format!("{NOTHING_FIRES}{IT_FIRES}")), "");
}

#[test]
fn texts_that_nobody_can_foresee() {
    let text = "description = ' {{ range query \"up\" }}{{ end }}uneven'\n";
    let expected = "\
uncovered at `range`: no test can say what `Uneven` tells: `range` is not reproduced
  help: say what follows from the labels and the value of its series
";
    assert_eq!(found(&format!("{text}{IT_FIRES}")), expected);
}

#[test]
fn a_value_that_only_the_texts_show() {
    let text = "description = '{{ $value | humanize }} items'\n";
    let expected = "\
uncovered at `Uneven`: the texts of `Uneven` show its value, which a test leaves out
  help: add `value = …` beside `labels` under `fires`
";
    assert_eq!(found(&format!("{text}{IT_FIRES}").replace(", value = 11", "")), expected);
}
