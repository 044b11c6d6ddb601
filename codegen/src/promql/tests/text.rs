//! What is an expression, in which version, and how much of one is too much.

use super::{ask, check};
use crate::promql::canonical::canonical;

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
