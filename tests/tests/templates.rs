//! promtool and we write the same text of an alert, for every construct and every kind of value;
//! and we refuse the same texts. First, that promtool refuses a text that is wrong.
//!
//! `SEED=7` tries other numbers and other texts than usual.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use streamhouse_metrics_codegen::template::{Cause, Failure, render};
use streamhouse_metrics_tests::{
    Random, Verdict, accepted, promtool_check_rules, promtool_test_rules, refused, scratch_folder,
};

/// What is written for each value.
const TEXTS: &[&str] = &[
    "{{ $value }}",
    "{{ $value | humanize }}",
    "{{ humanize1024 .Value }}",
    "{{ $value | humanizeDuration }}",
    "{{ $value | humanizePercentage }}",
    "{{ printf \"%.0f|%.1f|%.3f\" $value $value $value }}",
    "{{ printf \"%f|%e|%g|%v\" $value $value $value $value }}",
    "{{ printf \"%.1g|%.4g|%.17g|%.3v|%.2e\" $value $value $value $value $value }}",
    "{{ printf \"%12.2f|%-12.1f|%12g|%-12v|\" $value $value $value $value }}",
    "{{ print $value 1 \"a\" $labels.topic 2.5 true }}{{ print }}",
    "{{ println $value 1 \"a\" }}",
    "{{ gt $value 1.0 }} {{ ge $value 1.0 }} {{ lt $value 1.0 }} {{ le $value 1.0 }}",
    "{{ eq $value 1.0 60.0 }} {{ ne $value 1.0 }} {{ $value | eq 1.0 }}",
    "{{ if $value }}some{{ else }}none{{ end }} {{ not $value }}",
    "{{ if gt $value 1000.0 }}many{{ else if lt $value 0.0 }}owed{{ else }}few{{ end }}",
    "{{ and $value \"a\" }} {{ or $value \"a\" }} {{ or \"\" 0 $value }}",
    "{{ with $value }}{{ . | humanize }} of {{ $.Labels.topic }}{{ else }}zero{{ end }}",
    "{{ $x := $value | humanize }}{{ $x }} {{ $x | len }} {{ printf \"%5s|\" $x }}",
    "{{ $x := 1.5 }}{{ if gt $value 1.0 }}{{ $x = $value }}{{ end }}{{ $x }}",
];

/// What is written from labels alone.
const OF_LABELS: &[&str] = &[
    "plain } text",
    "{{ \"{{\" }} and }}",
    "{{ $labels }}",
    "{{ .Labels.topic }} {{ $.Labels.topic }} {{ ($labels).topic }} {{ $labels.missing }}|",
    "{{ index $labels \"topic\" }} {{ index .Labels \"missing\" }}| {{ \"topic\" | index $labels }}",
    "{{ with $labels.missing }}a{{ else }}b{{ end }}{{ with $labels.topic }} {{ . }}{{ end }}",
    "{{ with $labels }}{{ .topic }}{{ $x := .instance }} {{ $x }}{{ end }}",
    "a {{- $labels.topic -}} b {{- /* c */ -}} d {{/* e */}} f\n\t {{- 1 -}} \n",
    "{{\n  $labels.topic\n  | toUpper\n}}",
    "{{ $labels.topic|toUpper|printf \"%s!\" }} {{ $labels.topic | }}",
    "{{ title \"foo bar-baz\" }} {{ toUpper \"aé1\" }} {{ toLower \"AÉ1\" }}",
    "{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }}",
    "{{ stripPort \"a\" }} {{ stripPort \"[::1]:80\" }} {{ stripPort \"::1\" }} {{ stripPort \":80\" }}",
    "{{ stripPort \"[a]\" }} {{ stripPort \"[a]b:1\" }} {{ stripPort \"a]:1\" }} {{ stripPort \"[a:1\" }}",
    "{{ stripDomain \"a.b.c\" }} {{ stripDomain \"1.2.3.4:80\" }} {{ stripDomain \"1.2.3.4\" }}",
    "{{ stripDomain \"[::1]:80\" }} {{ stripDomain \"::1\" }} {{ stripDomain \"a.b:\" }}|",
    "{{ stripDomain \"[a.b]:80\" }} {{ stripDomain \"1.2.3\" }} {{ stripDomain \"01.2.3.4\" }}",
    "{{ graphLink \"sum(up{a=\\\"b c\\\"}) / 2 ~ é\" }} {{ tableLink \"up+1\" }}",
    "{{ match \"^a.*z$\" \"abcz\" }} {{ match \"\\\\d+\" \"a\" }}",
    "{{ reReplaceAll \"(.*):(\\\\d+)\" \"$2 of ${1}\" $labels.instance }}",
    "{{ reReplaceAll \"a\" \"$\" \"bab\" }} {{ reReplaceAll \"a\" \"$$\" \"bab\" }}",
    "{{ reReplaceAll \"(?P<x>a)\" \"${x}!$xy\" \"bab\" }} {{ reReplaceAll \"\" \"-\" \"bab\" }}",
    "{{ safeHtml \"<b>\" }} {{ len $labels.topic }} {{ len \"é\" }} {{ len $labels }}",
    "{{ index \"abc\" 1 }} {{ 'a' }} {{ '\\n' }} {{ '日' }}",
    "{{ 010 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ +5 }} {{ -3 }} {{ .5 }} {{ 1. }}",
    "{{ 1e5 }} {{ 1e6 }} {{ 123456789.0 }} {{ 1e-5 }} {{ 9223372036854775807 }}",
    "{{ \"a\\\"\\u00e9\\x41\\101\\t\" }} {{ `raw {{ \\ }}` }} {{ true }} {{ false }}",
    "{{ printf \"%s|%5s|%-5s|%.2s|%v\" \"a\" \"é\" \"é\" \"éfg\" \"b\" }}",
    "{{ printf \"%d|%5d|%05d|%-5d|%+d|%d%%\" 5 5 -5 5 5 5 }} {{ printf \"%t|%5t|%v\" true false true }}",
    "{{ printf \"%v\" $labels }} {{ printf $labels.topic }} {{ (printf \"%d\" 5) }}",
    "{{ eq \"a\" \"b\" \"a\" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le \"a\" \"a\" }} {{ ge 2 3 }} {{ eq true true }}",
    "{{ and 1 0 }} {{ or 0 \"x\" }} {{ and 1 2.5 }} {{ or \"x\" (humanize \"no\") }}",
    "{{ parseDuration \"1h30m5ms\" }} {{ parseDuration \"1y\" }} {{ parseDuration \"0\" }}",
    "{{ humanize \"1234.5\" }} {{ humanize \"inf\" }} {{ humanize 7 }} {{ humanizeDuration \"90\" }}",
    "{{ humanizeTimestamp 0 }} {{ humanizeTimestamp 951782399.5 }} {{ humanizeTimestamp -59.9999 }}",
    "{{ humanizeTimestamp 1e9 }} {{ humanizeTimestamp -9e9 }} {{ humanizeTimestamp 4102444799.999 }}",
    "{{ define \"x\" }}never{{ end }}{{ if false }}{{ template \"x\" . }}{{ end }}a",
    "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}{{ if true }}{{ $x = 3 }}{{ end }}{{ $x }}",
];

/// Where writing changes: prefixes, units, digits, exponents.
const BOUNDARIES: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    0.99995,
    0.999_94,
    0.001,
    0.000_999_95,
    0.0001,
    0.000_099_99,
    1e-7,
    1e-24,
    1e-27,
    1e-300,
    5e-324,
    0.5,
    0.05,
    2.5,
    59.9999,
    59.99994,
    60.0,
    61.5,
    3599.9,
    3600.0,
    86_399.0,
    86_400.0,
    93_784.5,
    999.95,
    999.949,
    1000.0,
    1000.5,
    1001.5,
    1023.9,
    1024.0,
    1_048_576.0,
    9999.5,
    12_345.0,
    99_995.0,
    100_000.0,
    999_999.0,
    1e6,
    123_456_789.0,
    1e15,
    1_326_856_817_404_762.3,
    9_007_199_254_740_993.0,
    9.223_372_036_854_775e18,
    1e20,
    1e21,
    1e24,
    1e27,
    1e300,
    f64::MAX,
    f64::NAN,
    f64::INFINITY,
];

/// A value of a series, as promtool reads it.
fn written(value: f64) -> String {
    match value {
        f64::INFINITY => "Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => format!("{value:e}"),
    }
}

fn random() -> Random {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    Random::new(seed.unwrap_or(1))
}

/// The boundaries, the same below zero, and numbers of every size.
fn values() -> Vec<f64> {
    let mut values: Vec<f64> = BOUNDARIES.iter().flat_map(|value| [*value, -value]).collect();
    let mut random = random();
    values.extend((0..60).map(|_| f64::from_bits(random.number())));
    values.extend((0..60).map(|_| {
        let digits = (random.number() % 10_000_000) as f64;
        digits / 10f64.powi(random.below(12) as i32)
    }));
    values
}

/// The labels of the series with a value.
fn labels(case: usize) -> BTreeMap<String, String> {
    let labels = [
        ("__name__", "x".to_owned()),
        ("case", case.to_string()),
        ("instance", "agent-1.example.com:9100".to_owned()),
        ("topic", "orders".to_owned()),
    ];
    labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// promtool's verdict on what is expected to be written for each value.
fn judge(texts: &[&str], values: &[f64], expected: impl Fn(&str, usize, f64) -> String) -> Verdict {
    let rules = texts.iter().enumerate().map(|(at, text)| {
        json!({"alert": format!("Alert{at}"), "expr": "x", "annotations": {"text": text}})
    });
    let rules = json!({"groups": [{"name": "texts", "rules": rules.collect::<Vec<_>>()}]});
    let series = values.iter().enumerate().map(|(case, value)| {
        let labels = labels(case);
        let labels = labels.iter().filter(|(name, _)| *name != "__name__");
        let labels: Vec<_> = labels.map(|(name, value)| format!("{name}={value:?}")).collect();
        json!({"series": format!("x{{{}}}", labels.join(",")), "values": written(*value)})
    });
    let tests = texts.iter().enumerate().map(|(at, text)| {
        let alerts = values.iter().enumerate().map(|(case, value)| {
            let mut labels = labels(case);
            labels.remove("__name__");
            json!({
                "exp_labels": labels,
                "exp_annotations": {"text": expected(text, case, *value)},
            })
        });
        let alerts: Vec<_> = alerts.collect();
        json!({"eval_time": "0m", "alertname": format!("Alert{at}"), "exp_alerts": alerts})
    });
    let test = json!({
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": series.collect::<Vec<_>>(),
            "alert_rule_test": tests.collect::<Vec<_>>(),
        }],
    });
    let folder = scratch_folder();
    let write = |name: &str, value: &Value| {
        fs::write(folder.path().join(name), value.to_string()).expect("a scratch file is written");
    };
    write("rules.yml", &rules);
    write("test.yml", &test);
    promtool_test_rules(&folder.path().join("test.yml"))
}

fn rendered(text: &str, case: usize, value: f64) -> String {
    render(text, &labels(case), value).unwrap_or_else(|failure| panic!("{text}: {failure}"))
}

#[test]
fn a_text_that_is_wrong() {
    let digit = |text: &str, case, value| rendered(text, case, value).replace("1.235M", "1.234M");
    let text = "{{ $value | humanize }} behind";
    accepted(judge(&[text], &[12.0], digit));
    refused(judge(&[text], &[12.0, 1_234_567.0], digit), "text=\"1.235M behind\"");
}

#[test]
fn texts_of_every_value() {
    accepted(judge(TEXTS, &values(), rendered));
}

#[test]
fn texts_of_labels() {
    accepted(judge(OF_LABELS, &[1.0], rendered));
}

/// What Prometheus takes for a template, and never writes.
const ERRORS: &[&str] = &[
    "{{ gt $value 100 }}",
    "{{ eq 1 $value }}",
    "{{ ne \"a\" 1 }}",
    "{{ eq $labels $labels }}",
    "{{ lt true false }}",
    "{{ toUpper $value }}",
    "{{ $value | toUpper }}",
    "{{ humanize }}",
    "{{ humanize $value 2 }}",
    "{{ and }}",
    "{{ $value 2 }}",
    "{{ $value | $labels.topic }}",
    "{{ $labels.topic.x }}",
    "{{ .topic }}",
    "{{ nil }}",
    "{{ humanize.x }}",
    "{{ first $value }}",
    "{{ humanize true }}",
    "{{ humanize \"\" }}",
    "{{ humanize \"1e400\" }}",
    "{{ index $labels 1 }}",
    "{{ index \"abc\" 3 }}",
    "{{ len $value }}",
    "{{ eq 1 }}",
    "{{ match \"(\" \"a\" }}",
    "{{ parseDuration \"1m1h\" }}",
    "{{ humanizeTimestamp 1e10 }}",
    "{{ with $value }}{{ .Labels }}{{ end }}",
    "{{ $x = 1 }}",
    "{{ if false }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
];

/// What Prometheus writes from more than the series, or otherwise in other versions.
const UNSUPPORTED: &[&str] = &[
    "{{ query \"up\" | first | value }}",
    "{{ externalURL }}",
    "{{ $externalLabels.cluster }}",
    "{{ .ExternalURL }}",
    "{{ . }}",
    "{{ toTime $value }}",
    "{{ parseDuration \"-5m\" }}",
    "{{ title \"it's\" }}",
    "{{ toUpper \"ß\" }}",
    "{{ match \"\\\\d\" \"٣\" }}",
    "{{ range $labels }}{{ . }}{{ end }}",
    "{{ range $i, $i }}{{ end }}",
    "{{ range $i, $v := $labels }}{{ $i }}{{ break }}{{ end }}",
    "{{ define \"x\" }}a{{ end }}{{ template \"x\" }}",
    "{{ block \"x\" . }}a{{ end }}",
    "{{ print nil }}",
    "{{ 1i }}",
    "{{ 0x1.8p1 }}",
    "{{ printf \"%x\" 255 }}",
    "{{ printf \"%*d\" 5 1 }}",
];

#[test]
fn texts_that_are_not_guessed() {
    for text in UNSUPPORTED {
        let failure = render(text, &labels(0), 1.5).expect_err(text);
        assert_eq!(failure.cause, Cause::Unsupported, "{text}: {failure}");
    }
}

#[test]
fn texts_that_are_never_written() {
    for text in ERRORS {
        let failure = render(text, &labels(0), 1.5).expect_err(text);
        assert!(matches!(failure.cause, Cause::Misused | Cause::Series), "{text}: {failure}");
    }
    let complaint = judge(ERRORS, &[1.5], |_, _, _| String::new()).expect_err("errors");
    let errors = complaint.matches("text=\"<error expanding template: ").count();
    assert_eq!(errors, ERRORS.len(), "{complaint}");
}

/// What Prometheus takes for no template.
const REFUSED: &[&str] = &[
    "{{ $value",
    "{{ \"}}",
    "{{ 'ab' }}",
    "{{ '' }}",
    "{{ \"a\\q\" }}",
    "{{ \"\\'\" }}",
    "{{/* a }}",
    "{{/* a */ }}",
    "{{-/* a */-}}",
    "{{ /* a */ }}",
    "{{}}",
    "{{ -}}",
    "{{- -}}",
    "{{ $value | humanise }}",
    "{{ tmpl \"x\" . }}",
    "{{ $lables.topic }}",
    "{{ $value > 3 }}",
    "{{ $value == 3 }}",
    "{{ humanize($value) }}",
    "{{ $labels[\"topic\"] }}",
    "{{ $labels.a-b }}",
    "{{ $value-}} x",
    "{{ $labels.topic. }}",
    "{{ \"a\".b }}",
    "{{ true.b }}",
    "{{ ..b }}",
    "{{ 1 | 2 }}",
    "{{ $value | true }}",
    "{{ (1 }}",
    "{{ 1) }}",
    "{{ ( ) }}",
    "{{ | 1 }}",
    "{{ 1 || 2 }}",
    "{{ 3\"x\" }}",
    "{{ print end }}",
    "{{ print break }}",
    "{{ 089 }}",
    "{{ 1e400 }}",
    "{{ 1__0 }}",
    "{{ 1_ }}",
    "{{ 0x }}",
    "{{ 0x1.5 }}",
    "{{ 0x1.5.topic }}",
    "{{ + }}",
    "{{ 99999999999999999999 }}",
    "{{ if $value }}a",
    "{{ end }}",
    "{{ else }}",
    "{{ if }}a{{ end }}",
    "{{ if $value }}a{{ else }}b{{ else }}c{{ end }}",
    "{{ if $value }}{{ define \"x\" }}{{ end }}{{ end }}",
    "{{ with 1 }}{{ else if 1 }}{{ end }}",
    "{{ if 1 }}{{ $z := 1 }}{{ end }}{{ $z }}",
    "{{ define \"x\" }}{{ $value }}{{ end }}",
    "{{ define \"x\" }}{{ else }}{{ end }}",
    "{{ block \"x\" }}{{ end }}",
    "{{ template }}",
    "{{ template x }}",
    "{{ break }}",
    "{{ range $i, 3 }}{{ end }}",
    "{{ range $i, $i, $i := $labels }}{{ end }}",
    "{{ range $i, }}{{ end }}",
    "{{ $x, $y := 1 }}",
    "{{ $value : 3 }}",
    "{{ 3 := 3 }}",
    "{{{ $value }}}",
    "{{ $value; }}",
    "{{ 1 , 2 }}",
    "{{ $value\u{a0}}}",
];

/// What random texts are made of.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{",
    "}}",
    "{{ ",
    " }}",
    "{{- ",
    " -}}",
    "{{/*",
    "*/}}",
    "{{if ",
    "{{with ",
    "{{range ",
    "{{else}}",
    "{{else if ",
    "{{end}}",
    "{{end}}",
    "{{ end }}",
    "$value",
    "$labels",
    ".Labels",
    ".topic",
    "$x",
    "$x := ",
    "$x, ",
    " | ",
    "|",
    "(",
    ")",
    " ",
    " ",
    "\n",
    "humanize ",
    "print ",
    "eq ",
    "len",
    "1",
    "1.5",
    "-",
    "+",
    "'a'",
    "\"a\"",
    "`b`",
    "\"",
    "`",
    "\\",
    ".",
    ",",
    ":",
    "=",
    "true",
    "nil",
    "end",
    "break",
    "text",
    "é",
    "0x",
    "_",
    "e",
    "i ",
];

fn random_texts(count: usize) -> Vec<String> {
    let mut random = random();
    let text = |_| {
        let pieces = 1 + random.below(12);
        // Most of them begin like templates.
        let mut text = random.of(&["", "{{ ", "{{ $value", "{{ if 1 }}", "{{ print "]).to_owned();
        for _ in 0..pieces {
            text += random.of(PIECES);
        }
        text += random.of(&["", "}}", " }}", " }}{{ end }}"]);
        text
    };
    (0..count).map(text).collect()
}

fn is_refused(text: &str) -> bool {
    let rendered = render(text, &labels(0), 1.5);
    matches!(rendered, Err(Failure { cause: Cause::Refused, .. }))
}

/// The texts that promtool takes for no templates.
fn refused_by_promtool<'t>(texts: &[&'t str]) -> BTreeSet<&'t str> {
    let rules = texts.iter().enumerate().map(|(at, text)| {
        json!({"alert": format!("Alert{at}"), "expr": "x", "annotations": {"text": text}})
    });
    let rules = json!({"groups": [{"name": "texts", "rules": rules.collect::<Vec<_>>()}]});
    let folder = scratch_folder();
    let path = folder.path().join("rules.yml");
    fs::write(&path, rules.to_string()).expect("a scratch file is written");
    let complaint = promtool_check_rules(&path).expect_err("some are refused");
    let named = complaint.split("template: __alert_Alert").skip(1);
    let number = |named: &str| named.split(':').next()?.parse::<usize>().ok();
    named.map(|named| texts[number(named).expect("the number of an alert")]).collect()
}

#[test]
fn texts_that_are_refused() {
    let texts: Vec<&str> = [REFUSED, TEXTS, OF_LABELS, ERRORS, UNSUPPORTED].concat();
    assert_eq!(refused_by_promtool(&texts), REFUSED.iter().copied().collect());
    let by_us: Vec<&str> = texts.into_iter().filter(|text| is_refused(text)).collect();
    assert_eq!(by_us, REFUSED);
}

#[test]
fn random_texts_that_are_refused() {
    let texts = random_texts(5000);
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    let by_promtool = refused_by_promtool(&texts);
    let by_us: BTreeSet<&str> = texts.iter().copied().filter(|text| is_refused(text)).collect();
    assert!(by_us.len() < texts.len() - 100, "hardly any is a template");
    let differing: Vec<_> = by_promtool.symmetric_difference(&by_us).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}
