//! What is found, and what is not.

use streamhouse_metrics_spec::check_text;

use super::{SPECIFICATION, ask, check};
use crate::promql::{Finding, Question, Schema, Version};

#[test]
fn names() {
    check(
        "
rate(shop_checkout_orders[5m])
     ^^^^^^^^^^^^^^^^^^^^ unknown-metric",
    );
    check(
        r#"
shop_checkout_depth{country="de"}
                    ^^^^^^^ metric-label"#,
    );
    check(
        r#"
shop_checkout_depth{queues="a"}
                    ^^^^^^ metric-label"#,
    );
    // Relabelling adds labels that nobody has declared.
    check(r#"shop_checkout_depth{namespace="shop", pod=~"shop-.*"}"#);
    check(
        r#"
shop_checkout_failures_total{reason="stok"}
                                    ^^^^^^ label-value"#,
    );
    check(
        r#"
shop_checkout_failures_total{reason!="payment", reason!="stock"}
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ empty-result"#,
    );
    check(r#"shop_checkout_failures_total{reason=~"st.*", job="$job"}"#);
}

#[test]
fn kinds() {
    check(
        "
rate(shop_checkout_depth[5m])
^^^^ rate-of-gauge",
    );
    check(
        "
deriv(shop_checkout_orders_total[5m])
^^^^^ delta-of-counter",
    );
    check(
        "
rate(sum(shop_checkout_orders_total)[5m:])
^^^^ rate-of-sum",
    );
    check("delta(shop_checkout_depth[5m])");
    check(
        "
shop_checkout_depth > rate(shop_checkout_orders_total[5m])
                    ^ unit-mismatch
                    ^ no-match",
    );
}

#[test]
fn quantiles() {
    check(
        "
histogram_quantile(0.9, sum by (country) (rate(shop_checkout_duration_seconds_bucket[5m])))
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ quantile-input",
    );
    check(
        "
histogram_quantile(95, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m])))
                   ^^ quantile-range",
    );
    check(
        "
histogram_quantile(0.9, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) > 10
                                                                                       ^ never-fires",
    );
    check(
        "
histogram_quantile(0.9, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) > 9
                                                                                       ^ quantile-bucket",
    );
    check(
        "histogram_quantile(0.9, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) > 1",
    );
    check(
        "
histogram_quantile(0.9, rate(shop_checkout_duration_seconds_bucket[5m]))
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ per-instance",
    );
    check("histogram_quantile(0.9, sum(rate(shop_checkout_duration_seconds[5m])))");
    check("histogram_quantile(0.9, sum by (le) (rate(shop_checkout_duration_seconds[5m])))");
}

#[test]
fn what_says_little() {
    check(
        "
shop_checkout_orders_total > 100
                           ^ bare-counter",
    );
    check("shop_checkout_orders_total > 0");
    check(
        "
rate(shop_checkout_orders_total[30s])
                                ^^^ short-range",
    );
    check(
        r#"
up{job=~"shop", instance=~".*", pod!~"^a|b$"}
        ^^^^^^ regex
                          ^^^^ regex
                                     ^^^^^^^ regex"#,
    );
    check(r#"up{job=~"a|b", instance=~"a.*", pod=~"cost\\$"}"#);
}

#[test]
fn matches() {
    check(
        "
rate(shop_checkout_failures_total[5m]) / rate(shop_checkout_orders_total[5m])
                                       ^ no-match",
    );
    check(
        "
sum by (reason) (shop_checkout_failures_total) / on (country) sum by (country) (shop_checkout_orders_total)
                                               ^ no-match",
    );
    check(
        r#"
up{job="a"} and up{job="b"}
            ^^^ no-match"#,
    );
    check(r#"up{job="a"} and ignoring (job) up{job="b"}"#);
    check(
        "
rate(shop_checkout_failures_total[5m]) / on (country) rate(shop_checkout_orders_total[5m])
                                         ^^^^^^^^^^^^ many-matches",
    );
    check(
        "
shop_checkout_depth > on () max(shop_checkout_depth)
                      ^^^^^ many-matches",
    );
    check("shop_checkout_depth > on () group_left () max(shop_checkout_depth)");
    check(r#"shop_checkout_depth{queue="a"} > on () max(shop_checkout_depth)"#);
    check("shop_checkout_depth and on () up == 1");
    check(
        "sum by (country) (shop_checkout_failures_total) / sum by (country) (shop_checkout_orders_total)",
    );
}

#[test]
fn what_never_holds() {
    check(
        "
count(up == 0) == 0
               ^^ never-fires",
    );
    check(
        "
rate(shop_checkout_orders_total[5m]) < 0
                                     ^ never-fires",
    );
    check(
        "
count(up == 0) > 1 or vector(0) == 1
                                ^^ never-fires",
    );
    check(
        "
up > 1
   ^ never-fires",
    );
}

#[test]
fn what_is_recorded_is_read_as_what_it_is() {
    check(
        r#"
country:shop_checkout_failures:ratio_rate5m{reason="stock"}
                                            ^^^^^^ metric-label"#,
    );
    check(
        "
rate(shop_checkout_failures:rate:5m[5m])
^^^^ rate-of-gauge",
    );
    check(
        "
rate(country:shop_checkout_orders:sum[5m])
^^^^ rate-of-sum",
    );
    check(
        "
country:shop_checkout_orders:rates
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-metric",
    );
    check(
        "
histogram_quantile(0.9, le:shop_checkout_duration_seconds:rate5m) > 10
                                                                  ^ never-fires",
    );
}

#[test]
fn bounds_may_be_written_as_prometheus_3_does() {
    let text = SPECIFICATION.replace("buckets = [0.1, 1, 10]", "buckets = [0.00001, 1, 2500000]");
    let catalog = check_text(&text).expect("a valid specification").catalog;
    let schema = Schema::new(&catalog);
    let question = Question { schema: &schema, target: Version(3, 5), assumes_unknown: false };
    for (le, is_there) in [
        ("1e-05", true),
        ("2.5e+06", true),
        ("2500000.0", true),
        ("1", true),
        ("1.0", true),
        ("2.5e+07", false),
    ] {
        let expr = format!("sum(rate(shop_checkout_duration_seconds_bucket{{le=\"{le}\"}}[5m]))");
        let answer = question.ask(&expr).expect("an expression");
        assert_eq!(answer.findings.is_empty(), is_there, "{le}: {:?}", answer.findings);
    }
    // Labels may have any name there.
    let answer = question.ask("label_replace(up, \"a-b\", \"$1\", \"job\", \"(.*)\")");
    assert_eq!(answer.expect("an expression").findings, []);
}

#[test]
fn more_that_is_wrong() {
    for picture in [
        "
histogram_quantile(2, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) > 10
                   ^ quantile-range",
        "
sum by (contry) (shop_checkout_orders_total)
        ^^^^^^ metric-label",
        r#"
shop_checkout_orders_total{contry="de"}
                           ^^^^^^ metric-label"#,
        r#"
shop_checkout_failures_total{reason!="stok"}
                                     ^^^^^^ no-effect"#,
        r#"
shop_checkout_failures_total{reason=~"stock|paymnt"}
                                     ^^^^^^^^^^^^^^ no-effect"#,
        "
rate(max(shop_checkout_orders_total)[5m:1m])
^^^^ rate-of-sum",
        "
deriv(shop_checkout_depth[30s])
                          ^^^ short-range",
        "
histogram_quantile(0.9, irate(shop_checkout_duration_seconds_bucket[5m]))
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ per-instance",
        "
up unless sum by (queue) (shop_checkout_depth)
   ^^^^^^ no-effect",
        "
sum by (country) (rate(shop_checkout_orders_total[5m])) - on (country) group_left () rate(shop_checkout_failures_total[5m])
                                                          ^^^^^^^^^^^^ many-matches",
        "
country:shop_checkout_failures:ratio_rate5m * 100 > country:shop_checkout_failures:ratio_rate5m
                                                  ^ unit-mismatch",
        r#"
up{job=~"a|b|a"}
        ^^^^^^^ regex"#,
        r#"
up{job=~""}
        ^^ regex"#,
        r#"
label_replace(up, "a-b", "$1", "job", "(")
                  ^^^^^ query-type
                                      ^^^ query-type"#,
        "
up[5m:1m][5m:1m]
         ^ this is a range vector already",
        "
histogram_quantile(0.9, sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) < 0
                                                                                       ^ never-fires",
        "
up + 1_000
     ^^^^^ query-version",
    ] {
        check(picture);
    }
}

/// Each of these was found once, and is right.
#[test]
fn what_may_be_is_left_alone() {
    for expr in [
        // What is no number is unequal to every number.
        "shop_checkout_depth * 0 != 0",
        "vector(scalar(absent(up))) != 1",
        // Infinite on purpose.
        "quantile_over_time(scalar(vector(2)), shop_checkout_depth[5m]) < 0",
        "histogram_quantile(scalar(up), sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))) > 10",
        // A gauge that nobody has declared may fall below nothing.
        "rate(${metric}[5m]) < 0",
        // Nothing is nothing in every unit.
        "sum(shop_checkout_duration_seconds_sum) + 0 * sum(shop_checkout_depth)",
        "sum(rate(shop_checkout_duration_seconds_sum[5m])) + on () group_right () (count(up) * 0)",
        // How many there are is in whatever they are.
        "sum(shop_checkout_depth) > sum(count(up))",
        "vector(min_of(1, 2)) > scalar(up)",
        // Bounds that are written anew are not those that were.
        r#"histogram_quantile(0.9, label_replace(sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m])), "le", "100", "le", "10.0")) > 50"#,
        "rate(timestamp(up)[5m:1m])",
        // An absent label and an empty one are the same.
        "shop_checkout_depth{queue=\"\", job=\"a\"} / on (queue) group_left () sum(up)",
        // RE2 has other dialects of regular expressions than others.
        r#"shop_checkout_failures_total{reason=~"\\Q(\\E|stock"}"#,
        r#"shop_checkout_failures_total{reason=~"\\<stock\\>"}"#,
        r#"shop_checkout_failures_total{reason=~"[stock&&x]+"}"#,
    ] {
        let findings = match ask(expr) {
            Ok(answer) => answer.findings,
            Err(mistake) => panic!("{expr}: {}", mistake.message),
        };
        // Something infinite on purpose is worth a warning.
        let is_other =
            |finding: &&Finding| !["query-version", "quantile-range"].contains(&finding.rule.id);
        assert_eq!(findings.iter().find(is_other), None, "{expr}");
    }
}
