//! Pictures: an expression, and beneath it what is found where; or what it yields.

use streamhouse_metrics_spec::{Catalog, check_text};

use super::canonical::canonical;
use super::{Answer, Filled, Finding, Presence, Question, Schema, SyntaxError, Version};

const SPECIFICATION: &str = r#"
namespace = "shop"

[labels]
currency = { help = "Currency of an order", values = ["eur", "usd"] }
country  = { help = "Where it goes", limit = 100 }
reason   = { help = "Why it failed", values = ["stock", "payment"] }
queue    = { help = "Name of a queue", limit = 100 }

[checkout.orders]
type   = "counter"
unit   = "items"
labels = ["currency", "country"]
help   = "Orders placed"

[checkout.failures]
type   = "counter"
unit   = "items"
labels = ["country", "reason"]
help   = "Orders that failed"

[checkout.depth]
type   = "gauge"
unit   = "items"
labels = ["queue"]
help   = "Orders that wait"

[checkout.duration_seconds]
type    = "histogram"
unit    = "seconds"
labels  = ["country"]
buckets = [0.1, 1, 10]
native  = true
help    = "Time to place an order"

[recording_rules."country:shop_checkout_failures:ratio_rate5m"]
expr = """
sum by (country) (shop_checkout_failures:rate:5m)
  / (sum by (country) (rate(shop_checkout_orders_total[5m])) > 0)"""
help = "Share of orders that failed"

[recording_rules."shop_checkout_failures:rate:5m"]
expr = "rate(shop_checkout_failures_total[5m])"
help = "Failures a second, of each process"

[recording_rules."country:shop_checkout_orders:sum"]
expr = "sum by (country) (shop_checkout_orders_total)"
help = "Orders placed since each process started"

[recording_rules."le:shop_checkout_duration_seconds:rate5m"]
expr = "sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))"
help = "How long orders take"

[recording_rules."queue:elsewhere:max"]
expr = "max by (queue) (elsewhere)"
help = "Of another system"
unit = "bytes"
"#;

fn catalog() -> Catalog {
    check_text(SPECIFICATION).expect("a valid specification").catalog
}

fn ask(expr: &str) -> Result<Answer, SyntaxError> {
    let schema = Schema::new(&catalog());
    let question = Question { schema: &schema, target: Version(2, 42), assumes_unknown: false };
    question.ask(expr)
}

/// Draws what is found under an expression of one line, and compares.
fn check(picture: &str) {
    let expr = picture.trim_start_matches('\n').lines().next().expect("an expression");
    let found = match ask(expr) {
        Ok(answer) => {
            let findings = answer.findings.into_iter();
            findings.map(|finding| (finding.span, finding.rule.id.to_owned())).collect()
        }
        Err(mistake) => vec![(mistake.span, mistake.message)],
    };
    let mut drawn = format!("{expr}\n");
    for (span, what) in found {
        let width = span.len().max(1);
        drawn += &format!("{}{} {what}\n", " ".repeat(span.start), "^".repeat(width));
    }
    assert_eq!(drawn.trim_end(), picture.trim());
}

/// What an expression yields: kind, unit, labels that are surely there, those that may be, and
/// whether there is anything.
fn yields(expr: &str, expected: &str) {
    let Answer { of, findings, .. } = ask(expr).expect("an expression");
    let is_old = |finding: &&Finding| finding.rule.id != "query-version";
    assert_eq!(findings.iter().find(is_old), None, "{expr}");
    let with = |presence| {
        let labels = of.labels.iter().filter(move |(_, label)| label.presence == presence);
        labels.map(|(name, _)| name).collect::<Vec<_>>().join(",")
    };
    let open = if of.labels.is_open { "…" } else { "" };
    let unit = of.unit.as_ref().and_then(|unit| unit.name()).unwrap_or("?".to_owned());
    let filled = match of.filled {
        Filled::Never => "never",
        Filled::Maybe => "maybe",
        Filled::Always => "always",
    };
    let (always, maybe) = (with(Presence::Always), with(Presence::Maybe));
    let found = format!("{} in {unit} | {always} | {maybe}{open} | {filled}", of.kind.as_str());
    assert_eq!(found, expected, "{expr}");
}

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
fn types() {
    yields(
        "rate(shop_checkout_orders_total[5m])",
        "rate in items/s | country,currency,instance,job | … | maybe",
    );
    yields("sum by (queue) (shop_checkout_depth)", "gauge in items | queue |  | maybe");
    yields("sum(rate(shop_checkout_orders_total[5m])) * 100", "rate in ? |  |  | maybe");
    yields(
        "100 * sum(rate(shop_checkout_failures_total[5m])) / sum(rate(shop_checkout_orders_total[5m]))",
        "ratio in percent |  |  | maybe",
    );
    yields(
        "rate(shop_checkout_duration_seconds_sum[5m]) / rate(shop_checkout_duration_seconds_count[5m])",
        "average in seconds | country,instance,job | … | maybe",
    );
    yields("absent(up{job=\"shop\", instance=~\".+\"})", "boolean in ratio | job |  | maybe");
    yields("vector(1)", "constant in ? |  |  | always");
    yields("up == bool 1 or vector(0)", "unknown in ? |  | instance,job… | always");
    yields(
        "label_replace(up, \"instance\", \"\", \"instance\", \".*\")",
        "boolean in ratio | job | … | maybe",
    );
    yields(
        "sum without (country) (shop_checkout_orders_total) * on (job) group_left (pod) up",
        "unknown in items | currency,instance,job | pod… | maybe",
    );
    yields("count_values(\"value\", up)", "number in ratio | value |  | maybe");
    yields("time() - timestamp(up)", "timestamp in seconds | instance,job | … | maybe");
}

#[test]
fn what_is_no_expression() {
    check(
        "
sum(up
      ^ expected `,` or `)`, found the end of the expression",
    );
    check(
        "
rate(up)
     ^^ query-type",
    );
    check(
        "
up[5m] offset 5x
              ^^ `5x` is neither a number nor a duration",
    );
    check(
        "
1 > 0
  ^ query-type",
    );
    check(
        "
sum(up) + bool 1
          ^^^^ `bool` only goes with a comparison, not with `+`",
    );
    check(
        "
up[5m:1m] offset 5m offset 6m
                    ^^^^^^ `offset` is given twice",
    );
    check(
        r#"
up{job="a" or job="b"}
           ^^ expected `,` or `}`, found `or`"#,
    );
    check(
        "
{}
^^ a selector has a name, or a matcher that an empty value does not pass",
    );
}

#[test]
fn versions() {
    check(
        "
histogram_avg(shop_checkout_duration_seconds)
^^^^^^^^^^^^^ query-version",
    );
    check(
        "
up[5m] smoothed
       ^^^^^^^^ query-version",
    );
}

#[test]
fn variables() {
    check("sum by ($group) (rate(shop_checkout_orders_total[$__rate_interval]))");
    check(
        "histogram_quantile($q, sum by (le, ${group:csv}) (rate(shop_checkout_duration_seconds_bucket[${window}m])))",
    );
    check("${metric} > $threshold and $agg by (job) (up[[[range]]:$step])");
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}up{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn hostile_texts_end_soon() {
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    let powers = format!("{}1", "1^".repeat(100_000));
    for text in [&deep, &powers, &"-".repeat(100_000), &"sum(".repeat(5000)] {
        let mistake = ask(text).expect_err("too deep");
        assert!(mistake.message.contains("deep"), "{}", mistake.message);
    }
    // As deep as it may be, and so far nothing is optimised.
    for (open, close) in [
        ("(", ")"),
        ("abs(", ")"),
        ("max_over_time(", "[5m:1m])"),
        ("sum by (job) (", ")"),
        ("(1 + ", ")"),
        ("(up unless on (job) ", ")"),
        ("-(", ")"),
    ] {
        let depth = (1..).find(|depth| ask(&nested(open, close, *depth)).is_err());
        assert!(depth.is_some_and(|depth| depth > 60), "{open} {depth:?}");
    }
    let sum = vec!["rate(shop_checkout_orders_total[5m])"; 20_000].join(" + ");
    assert_eq!(ask(&sum).expect("a sum").metrics, ["shop_checkout_orders_total"]);
    for text in [
        "\0\u{1}",
        "[[[[[[",
        "${${${",
        "\"\\",
        "{",
        "a{b=~\"(((\"}",
        "0x",
        "1e",
        "5m5h",
        ".5m",
        "é",
    ] {
        let text = text.repeat(1000);
        assert!(ask(&text).is_err() || !ask(&text).expect("an answer").findings.is_empty());
    }
}

#[test]
fn what_is_recorded_is_of_the_type_of_its_expression() {
    yields("country:shop_checkout_failures:ratio_rate5m", "ratio in ratio | country |  | maybe");
    let rate = "rate in items/s | country,instance,job,reason | … | maybe";
    yields("shop_checkout_failures:rate:5m", rate);
    yields("queue:elsewhere:max", "unknown in bytes |  | queue | maybe");
    let quantile = "histogram_quantile(0.9, le:shop_checkout_duration_seconds:rate5m)";
    yields(quantile, "quantile in seconds |  |  | maybe");
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
fn native_histograms_have_the_unit_of_what_is_observed() {
    let rate = "sum by (country) (rate(shop_checkout_duration_seconds[5m]))";
    for (expr, expected) in [
        (rate.to_owned(), "native_histogram in seconds | country |  | maybe"),
        (format!("histogram_quantile(0.9, {rate})"), "quantile in seconds | country |  | maybe"),
        (format!("histogram_avg({rate})"), "average in seconds | country |  | maybe"),
        (format!("histogram_count({rate})"), "rate in 1/s | country |  | maybe"),
        (format!("histogram_sum({rate})"), "rate in ratio | country |  | maybe"),
        (
            format!("histogram_sum({rate}) / histogram_count({rate})"),
            "average in seconds | country |  | maybe",
        ),
    ] {
        yields(&expr, expected);
    }
    check(
        "
histogram_count(shop_checkout_depth)
                ^^^^^^^^^^^^^^^^^^^ empty-result",
    );
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
fn what_says_the_same_has_one_form() {
    let form = |expr: &str| canonical(&ask(expr).expect("an expression").expr, expr);
    for (one, two) in [
        ("(shop_checkout_depth > 56.0) # why", "56 < shop_checkout_depth"),
        ("sum by (job, queue) (shop_checkout_depth)", "sum(shop_checkout_depth) by (queue,job)"),
        ("up{job=\"a\",instance=~'b.'}", "up{ instance=~`b.`, job=\"a\", }"),
        ("rate(shop_checkout_orders_total[5m])", "rate(shop_checkout_orders_total[ 300s ])"),
        ("{__name__=\"up\"}", "up{}"),
        ("up offset 5m + 1", "(up  offset 5m)+1"),
        ("max_over_time(up[5m:1m] @ 1)", "max_over_time((up)[5m:60s] @ 1)"),
        ("up / on (job,instance) group_left () up", "up / on (instance,job) group_left up"),
    ] {
        assert_eq!(form(one), form(two));
    }
    for (one, two) in [
        ("up{job=\"a b\"}", "up{job=\"ab\"}"),
        ("1 - (2 - 3)", "1 - 2 - 3"),
        ("up > 1", "up > bool 1"),
        ("1 > up", "up > 1"),
        ("up[5m]", "up[5m] offset 1m"),
        ("up[5m:1m]", "up[5m:]"),
        ("up @ 1", "up"),
        ("sum by (job) (up)", "sum without (job) (up)"),
        ("topk(1, up)", "topk(2, up)"),
        ("-up", "up"),
        ("up and on (job) up", "up and ignoring (job) up"),
        ("up + on (job) group_left () up", "up + on (job) group_right () up"),
        ("up offset 1m", "up offset -1m"),
    ] {
        assert_ne!(form(one), form(two), "{one}");
    }
}

#[test]
fn nothing_is_nested_without_end() {
    for text in [
        format!("up{}", " $x up".repeat(20_000)),
        format!("up{}", " + fill(0) up".repeat(20_000)),
        format!("up{}", " + fill(up".repeat(20_000)),
        format!("up{}", "[5m:1m]".repeat(20_000)),
        format!("up{}", " offset 1m".repeat(20_000)),
    ] {
        // Refused or understood, but without end neither of them.
        let _ = ask(&text);
    }
}
