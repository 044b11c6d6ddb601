//! promtool and the query checker agree on what is an expression.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

use serde_json::Value;
use streamhouse_metrics_tests::{cargo, finish, promtool_check_rules, scratch_folder};

/// What Prometheus 2.42 takes.
const GOOD: &[&str] = &[
    "1",
    "+1",
    "-1e3",
    "0x1f",
    "Inf",
    "-inf",
    "NaN",
    ".5",
    "5.",
    "1 + 2 * 3 ^ 4 ^ 5",
    "-1 ^ 2",
    "1 > bool 2",
    "1 == bool NaN",
    "foo * -bar",
    "-foo",
    "+foo",
    "foo % 2 ^ bar",
    "foo",
    "foo:bar_:baz",
    "sum",
    "offset",
    "by",
    "{__name__=\"foo\"}",
    "{a=~\"b.+\"}",
    "{a!=\"\"}",
    "foo{}",
    "foo{a=\"b\",}",
    "foo{a='b',c=`d\\e`}",
    "foo{by=\"a\",on='b',sum=~\"c\"}",
    "foo{a=\"\\u00e9\\n\\\"\\x41\\101\"}",
    "foo[5m]",
    "foo[1h30m] offset 5m",
    "foo offset -5m",
    "foo @ 1.5",
    "foo[5m] @ start() offset 1d",
    "foo offset 1w @ end()",
    "foo[5m:]",
    "foo[5m:1m]",
    "rate(foo[5m])[1h:5m] offset 1m",
    "(foo)[5m:1m]",
    "sum(foo)[5m:]",
    "foo[1y2w3d4h5m6s7ms]",
    "sum(foo) by (a, b,)",
    "sum by () (foo)",
    "SUM BY (a) (foo)",
    "sum without (a) (foo)",
    "topk(3, foo)",
    "quantile by (a) (0.5, foo)",
    "count_values(\"v\", foo)",
    "foo and bar or baz unless qux",
    "foo AND bar",
    "foo and on() bar",
    "foo + on(a,b) bar",
    "foo + ignoring(a) group_left(b) bar",
    "foo / on(a) group_right bar",
    "foo > bool on(a) bar",
    "foo atan2 bar",
    "foo == on(a) group_left() bar",
    "time()",
    "vector(1)",
    "scalar(foo)",
    "hour()",
    "hour(foo)",
    "round(foo)",
    "round(foo, 5)",
    "label_join(foo, \"a\", \",\", \"b\", \"c\")",
    "label_replace(foo, \"a\", \"$1\", \"b\", \"(.*)\")",
    "absent(foo)",
    "clamp(foo, 1, 2)",
    "histogram_quantile(0.9, foo)",
    "histogram_count(foo)",
    "holt_winters(foo[5m], 0.5, 0.5)",
    "predict_linear(foo[5m], 3600)",
    "last_over_time(foo[5m])",
    "((((1))))",
    "foo # comment",
    "# comment\nfoo\n+\nbar",
    "\"text\"",
    "pi()",
    "sgn(foo)",
    "days_in_month(vector(time()))",
    "foo - - bar",
    "1 - -1",
    "foo ^ -1",
    "sum(foo) + sum(bar) == 2",
    "group(foo)",
];

/// What it refuses.
const BAD: &[&str] = &[
    "",
    "1 +",
    "+",
    "()",
    "(1",
    "1)",
    "foo bar",
    "1 2",
    "foo{",
    "foo}",
    "foo{a}",
    "foo{a=}",
    "foo{a=b}",
    "foo{=\"b\"}",
    "foo{a==\"b\"}",
    "foo{a>\"b\"}",
    "{}",
    "{a=\"\"}",
    "{a=~\".*\"}",
    "foo{__name__=\"bar\"}",
    "foo{a=\"b\" c=\"d\"}",
    "foo{a:b=\"c\"}",
    "foo[",
    "foo[]",
    "foo[5]",
    "foo[5m",
    "foo[0s]",
    "foo[5x]",
    "foo[m]",
    "foo[1m1h]",
    "foo[5m5m]",
    "foo[-5m]",
    "foo[1.5h]",
    "(foo + bar)[5m]",
    "sum(foo)[5m]",
    "foo offset",
    "foo offset 5",
    "1 offset 5m",
    "(foo) offset 5m",
    "rate(foo[5m]) offset 5m",
    "foo offset 5m[5m]",
    "foo offset 1m offset 2m",
    "foo @",
    "foo @ a",
    "foo @ 1 @ 2",
    "1 @ 2",
    "foo @ start",
    "sum(foo, )",
    "sum(",
    "sum()",
    "sum(foo, bar)",
    "topk(foo)",
    "topk(1, 2, foo)",
    "sum by a (foo)",
    "sum by (a (foo)",
    "sum by (a b) (foo)",
    "sum(foo) by",
    "sum by (a) (foo) by (b)",
    "sum by (1) (foo)",
    "foo and 1",
    "1 or foo",
    "foo unless \"a\"",
    "1 > 2",
    "foo + bool bar",
    "foo and bool bar",
    "foo and on(a) group_left() bar",
    "foo + on() group_left(a",
    "foo + on(a) group_left(a) bar",
    "1 + on(a) 2",
    "foo + group_left() bar",
    "foo + on a bar",
    "unknown(foo)",
    "rate(foo)",
    "rate(foo[5m], 1)",
    "rate()",
    "rate(1)",
    "abs(foo[5m])",
    "abs(foo,)",
    "time(1)",
    "scalar(1)",
    "vector(foo)",
    "histogram_quantile(foo, bar)",
    "label_replace(foo)",
    "label_join(foo, \"a\")",
    "round()",
    "round(foo, bar)",
    "count_values(1, foo)",
    "topk(\"a\", foo)",
    "-foo[5m]",
    "foo[5m] + 1",
    "\"a\" + 1",
    "\"a",
    "'a",
    "`a",
    "\"\\z\"",
    "\"\\xg\"",
    "\"a\nb\"",
    "foo$",
    "$foo",
    "foo;bar",
    "foo && bar",
    "foo || bar",
    "!foo",
    "foo = bar",
    "foo =~ bar",
    "1..5",
    "1e",
    "0xg",
    "5mm",
    ".5m",
    "foo[.5m]",
    "0.5d",
    "foo{a=~\"(\"}",
    "foo{a=~\"[\"}",
    "foo{a=~\"*\"}",
    "atan2",
    "bool",
    "on",
    "sum bool (foo)",
    "foo{a=\"b\" or c=\"d\"}",
    "histogram_avg(foo)",
    "foo[5m] smoothed",
    "{\"foo\"}",
    "limitk(1, foo)",
    "5m",
    "foo[300]",
    "mad_over_time(foo[5m])",
    "foo{\"a\"=\"b\"}",
];

/// Where we do not refuse what promtool does, and why that is right.
const TEMPLATED: &[&str] = &["$foo"];

#[test]
fn promtool_takes_what_we_take() {
    let ours = refused(GOOD);
    let wrong = GOOD.iter().zip(ours).filter(|(expr, refused)| *refused || !judged(expr));
    assert_eq!(wrong.collect::<Vec<_>>(), []);
}

#[test]
fn promtool_refuses_what_we_refuse() {
    let ours = refused(BAD);
    let wrong = BAD.iter().zip(ours).filter(|(expr, refused)| {
        // A dashboard puts something there.
        judged(expr) || *refused == TEMPLATED.contains(expr)
    });
    assert_eq!(wrong.collect::<Vec<_>>(), []);
}

/// Whether promtool takes an expression as that of a recording rule.
fn judged(expr: &str) -> bool {
    let folder = scratch_folder();
    let file = folder.path().join("rules.yml");
    let quoted = serde_json::to_string(expr).expect("a text");
    let rules = format!("groups: [{{name: a, rules: [{{record: 'a:b', expr: {quoted}}}]}}]\n");
    fs::write(&file, rules).expect("a scratch file can be written");
    promtool_check_rules(&file).is_ok()
}

/// Whether the tool refuses each expression for Prometheus 2.42.
fn refused(expressions: &[&str]) -> Vec<bool> {
    let mut asked = String::new();
    for expr in expressions {
        _ = writeln!(asked, "{}", serde_json::json!({ "expr": expr }));
    }
    let mut command = cargo();
    command.args(["xtask", "query", "-", "--format", "json", "--assume-unknown"]);
    let finished = finish(command, asked.as_bytes(), Duration::from_secs(300));
    let answers = finished.stdout.lines().map(|line| {
        let answer: Value = serde_json::from_str(line).expect("an answer in JSON");
        let findings = answer["findings"].as_array().expect("a list");
        findings.iter().any(|finding| {
            let id = finding["id"].as_str().unwrap_or_default();
            ["query-syntax", "query-type", "query-version"].contains(&id)
        })
    });
    let answers: Vec<bool> = answers.collect();
    assert_eq!(answers.len(), expressions.len(), "{}", finished.stderr);
    answers
}

/// What promql-parser takes, which reads the grammar of Prometheus 3, and 2.42 does not.
const NEWER: &[&str] = &[
    "foo[5]",
    "foo offset 5",
    "foo{a=\"b\" or c=\"d\"}",
    "histogram_avg(foo)",
    "{\"foo\"}",
    "limitk(1, foo)",
    "5m",
    "foo[300]",
    "mad_over_time(foo[5m])",
    "foo{\"a\"=\"b\"}",
];

/// What promql-parser does not take: a backslash between backticks, which stands for itself there,
/// and a function that Prometheus 3 has under another name.
const STRANGE_TO_IT: &[&str] = &["foo{a='b',c=`d\\e`}", "holt_winters(foo[5m], 0.5, 0.5)"];

/// promtool has judged the same expressions and agrees with us.
#[test]
fn another_parser_agrees_but_for_what_is_listed() {
    let is_taken = |expr: &&str| promql_parser::parser::parse(expr).is_ok();
    let taken: Vec<_> = BAD.iter().copied().filter(is_taken).collect();
    assert_eq!(taken, NEWER);
    let refused: Vec<_> = GOOD.iter().copied().filter(|expr| !is_taken(expr)).collect();
    assert_eq!(refused, STRANGE_TO_IT);
}
