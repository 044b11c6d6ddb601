//! What is inferred of an expression holds in a real Prometheus.
//!
//! Random expressions are evaluated over random series: every label of a result is one that may be
//! there, every label that is surely there is, and what is always empty is empty. `SEED=7` tries other
//! ones than usual.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use serde_json::Value;
use streamhouse_metrics_tests::{Prometheus, Random, cargo, finish, query, scratch_folder};

/// Expressions of one run.
const EXPRESSIONS: usize = 3000;

const SPECIFICATION: &str = r#"
namespace = "shop"

[labels]
currency = { help = "Currency of an order", values = ["eur", "usd", "gbp"] }
country  = { help = "Where it goes", limit = 100 }
reason   = { help = "Why it failed", values = ["stock", "payment"] }

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
labels = ["country"]
help   = "Orders that wait"

[checkout.size_bytes]
type    = "histogram"
unit    = "bytes"
labels  = ["currency"]
buckets = [1, 10, 100]
help    = "Size of an order"

[checkout.build_info]
type   = "info"
labels = ["country"]
help   = "What runs"
"#;

/// The time of the last samples, and how many there are before, a quarter of a minute apart.
const NOW: u64 = 1_700_000_000;
const SAMPLES: u64 = 100;

#[test]
fn what_is_inferred_holds() {
    let prometheus = Prometheus::start_with_samples(&samples());
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let mut writer = Writer(Random::new(seed.unwrap_or(0x5eed)));
    let expressions: Vec<String> = (0..EXPRESSIONS).map(|_| writer.vector(4)).collect();
    let answers = infer(&expressions);
    let (mut evaluated, mut filled, mut surely_empty) = (0, 0, 0);
    for (expr, inferred) in expressions.iter().zip(&answers) {
        assert_eq!(inferred["error"], Value::Null, "{expr}");
        let findings = inferred["findings"].as_array().expect("a list");
        assert!(findings.iter().all(|finding| finding["id"] != "query-type"), "{inferred:#}");
        // What matches several times is an error that only the series themselves can tell.
        let Some(result) = prometheus.try_api(&format!("{}&time={NOW}", query(expr))) else {
            continue;
        };
        evaluated += 1;
        let result = result["result"].as_array().expect("an instant vector");
        filled += usize::from(!result.is_empty());
        let is_empty = inferred["empty"] == "always";
        surely_empty += usize::from(is_empty);
        assert!(!is_empty || result.is_empty(), "{expr}\n{inferred:#}\n{result:#?}");
        let is_filled = inferred["fires"] == "always";
        assert!(!is_filled || !result.is_empty(), "{expr}\n{inferred:#}");
        for series in result {
            check(expr, &inferred["labels"], &series["metric"]);
        }
    }
    println!(
        "{evaluated} of {EXPRESSIONS} evaluated, {filled} not empty, {surely_empty} surely empty"
    );
    assert!(evaluated * 10 > EXPRESSIONS * 7, "{evaluated}");
    assert!(filled * 10 > evaluated * 3, "{filled} of {evaluated}");
    assert!(surely_empty * 100 > evaluated, "{surely_empty} of {evaluated}");
}

/// Whether the labels of a series are those that it can have.
fn check(expr: &str, inferred: &Value, found: &Value) {
    let listed = |presence: &str| -> Vec<&str> {
        let labels = inferred[presence].as_array().expect("a list");
        labels.iter().filter_map(Value::as_str).collect()
    };
    let (always, maybe, never) = (listed("always"), listed("maybe"), listed("never"));
    let found = found.as_object().expect("labels");
    for label in &always {
        assert!(found.contains_key(*label), "{expr}\nno `{label}` in {found:?}\n{inferred:#}");
    }
    for label in found.keys().map(|label| &**label).filter(|label| *label != "__name__") {
        assert!(!never.contains(&label), "{expr}\n`{label}` in {found:?}\n{inferred:#}");
        let is_known = always.contains(&label) || maybe.contains(&label);
        assert!(
            is_known || inferred["open"] == true,
            "{expr}\n`{label}` in {found:?}\n{inferred:#}"
        );
    }
}

/// What the tool says of each expression.
fn infer(expressions: &[String]) -> Vec<Value> {
    let folder = scratch_folder();
    let specification = folder.path().join("metrics.toml");
    std::fs::write(&specification, SPECIFICATION).expect("a scratch file can be written");
    let asked: String = expressions
        .iter()
        .map(|expr| format!("{}\n", serde_json::json!({ "expr": expr })))
        .collect();
    let mut command = cargo();
    command.args(["xtask", "query", "-", "--format", "json", "--assume-unknown", "--spec"]);
    command.arg(&specification);
    let finished = finish(command, asked.as_bytes(), Duration::from_secs(300));
    let answers: Vec<Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("an answer in JSON"))
        .collect();
    assert_eq!(answers.len(), expressions.len(), "{}", finished.stderr);
    answers
}

/// Every series with its samples, in OpenMetrics.
fn samples() -> String {
    let mut random = Random::new(42);
    let mut families: BTreeMap<&str, Vec<(String, f64)>> = BTreeMap::new();
    let targets = [
        r#"job="a",instance="1""#,
        r#"job="a",instance="2",pod="x""#,
        r#"job="b",instance="1",namespace="n""#,
    ];
    let mut add = |family, sample: &str, labels: &str, growth: f64| {
        let separator = if labels.is_empty() { "" } else { "," };
        for target in targets.iter().take(1 + random.below(3)) {
            let series = format!("{sample}{{{target}{separator}{labels}}}");
            families.entry(family).or_default().push((series, growth));
        }
    };
    for country in ["de", "fr", "__overflow__"] {
        for currency in ["eur", "usd"] {
            let labels = format!(r#"currency="{currency}",country="{country}""#);
            add("shop_checkout_orders counter", "shop_checkout_orders_total", &labels, 3.0);
        }
        for reason in ["stock", "payment"] {
            let labels = format!(r#"country="{country}",reason="{reason}""#);
            add("shop_checkout_failures counter", "shop_checkout_failures_total", &labels, 0.5);
        }
        let labels = format!(r#"country="{country}""#);
        add("shop_checkout_depth gauge", "shop_checkout_depth", &labels, 0.0);
        add("shop_checkout_build info", "shop_checkout_build_info", &labels, -1.0);
    }
    for currency in ["eur", "gbp"] {
        for (le, growth) in [("1.0", 1.0), ("10.0", 2.0), ("100.0", 4.0), ("+Inf", 5.0)] {
            let labels = format!(r#"currency="{currency}",le="{le}""#);
            add(
                "shop_checkout_size_bytes histogram",
                "shop_checkout_size_bytes_bucket",
                &labels,
                growth,
            );
        }
        let labels = format!(r#"currency="{currency}""#);
        add("shop_checkout_size_bytes histogram", "shop_checkout_size_bytes_count", &labels, 5.0);
        add("shop_checkout_size_bytes histogram", "shop_checkout_size_bytes_sum", &labels, 50.0);
    }
    add("up gauge", "up", "", -1.0);
    add("others gauge", "others", r#"country="de",le="x""#, 0.0);
    let mut text = String::new();
    for (family, series) in families {
        _ = writeln!(text, "# TYPE {family}");
        for (series, growth) in series {
            let mut value = 0.0;
            for step in (0..SAMPLES).rev() {
                value = match growth {
                    -1.0 => 1.0,
                    0.0 => random.below(10) as f64 - 2.0,
                    growth => value + growth * random.below(3) as f64,
                };
                _ = writeln!(text, "{series} {value:?} {}", NOW - step * 15);
            }
        }
    }
    text + "# EOF\n"
}

/// Writes expressions.
struct Writer(Random);

impl Writer {
    /// An expression that yields an instant vector.
    fn vector(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.selector();
        }
        let deeper = depth - 1;
        match self.0.below(20) {
            0 | 1 => self.selector(),
            2..=4 => self.over_time(deeper),
            5..=7 => self.aggregation(deeper),
            8..=10 => self.operation(deeper),
            11 => {
                let operator = self.0.of(&["and", "or", "unless"]);
                let matching = self.matching(false);
                format!("({} {operator}{matching} {})", self.vector(deeper), self.vector(deeper))
            }
            12 => {
                let operator = self.0.of(&["+", "-", "*", "/", ">", "<=", "== bool", "!="]);
                let number = self.0.of(&["0", "1", "100", "-3", "time()", "scalar(up)"]);
                format!("({} {operator} {number})", self.vector(deeper))
            }
            13 => {
                let function = self.0.of(&["abs", "ceil", "sgn", "sort", "timestamp", "exp", "-"]);
                format!("({function}({}))", self.vector(deeper))
            }
            14 => {
                let (to, from) = (self.label(), self.label());
                let replacement = self.0.of(&["", "$1", "fixed", "${1}x"]);
                let regex = self.0.of(&["(.*)", "(.+)", "d.*", ""]);
                format!(
                    "label_replace({}, \"{to}\", \"{replacement}\", \"{from}\", \"{regex}\")",
                    self.vector(deeper)
                )
            }
            15 => {
                let (to, one, two) = (self.label(), self.label(), self.label());
                format!(
                    "label_join({}, \"{to}\", \"-\", \"{one}\", \"{two}\")",
                    self.vector(deeper)
                )
            }
            16 => {
                let absent = self.0.of(&["absent", "absent"]);
                match self.0.below(2) {
                    0 => format!("{absent}({})", self.selector()),
                    _ => format!("{absent}({})", self.vector(deeper)),
                }
            }
            17 => {
                let by = self.0.of(&["le", "le, currency", "currency", "le, job"]);
                format!(
                    "histogram_quantile(0.9, sum by ({by}) (rate(shop_checkout_size_bytes_bucket[5m])))"
                )
            }
            18 => format!("histogram_quantile(0.5, {})", self.vector(deeper)),
            _ => format!("vector({})", self.0.of(&["1", "time()", "scalar(up)"])),
        }
    }

    fn selector(&mut self) -> String {
        let name = self.0.of(&[
            "shop_checkout_orders_total",
            "shop_checkout_failures_total",
            "shop_checkout_depth",
            "shop_checkout_size_bytes_bucket",
            "shop_checkout_size_bytes_count",
            "shop_checkout_build_info",
            "up",
            "others",
        ]);
        let matchers: Vec<String> = (0..self.0.below(3).saturating_sub(self.0.below(2)))
            .map(|_| {
                let label = self.label();
                let operator = self.0.of(&["=", "!=", "=~", "!~"]);
                let value =
                    self.0.of(&["", "eur", "de", "a", "stock", "1", ".+", "e.*", "eur|usd", ".*"]);
                format!("{label}{operator}\"{value}\"")
            })
            .collect();
        format!("{name}{{{}}}", matchers.join(","))
    }

    fn label(&mut self) -> &'static str {
        self.0.of(&[
            "currency",
            "country",
            "reason",
            "job",
            "instance",
            "pod",
            "namespace",
            "le",
            "new",
        ])
    }

    fn labels(&mut self) -> String {
        let labels: Vec<&str> = (0..self.0.below(4)).map(|_| self.label()).collect();
        labels.join(", ")
    }

    fn over_time(&mut self, depth: usize) -> String {
        let function = self.0.of(&[
            "rate",
            "increase",
            "irate",
            "delta",
            "deriv",
            "max_over_time",
            "avg_over_time",
            "last_over_time",
            "count_over_time",
            "present_over_time",
            "changes",
            "stddev_over_time",
            "absent_over_time",
        ]);
        match self.0.below(3) {
            0 => format!("{function}({}[5m:1m])", self.vector(depth)),
            _ => format!("{function}({}[5m])", self.selector()),
        }
    }

    fn aggregation(&mut self, depth: usize) -> String {
        let operator = self.0.of(&[
            "sum",
            "min",
            "max",
            "avg",
            "count",
            "group",
            "stddev",
            "topk",
            "quantile",
            "count_values",
        ]);
        let parameter = match operator {
            "topk" => "2, ",
            "quantile" => "0.9, ",
            "count_values" => "\"new\", ",
            _ => "",
        };
        let grouping = self.0.of(&["by", "without", ""]);
        let grouping = match grouping {
            "" => String::new(),
            // Prometheus 2.42 mixes up longer ones of `count_values` when it evaluates several times.
            grouping if operator == "count_values" => format!(" {grouping} ({})", self.label()),
            grouping => format!(" {grouping} ({})", self.labels()),
        };
        format!("{operator}{grouping} ({parameter}{})", self.vector(depth))
    }

    fn operation(&mut self, depth: usize) -> String {
        let operator = self.0.of(&["+", "-", "*", "/", ">", "==", "!=", "<", "> bool"]);
        let matching = self.matching(true);
        let left = self.vector(depth);
        // Often the same, so that something matches.
        let right = if self.0.below(3) == 0 { left.clone() } else { self.vector(depth) };
        format!("({left} {operator}{matching} {right})")
    }

    fn matching(&mut self, groups: bool) -> String {
        let matching = self.0.of(&["on", "ignoring", "", ""]);
        if matching.is_empty() {
            return String::new();
        }
        let labels = self.labels();
        let group = if groups { self.0.of(&["", "", "group_left", "group_right"]) } else { "" };
        let included = self.0.of(&["", "new", "reason", "pod"]);
        let included = if matching == "on" && labels.contains(included) { "" } else { included };
        match group {
            "" => format!(" {matching} ({labels})"),
            group => format!(" {matching} ({labels}) {group} ({included})"),
        }
    }
}
